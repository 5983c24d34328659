"""Transfers between locations: signed out here, signed in there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from winddown.record.models import Location, Transfer, TransferVial, Vial
from winddown.services import stock, transfers
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.ledger import here
from winddown.web.ledger.shelf import tile
from winddown.web.people.shell import desk, paged


@desk("ledger.write")
def transfer_new(request: StaffRequest) -> HttpResponse:
    """Choose the sealed vials that go, and where to."""
    place = here.place_here(request)
    sealed = [vial for vial in stock.vials_here(place) if vial.state == "sealed"]
    if request.method == "POST":
        if (answer := here.unsigned(request)) is not None:
            return answer
        target: Location = get_object_or_404(Location.objects, ref=here._uuid(request.POST.get("target", "") or str(UUID(int=0))))
        chosen = [vial for vial in sealed if str(vial.ref) in request.POST.getlist("vials")]
        sent = transfers.send(
            chosen,
            source=place,
            target=target,
            invoice=request.POST.get("invoice", ""),
            by=request.staff,
            now=request.now,
            key=access.key_of(request),
        )
        messages.success(request, _("Sent. Print nothing else: the other end signs when the box is opened."))
        return redirect("ledger_transfer", ref=sent.ref)
    today = timezone.localdate(request.now)
    context = {
        "tiles": [tile(vial, today) for vial in sealed],
        "targets": list(Location.objects.exclude(pk=place.pk).order_by("name")),
        "recent": paged(request, _rows().filter(source=place).order_by("-id"), per_page=10),
    }
    return here.show(request, "ledger/transfer_new.html", context, place=place)


@desk("ledger.write")
def transfer_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What travels. At the other end every vial that came out of the box is ticked; one that did not opens a case."""
    transfer: Transfer = get_object_or_404(_rows(), ref=ref)
    vials: list[Vial] = [
        row.vial for row in TransferVial.objects.filter(transfer=transfer).select_related("vial__product", "vial__location")
    ]
    if request.method == "POST":
        if (answer := here.unsigned(request)) is not None:
            return answer
        came = [vial for vial in vials if str(vial.ref) in request.POST.getlist("vials")]
        transfers.arrive(transfer, came, by=request.staff, now=request.now)
        messages.success(request, _("Signed in at this end."))
        return redirect("ledger_transfer", ref=transfer.ref)
    context = {"transfer": transfer, "vials": vials, "cases": list(transfer.cases.all()), "mine": transfer.sent_by_id == request.staff.pk}
    return here.show(request, "ledger/transfer.html", context, place=transfer.target)


def _rows() -> Any:
    return Transfer.objects.select_related("source", "target", "sent_by", "arrived_by")

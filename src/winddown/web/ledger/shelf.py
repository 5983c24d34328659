"""The shelf: every vial as a tile with its level, what an officer must see to, and the life of one vial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.record.models import Case, Chair, LedgerEntry, Location, Session, Transfer, Vial
from winddown.services import alerts, permissions, receiving, rescue, stock, witnesses
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.gates import entry
from winddown.web.ledger import here
from winddown.web.ledger.words import KIND_WORDS, PLACE_WORDS, STATE_WORDS
from winddown.web.people.shell import desk

BEFORE = ("planned", "checked_in", "ready")
UNNAMED_FOR = timedelta(days=14)


@desk("ledger.see")
def shelf(request: StaffRequest) -> HttpResponse:
    """What lies where, and what to do next. A fixed number of queries, however many vials there are."""
    place = here.place_here(request)
    return here.show(request, "ledger/shelf.html", _shelf(request, place), place=place)


@desk("ledger.see", background=True)
def shelf_part(request: StaffRequest) -> HttpResponse:
    """The shelf alone, for a page that follows the news."""
    place = here.place_here(request)
    return here.show(request, "ledger/parts/shelf.html", _shelf(request, place), place=place)


def _shelf(request: StaffRequest, place: Location) -> dict[str, Any]:
    vials = stock.vials_here(place)
    today = timezone.localdate(request.now)
    return {
        "places": list(Location.objects.order_by("name")),
        "groups": [
            {"product": product, "vials": [tile(vial, today) for vial in rows], **sums(rows)}
            for product, rows in ((key, list(each)) for key, each in groupby(vials, key=lambda vial: vial.product))
        ],
        "alerts": alerts.of_location(place, vials, today=today),
        "asks": witnesses.waiting(request.staff, now=request.now),
        "cases": list(Case.objects.filter(location=place, status="open").order_by("opened_at")),
        "arriving": list(Transfer.objects.filter(target=place, status="on_the_way").select_related("source", "sent_by")),
        "unnamed": stock.charted_without_a_vial(place, since=request.now - UNNAMED_FOR),
        "writes": permissions.may(request.staff, "ledger.write"),
        "packets": permissions.may(request.staff, "ledger.packet"),
    }


def tile(vial: Vial, today: Any) -> dict[str, Any]:
    """One vial as it is drawn: how full, where, until when."""
    share = float(vial.left_ml / vial.product.ml) if vial.product.ml else 0.0
    left = (vial.expires_on - today).days
    return {
        "vial": vial,
        "full": round(30 * min(share, 1.0), 1),
        "top": round(37 - 30 * min(share, 1.0), 1),
        "place": PLACE_WORDS.get(vial.place, vial.place) if vial.place != "chair" or vial.chair is None else vial.chair.name,
        "state": STATE_WORDS.get(vial.state, vial.state),
        "expired": left < 0,
        "soon": 0 <= left <= 60,
    }


def sums(rows: Sequence[Vial]) -> dict[str, Any]:
    return {"mg": sum(vial.left_ml * vial.product.mg_per_ml for vial in rows), "count": len(rows)}


@desk("ledger.see")
def vial_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One vial from its receipt to now: every hand it went through, and what can be done with it."""
    vial = vial_of(ref)
    lines = stock.lines_of_vial(vial)
    context = {
        "tile": tile(vial, timezone.localdate(request.now)),
        "vial": vial,
        "lines": [{"line": line, "kind": KIND_WORDS.get(line.kind, line.kind), "struck": superseded(line)} for line in lines],
        "visits": _visits(vial),
        "chairs": list(Chair.objects.filter(location=vial.location).order_by("position")),
        "colleagues": here.colleagues(request),
        "writes": permissions.may(request.staff, "ledger.write"),
        "draws": permissions.may(request.staff, "bag.prepare"),
        "usable": vial.state in stock.HERE and vial.place != "road",
        "asked": [ask for ask in witnesses.asked_at(vial.location, now=request.now) if ask.vial_id == vial.pk],
    }
    return here.show(request, "ledger/vial.html", context, place=vial.location)


def superseded(line: LedgerEntry) -> bool:
    return hasattr(line, "superseded_by")


def vial_of(ref: UUID) -> Vial:
    found: Vial = get_object_or_404(Vial.objects.select_related("product", "location", "chair", "receipt__by"), ref=ref)
    return found


def _visits(vial: Vial) -> list[Session]:
    """Visits here that have no bag yet and whose order is for this drug: the nearest first."""
    rows = Session.objects.filter(location=vial.location, status__in=BEFORE, bags__isnull=True)
    found = rows.select_related("patient", "chair", "order__course__protocol").order_by("planned")[:12]
    wanted = "racemic" if vial.product.drug == "ketamine" else vial.product.drug
    return [row for row in found if row.order.course.protocol.data.get("drug_form") == wanted]


@desk("ledger.write")
@require_POST
def vial_move(request: StaffRequest, ref: UUID) -> HttpResponse:
    vial = vial_of(ref)
    named = request.POST.get("to", "")
    chair = Chair.objects.filter(ref=named.removeprefix("chair-"), location=vial.location).first() if named.startswith("chair-") else None
    stock.move(
        vial,
        place="chair" if named.startswith("chair-") else named,
        chair=chair,
        by=request.staff,
        now=request.now,
        key=access.key_of(request),
    )
    messages.success(request, _("The vial's new place is in the ledger."))
    return redirect("ledger_vial", ref=vial.ref)


@desk("ledger.write")
@require_POST
def vial_ask(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Waste of the rest, breakage, destruction: asked here, signed by the witnesses, each with their own PIN."""
    vial = vial_of(ref)
    kind = entry.choice(request.POST, "kind", _("What happened"), ("wasted", "broken", "destroyed"))
    typed = request.POST.get("ml", "").strip()
    details = {"method": request.POST["method"].strip()[:120]} if request.POST.get("method", "").strip() else {}
    ask = witnesses.ask_about_vial(
        vial,
        kind,
        ml=entry.number(request.POST, "ml", _("The volume")) if typed else None,
        witness=next((one for one in here.colleagues(request) if str(one.ref) == request.POST.get("witness", "")), None),
        by=request.staff,
        now=request.now,
        words=request.POST.get("words", ""),
        details=details,
        key=access.key_of(request),
    )
    return redirect("ledger_ask", ref=ask.ref)


@desk("ledger.officer")
@require_POST
def vial_send_back(request: StaffRequest, ref: UUID) -> HttpResponse:
    vial = vial_of(ref)
    told = {"document": request.POST.get("document", ""), "supplier": request.POST.get("supplier", "")}
    receiving.send_back(vial, **told, by=request.staff, now=request.now, key=access.key_of(request))
    messages.success(request, _("The vial is out of the books here; keep the document with the invoices."))
    return redirect("ledger_vial", ref=vial.ref)


@desk("ledger.write")
@require_POST
def name_vial(request: StaffRequest, line: UUID) -> HttpResponse:
    """From which vial a charted dose came."""
    given: LedgerEntry = get_object_or_404(LedgerEntry.objects.select_related("location", "session"), ref=line, kind="given")
    vial = stock.find(request.POST.get("vial", ""), location=given.location, today=timezone.localdate(request.now))
    rescue.name_vial(given, vial, by=request.staff, now=request.now)
    messages.success(request, _("The dose has its vial."))
    return redirect("ledger_shelf")

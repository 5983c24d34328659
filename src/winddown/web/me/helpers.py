"""People whom the patient permits to see visits or answer the diary: named, until a day, taken back at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from winddown.domain.refusals import Refusal
from winddown.record.models import OwnAccess
from winddown.services import own_access
from winddown.web.own_door import OwnRequest, own_page, show

USUAL = timedelta(days=90)


@own_page(reads="caregivers")
def helpers(request: OwnRequest) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        try:
            _permit(request)
            messages.success(request, _("The permission is given. An email with a link is on its way."))
            return redirect("me_helpers")
        except Refusal as why:
            refusal = why
    rows = [row for row in own_access.live(request.patient) if row.who == "caregiver"]
    context = {
        "rows": [{"row": row, "over": not own_access.is_live(row, now=request.now)} for row in rows],
        "typed": request.POST,
        "may_typed": request.POST.getlist("may"),
        "until": request.POST.get("until") or f"{(request.now + USUAL).date():%Y-%m-%d}",
        "refusal": refusal,
        "tab": "more",
    }
    return show(request, "me/helpers.html", context, status=422 if refusal else 200)


@own_page()
def end(request: OwnRequest, own_helper: UUID) -> HttpResponse:
    row: OwnAccess = get_object_or_404(OwnAccess, ref=own_helper, patient=request.patient, who="caregiver")
    if request.method == "POST":
        own_access.end(row, because="by the patient", now=request.now)
        messages.success(request, _("The permission has ended."))
    return redirect("me_helpers")


def _permit(request: OwnRequest) -> None:
    try:
        until = parse_date(request.POST.get("until", ""))
    except ValueError:
        until = None
    own_access.permit(
        request.own,
        name=request.POST.get("name", ""),
        email=request.POST.get("email", ""),
        may=request.POST.getlist("may"),
        until=until or request.now.date(),
        now=request.now,
    )

"""The link by which a patient fills in the history at home: made, shown as an address and a code to scan, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.record.models import Link
from winddown.services import links
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import open_patient, patient_of
from winddown.web.people.shell import desk
from winddown.web.screening.base import sheet
from winddown.web.square_code import square_code

PAGES: dict[str, dict[str, Any]] = {
    "history": {
        "title": __("History at home"),
        "told": __(
            "The patient opens this link on a phone and answers the history. It opens nothing else, needs no account, and ends by itself."
        ),
    },
    "day_before": {
        "title": __("The day before, by link"),
        "told": __(
            "The patient opens this link on a phone and reads what to take and what to hold, as signed last. It opens nothing else."
        ),
    },
}


@desk("link.send")
def history_link(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The links that still open the history; one more, or one less."""
    return _links(request, ref, "history", "screening_link")


@desk("link.send")
def day_before_link(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The links that still open what to take and what to hold."""
    return _links(request, ref, "day_before", "screening_day_before_link")


def _links(request: StaffRequest, ref: UUID, purpose: str, back: str) -> HttpResponse:
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    read_chart(request, patient, f"link {purpose}")
    if request.method == "POST" and request.POST.get("revoke"):
        gone = get_object_or_404(Link.objects.filter(purpose=purpose), ref=_uuid(request.POST["revoke"]), patient=patient)
        links.revoke(gone, by=request.staff, now=request.now)
        messages.success(request, _("The link is taken back."))
        return redirect(back, ref=patient.ref)
    if request.method == "POST":
        language = request.POST.get("language", "")
        known = language if language in dict(settings.LANGUAGES) else ""
        links.make(patient=patient, purpose=purpose, now=request.now, by=request.staff, language=known)
        return redirect(back, ref=patient.ref)
    rows = Link.objects.filter(patient=patient, purpose=purpose, revoked_at=None, expires_at__gt=request.now).order_by("-made_at")
    shown = [{"row": row, "url": (url := request.build_absolute_uri(links.path_of(row))), "code": square_code(url)} for row in rows[:5]]
    return sheet(request, patient, "screening/link.html", {"links": shown, "languages": settings.LANGUAGES, **PAGES[purpose]})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)

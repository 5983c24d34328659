"""The link by which a patient fills in the history at home: made, shown as an address and a code to scan, taken back."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from winddown.record.models import Link
from winddown.services import links
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import open_patient, patient_of
from winddown.web.people.shell import desk
from winddown.web.screening.base import sheet


@desk("link.send")
def history_link(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The links that still open the history; one more, or one less."""
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    read_chart(request, patient, "history link")
    if request.method == "POST" and request.POST.get("revoke"):
        gone = get_object_or_404(Link.objects.filter(purpose="history"), ref=_uuid(request.POST["revoke"]), patient=patient)
        links.revoke(gone, by=request.staff, now=request.now)
        messages.success(request, _("The link is taken back."))
        return redirect("screening_link", ref=patient.ref)
    if request.method == "POST":
        language = request.POST.get("language", "")
        known = language if language in dict(settings.LANGUAGES) else ""
        links.make(patient=patient, purpose="history", now=request.now, by=request.staff, language=known)
        return redirect("screening_link", ref=patient.ref)
    rows = Link.objects.filter(patient=patient, purpose="history", revoked_at=None, expires_at__gt=request.now).order_by("-made_at")
    shown = [{"row": row, "url": (url := request.build_absolute_uri(links.path_of(row))), "code": _code(url)} for row in rows[:5]]
    return sheet(request, patient, "screening/link.html", {"links": shown, "languages": settings.LANGUAGES})


def _code(url: str) -> str:
    import segno  # slow import

    return str(segno.make(url, micro=False, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=False))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)

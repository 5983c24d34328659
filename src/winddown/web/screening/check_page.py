"""Recording a check that expires."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal
from winddown.domain.screening.check_kinds import CHECKS, CheckKind
from winddown.domain.screening.checks import result_words
from winddown.record.models import CheckDone, Patient, Session
from winddown.services.screening import checks, thresholds
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients.base import open_patient, patient_of
from winddown.web.people.shell import desk
from winddown.web.screening.base import sheet, today
from winddown.web.screening.words import CHECK_PARTS, RESULTS
from winddown.web.screening.words import CHECKS as CHECK_WORDS


@desk("screening.write")
def check_form(request: StaffRequest, ref: UUID, check: str) -> HttpResponse:
    """The result, the day, and what came before it."""
    if check not in CHECKS:
        raise Http404
    patient, kind = open_patient(ref) if request.method == "POST" else patient_of(ref), CHECKS[check]
    read_chart(request, patient, f"check {check}")
    refusal = None
    if request.method == "POST":
        try:
            _record(request, patient, kind)
        except Refusal as why:
            if isinstance(why, NotAllowed) and why.code == "not_permitted":
                raise
            refusal = why
        else:
            messages.success(request, _("Kept."))
            return _back(request, patient)
    rows = CheckDone.objects.filter(patient=patient, kind=check).select_related("by").order_by("-done_on", "-id")[:12]
    context = {
        "check": kind,
        "title": CHECK_WORDS[check],
        "parts": [_part(request, each) for each in kind.parts],
        "limits": thresholds.in_force()[1].get(f"check.{check}", {}).items(),
        "rows": [{"row": row, "words": result_words(kind, row.result)} for row in rows],
        "today": today(request),
        "back": request.GET.get("back", ""),
        "session": request.GET.get("session", ""),
    }
    return sheet(request, patient, "screening/check.html", context, refusal=refusal)


def _part(request: StaffRequest, part: Any) -> dict[str, Any]:
    choices = [(each, RESULTS.get(each, each)) for each in part.choices]
    return {"part": part, "words": CHECK_PARTS.get(part.key, part.words), "choices": choices, "value": request.POST.get(part.key, "")}


def _record(request: StaffRequest, patient: Patient, kind: CheckKind) -> None:
    entered = {part.key: request.POST.get(part.key, "") for part in kind.parts}
    told = {"by": request.staff, "now": request.now, "key": key_of(request), "words": request.POST.get("words", "")[:300]}
    checks.record(patient, kind.key, entered, done_on=_day(request), today=today(request), **told)  # type: ignore[arg-type]


def _day(request: StaffRequest) -> date:
    text = request.POST.get("done_on", "")
    try:
        return date.fromisoformat(text) if text else today(request)
    except ValueError:
        raise OutOfRange(because=f"{text!r} is not a day.", way_out="Choose it from the calendar.", code="day", where="done_on") from None


def _back(request: StaffRequest, patient: Patient) -> HttpResponse:
    """To the start gate that asked for it, else to the screening page."""
    session = Session.objects.filter(ref=_uuid(request.GET.get("session", "")), patient=patient).first()
    if request.GET.get("back") == "gate" and session is not None:
        return redirect("gates_start", ref=session.ref)
    return redirect("screening", ref=patient.ref)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)

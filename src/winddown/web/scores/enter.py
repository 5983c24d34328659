"""A nurse enters answers for the patient: from the patient's mouth, from paper, or from an examination; and corrects what was misread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.timezone import get_current_timezone, localtime, make_aware
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from winddown.domain.instruments import INSTRUMENTS
from winddown.domain.instruments.instrument import TOTAL, Instrument
from winddown.domain.instruments.scoring import score
from winddown.domain.refusals import OutOfRange, Refusal
from winddown.record.models import Patient
from winddown.services import answers, instruments
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.at_home import present
from winddown.web.patients.base import head_of, open_patient, patient_of
from winddown.web.people.shell import desk, show
from winddown.web.scores.views import answer_of


@desk("answer.write")
def enter(request: StaffRequest, ref: UUID, instrument: str) -> HttpResponse:
    """The whole instrument on one page; or the total alone, where a paper form was added up."""
    if instrument not in INSTRUMENTS:
        raise Http404
    patient = patient_of(ref)
    read_chart(request, patient, f"enter {instrument}")
    form, spoken = instruments.form_for(instrument, get_language() or "en")
    if request.method != "POST":
        return _page(request, patient, form, spoken, {}, None)
    typed = _typed(request.POST, form)
    try:
        kept = _keep(request, open_patient(ref), form, spoken, typed)
    except Refusal as refusal:
        return _page(request, patient, form, spoken, typed, refusal)
    messages.success(request, _("Kept."))
    return redirect("patient_answer", ref=patient.ref, answer=kept.ref)


@desk("answer.write")
def correct(request: StaffRequest, ref: UUID, answer: UUID) -> HttpResponse:
    """The same form with what was entered; the correction replaces it and the first entry stays to be seen."""
    patient = patient_of(ref)
    row = answer_of(patient, answer)
    read_chart(request, patient, f"correct {row.instrument}")
    form, spoken = instruments.form_for(row.instrument, get_language() or "en")
    if request.method != "POST":
        return _page(request, patient, form, spoken, row.items, None, row=row)
    typed = _typed(request.POST, form)
    try:
        _all_allowed(form, typed)
        kept = answers.correct(row, typed, because=request.POST.get("because", ""), by=request.staff, now=request.now, key=key_of(request))
    except Refusal as refusal:
        return _page(request, patient, form, spoken, typed, refusal, row=row)
    messages.success(request, _("Corrected. The first entry stays in the record."))
    return redirect("patient_answer", ref=patient.ref, answer=kept.ref)


def _keep(request: StaffRequest, patient: Patient, form: Instrument, language: str, typed: Mapping[str, str]) -> Any:
    if not typed:
        raise Refusal(because=_("Nothing was answered."), way_out=_("Answer at least one question."), code="nothing_answered")
    _all_allowed(form, typed)
    return answers.submit(
        patient=patient,
        instrument=form.key,
        version=form.version,
        items=typed,
        language=language,
        answered_at=_moment(request),
        source="staff",
        by=request.staff,
        key=key_of(request),
        now=request.now,
    )


def _all_allowed(form: Instrument, typed: Mapping[str, str]) -> None:
    """Somebody who types can look again: an answer that is none is refused here, at its question. From a phone it would be kept."""
    odd = score(form, typed).odd
    if odd:
        named = TOTAL if odd == (TOTAL,) else form.item(odd[0]).key
        raise OutOfRange(
            because=_("%(item)s: this is no answer to this question.") % {"item": named},
            way_out=_("Look again and choose one of the answers offered."),
            code="answer",
            where=named,
        )


def _typed(posted: Mapping[str, Any], form: Instrument) -> dict[str, str]:
    total = str(posted.get("total", "")).strip()
    if total:
        return {TOTAL: total}
    found = {item.key: str(posted.get(f"{form.key}.{item.key}", "")).strip() for item in form.items}
    return {key: value for key, value in found.items() if value}


def _moment(request: StaffRequest) -> datetime:
    """When it was answered, in the time of the place; now when nothing was said."""
    told = request.POST.get("answered_at", "").strip()
    if not told:
        return request.now
    try:
        at = parse_datetime(told)
    except ValueError:
        at = None
    if at is None:
        raise OutOfRange(because=_("This is no time."), way_out=_("Enter day and time."), code="answered_at", where="answered_at")
    at = at if at.tzinfo else make_aware(at, get_current_timezone())
    if at > request.now:
        raise OutOfRange(
            because=_("This time is in the future."), way_out=_("Enter when it was answered."), code="answered_at", where="answered_at"
        )
    return at


def _page(
    request: StaffRequest,
    patient: Patient,
    form: Instrument,
    language: str,
    typed: Mapping[str, Any],
    refusal: Refusal | None,
    *,
    row: Any = None,
) -> HttpResponse:
    sheet = present.sheet(form, language=language, values=typed)
    told = request.POST.get("answered_at") or localtime(request.now).strftime("%Y-%m-%dT%H:%M")
    context = {
        "sheet": sheet,
        "form": form,
        "row": row,
        "refusal": refusal,
        "answered_at": told,
        "total": typed.get(TOTAL, ""),
        "because": request.POST.get("because", ""),
        "tab": "forms",
    }
    return show(request, "scores/enter.html", head_of(request, patient) | context, status=422 if refusal else 200)

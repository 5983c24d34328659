"""Screening of one patient: what fired, what is missing, what expired, and the decision."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal
from winddown.domain.screening.data import ITEMS
from winddown.domain.screening.decide import ACCEPTING, REASONS, compared
from winddown.record.models import Patient, ScreeningDecision, ScreeningRun
from winddown.services import permissions
from winddown.services.screening import checks, history, runs
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.patients.base import open_patient, patient_of
from winddown.web.people.shell import desk
from winddown.web.screening import present
from winddown.web.screening.base import run_now, sheet, today, track_asked
from winddown.web.screening.words import DECIDED, MOMENTS, PHASES, TRACKS, answer_words
from winddown.web.screening.words import REASONS as REASON_WORDS


@desk("chart.read")
def screening(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The whole of it on one page. A prescriber decides here; a refusal leaves all that was typed."""
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    read_chart(request, patient, "screening")
    track = track_asked(request, patient)
    run = run_now(request, patient, track)
    refusal = None
    if request.method == "POST":
        permissions.require(request.staff, "screening.decide")
        try:
            made = _decide(request, patient, run)
        except Refusal as why:
            if isinstance(why, NotAllowed) and why.code == "not_permitted":
                raise
            refusal = why
        else:
            messages.success(request, _("The decision is kept: %(choice)s.") % {"choice": DECIDED[made.choice][0]})
            return redirect("screening", ref=patient.ref)
    return sheet(request, patient, "screening/page.html", _context(request, patient, run, track), refusal=refusal)


def _decide(request: StaffRequest, patient: Patient, run: runs.Run) -> ScreeningDecision:
    typed = request.POST
    overrides = {finding.rule: typed.get(f"override_{finding.rule}", "") for finding in run.findings if finding.outcome == "fired"}
    return runs.decide_on(
        patient,
        run,
        choice=typed.get("choice", ""),
        reasons=typed.getlist("reasons"),
        overrides=overrides,
        until=_day(typed.get("until", "")),
        words=typed.get("words", ""),
        seen=typed.get("seen", ""),
        by=request.staff,
        now=request.now,
        key=key_of(request),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise OutOfRange(
            because=f"{text!r} is not a day.", way_out="Choose it from the calendar.", code="defer_until", where="until"
        ) from None


def _context(request: StaffRequest, patient: Patient, run: runs.Run, track: str) -> dict[str, Any]:
    decision = runs.newest_decision(patient)
    typed = {finding.rule: request.POST.get(f"override_{finding.rule}", "") for finding in run.findings}
    held = {row.rule: row.because for row in decision.overrides.all()} if decision else {}
    reasons = typed if request.method == "POST" else held
    phases = checks.phases_of(patient)
    return {
        "run": run,
        "track": track,
        "tracks": TRACKS,
        "fired": present.fired(run.findings, reasons),
        "lacking": present.lacking(run.findings),
        "rest": present.rest(run.findings),
        "checks": present.check_lines(run.checks),
        "decision": decision,
        "decided": DECIDED[decision.choice] if decision else None,
        "decided_reasons": [REASON_WORDS[each] for each in decision.reasons] if decision else [],
        "changes": compared(runs.findings_of(decision.run), run.findings) if decision else [],
        "reasons": [(key, REASON_WORDS[key], key in ACCEPTING) for key in REASONS],
        "chosen": request.POST.getlist("reasons"),
        "today": today(request),
        "phase": phases[-1] if phases else None,
        "phases": phases,
        "phase_words": PHASES,
        "referral": history.newest_referral(patient),
        "kept_runs": ScreeningRun.objects.filter(patient=patient).select_related("by").order_by("-ran_at", "-id")[:8],
        "moments": MOMENTS,
        "day_before": checks.newest_day_before(patient),
    }


@desk("screening.write")
@require_POST
def run_again(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Keep the run as it is now, with its inputs, versions and digest."""
    patient = open_patient(ref)
    read_chart(request, patient, "screening run")
    row = runs.keep(patient, run_now(request, patient, track_asked(request, patient)), by=request.staff, now=request.now)
    messages.success(request, _("The run is kept."))
    return redirect("screening_run", ref=patient.ref, run=row.ref)


@desk("screening.decide")
@require_POST
def phase(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Move the patient to another phase."""
    patient = open_patient(ref)
    checks.move(patient, request.POST.get("phase", ""), because=request.POST.get("because", ""), by=request.staff, now=request.now)
    messages.success(request, _("The phase is kept."))
    return redirect("screening", ref=patient.ref)


@desk("chart.read")
def kept_run(request: StaffRequest, ref: UUID, run: UUID) -> HttpResponse:
    """One run as it was: inputs, versions, findings, digest, and what was decided on it."""
    patient = patient_of(ref)
    row = get_object_or_404(ScreeningRun.objects.select_related("by", "session"), ref=run, patient=patient)
    read_chart(request, patient, f"screening run {row.ref}")
    findings = runs.findings_of(row)
    decisions = [
        {"row": each, "words": DECIDED[each.choice], "reasons": [REASON_WORDS[code] for code in each.reasons]}
        for each in row.decisions.select_related("by").prefetch_related("overrides").order_by("decided_at")
    ]
    context = {
        "row": row,
        "moment": MOMENTS.get(row.moment, row.moment),
        "fired": present.fired(findings),
        "lacking": present.lacking(findings),
        "rest": present.rest(findings),
        "decisions": decisions,
        "inputs": [_input(key, known) for key, known in sorted(row.inputs["known"].items())],
        "medicines": row.inputs["medicines"],
    }
    return sheet(request, patient, "screening/run.html", context)


def _input(key: str, known: dict[str, Any]) -> dict[str, Any]:
    """One thing that went in, in words; an item that is no longer in the table keeps its key."""
    item = ITEMS.get(key)
    value = answer_words(item.kind, known["value"], item.unit) if item else known["value"]
    return {"label": item.label if item else key, "value": value, "on": known["on"], "by": known["by"]}

"""What to take and what to hold the day before: proposed from the list, changed and signed by a prescriber, printed for the patient."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.domain.screening.day_before import Line, proposed
from winddown.record.models import Patient, Session
from winddown.services import permissions
from winddown.services.screening import checks
from winddown.web.access import StaffRequest, key_of, read_chart
from winddown.web.orders.words import FIGURE_STATUS
from winddown.web.patients.base import open_patient, patient_of
from winddown.web.people.shell import desk
from winddown.web.screening.base import run_now, sheet, track_asked
from winddown.web.screening.words import WHATS


@desk("chart.read")
def day_before(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One line for each medicine on the list; a prescriber signs when none is left undecided."""
    patient = open_patient(ref) if request.method == "POST" else patient_of(ref)
    read_chart(request, patient, "day before")
    run = run_now(request, patient, track_asked(request, patient))
    lines = proposed(run.facts.medicines or ())
    held, refusal = checks.newest_day_before(patient), None
    if request.method == "POST":
        permissions.require(request.staff, "screening.decide")
        try:
            _sign(request, patient, lines)
        except Refusal as why:
            if isinstance(why, NotAllowed) and why.code == "not_permitted":
                raise
            refusal = why
        else:
            messages.success(request, _("The instructions are signed."))
            return redirect("screening_day_before", ref=patient.ref)
    context = {
        "held": held,
        "held_lines": _words(held.lines) if held else [],
        "stale": held is not None and {line["medicine"] for line in held.lines} != {line.medicine for line in lines},
        "lines": [_line(request, place, line, held) for place, line in enumerate(lines)],
        "asked": run.facts.medicines is not None,
        "whats": WHATS,
    }
    return sheet(request, patient, "screening/day_before.html", context, refusal=refusal)


def _line(request: StaffRequest, place: int, line: Line, held: Any) -> dict[str, Any]:
    """What is typed, else what was signed last for this medicine, else the proposal."""
    signed = next((each for each in held.lines if each["medicine"] == line.medicine), None) if held else None
    start = signed or line.as_data()
    return {
        "place": place,
        "line": line,
        "what": request.POST.get(f"what_{place}", start["what"]),
        "words": request.POST.get(f"words_{place}", start["words"] if signed or line.what != "ask" else ""),
        "status": FIGURE_STATUS.get(line.status),
    }


def _sign(request: StaffRequest, patient: Patient, lines: list[Line]) -> None:
    told = [
        {
            "medicine": line.medicine,
            "what": request.POST.get(f"what_{place}", "ask"),
            "words": request.POST.get(f"words_{place}", "").strip()[:200],
        }
        for place, line in enumerate(lines)
    ]
    checks.sign_day_before(
        patient, told, words=request.POST.get("words", "")[:1000], by=request.staff, now=request.now, key=key_of(request)
    )


def _words(lines: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{**line, "what_words": WHATS.get(line["what"], line["what"])} for line in lines]


@desk("chart.read")
def printed(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The signed instructions as one sheet for the patient."""
    patient = patient_of(ref)
    held = checks.newest_day_before(patient)
    read_chart(request, patient, "day before, printed")
    if held is None:
        return redirect("screening_day_before", ref=patient.ref)
    visit = Session.objects.filter(patient=patient, status="planned").select_related("location").order_by("planned").first()
    by_what = {what: [line for line in held.lines if line["what"] == what] for what in ("take", "hold")}
    return sheet(request, patient, "screening/day_before_print.html", {"held": held, "by_what": by_what, "visit": visit})

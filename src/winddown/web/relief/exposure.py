"""Lifetime exposure of one patient: what was given, the areas under the level, and the checks it brings forward."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from winddown.domain.quantities import display
from winddown.domain.screening.check_kinds import CHECKS
from winddown.domain.screening.checks import Done
from winddown.services import exposure
from winddown.services.exposure import Exposure
from winddown.services.screening.gather import checks_done
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import head_of, patient_of
from winddown.web.people.shell import desk, show

BY_EXPOSURE = ("urinalysis", "bladder_questions", "liver_tests")
PER_H = 1000.0


@desk("chart.read")
def exposure_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    patient = patient_of(ref)
    read_chart(request, patient, "exposure")
    found = exposure.of_patient(patient, now=request.now)
    done = checks_done(patient, until=request.now)
    context = {
        "found": found,
        "total": display(found.mg, 0),
        "areas": _areas(found),
        "rows": [_row(each) for each in reversed(found.given)],
        "checks": [_check(key, done, found) for key in BY_EXPOSURE if key in CHECKS],
        "tab": "exposure",
    }
    return show(request, "relief/exposure.html", head_of(request, patient) | context)


def _areas(found: Exposure) -> list[dict[str, str]]:
    words = {"ketamine": _("Ketamine"), "norketamine": _("Norketamine")}
    return [{"name": words.get(name, name), "area": f"{value / PER_H:.1f}"} for name, value in found.areas.items()]


def _row(each: exposure.Given) -> dict[str, Any]:
    return {
        "day": each.day,
        "session": each.session,
        "mg": display(each.mg, 1),
        "ordered": display(each.ordered_mg, 1),
        "certain": each.certain,
        "kg": display(each.mg / each.weight_kg, 2) if each.weight_kg else "–",
    }


def _check(key: str, done: tuple[Done, ...], found: Exposure) -> dict[str, Any]:
    """How far exposure and count have come since the newest check of this kind, or ever, of what brings it forward."""
    kind = CHECKS[key]
    last = max((each for each in done if each.kind == key), key=lambda each: each.on, default=None)
    rows = []
    for name, words, value in (
        ("exposure_mg", _("mg"), last.exposure_since_mg if last else float(found.mg)),
        ("infusions", _("infusions"), last.infusions_since if last else len(found.given)),
    ):
        limit = kind.limits.get(name)
        if limit is not None:
            reached = value is not None and value >= limit.value
            rows.append({"value": "–" if value is None else f"{value:g}", "limit": f"{limit.value:g}", "words": words, "reached": reached})
    return {"name": kind.words, "on": last.on if last else None, "rows": rows, "due": last is None or any(row["reached"] for row in rows)}

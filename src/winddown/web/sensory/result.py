"""What one test came to: seen at a glance, in pictures, and as numbers with their source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from winddown.domain.days import age_on
from winddown.domain.sensory.norms import NormRow, Z, z_of
from winddown.domain.sensory.plan import SITES, form_of
from winddown.domain.sensory.results import AREAS, BOTH_SITES, Results, results_of
from winddown.domain.sensory.score import Measure, Result
from winddown.record.models import Patient, SensoryTest
from winddown.record.queries import sensory as queries
from winddown.services import permissions, sensory
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import head_of, patient_of
from winddown.web.people.shell import desk, show
from winddown.web.sensory.base import test_of
from winddown.web.sensory.drawing import curve_picture, spokes_picture
from winddown.web.sensory.figure import region_words
from winddown.web.sensory.words import (
    FORM_WORDS,
    MEASURE_HINTS,
    MEASURE_WORDS,
    SITE_WORDS,
    STATUS_WORDS,
    count_words,
    number,
    of_ten,
    result_words,
)

GLANCE_MN = 256


@dataclass(frozen=True)
class Line:
    """One measure of the table, in words. `z` and `z_why` stand for the affected site."""

    key: Measure
    name: Any
    hint: Any
    affected: str
    affected_count: str
    control: str
    control_count: str
    ratio: str
    z: str
    z_why: str
    outside: bool


@desk("chart.read")
def sensory_result(request: StaffRequest, ref: UUID, test: UUID) -> HttpResponse:
    """A test that is not finished shows what it has so far, and says so."""
    patient = patient_of(ref)
    row = test_of(patient, test)
    read_chart(request, patient, str(row.ref))
    told = sensory.standing_of(row)
    found = results_of(told)
    table, norms = queries.norms_in_use()
    context = head_of(request, patient) | {
        "test": row,
        "form_words": FORM_WORDS[row.form],
        "source": form_of(row.form).source,
        "status": told.status,
        "status_words": STATUS_WORDS[told.status],
        "done": told.done_count,
        "of": len(told.plan.steps),
        "places": {site: region_words(getattr(row, site)) for site in SITES},
        "lines": lines_of(row, patient, found, norms),
        "norms": table if norms else None,
        "glance": glance(found),
        "curve": curve_picture(found.curves, curve_words(found), {"affected": _("affected"), "control": _("control")}),
        "forces": _forces(found),
        "areas": [_area(found, measure) for measure in AREAS if measure in found.spokes],
        "go_on": told.status in ("running", "paused") and permissions.may(request.staff, "sensory.test"),
        "may_test": permissions.may(request.staff, "sensory.test") and patient.merged_into is None,
    }
    return show(request, "sensory/result.html", context)


def glance(found: Results) -> dict[str, str] | None:
    """The strongest sentence of the whole test: one and the same pinprick, of ten, here and there."""
    affected, control = (found.curves[site].get(GLANCE_MN) for site in ("affected", "control"))
    if affected is None or control is None:
        return None
    return {"affected": of_ten(affected), "control": of_ten(control), "force": str(GLANCE_MN)}


def curve_words(found: Results) -> str:
    """The curve for a reader who does not see it."""
    told = glance(found)
    head = _("Mean pain rating at each pinprick force.")
    if told is None:
        return head
    return head + " " + _("At %(force)s mN: affected site %(affected)s of 10, control site %(control)s of 10.") % told


def _forces(found: Results) -> list[dict[str, str]]:
    """The curve as a table."""
    forces = sorted(set(found.curves["affected"]) | set(found.curves["control"]))
    return [{"force": str(force)} | {site: _mean(found.curves[site].get(force)) for site in SITES} for force in forces]


def _mean(rating: float | None) -> str:
    return "–" if rating is None else of_ten(rating)


def _area(found: Results, measure: Measure) -> dict[str, Any]:
    spokes, told = found.spokes[measure], found.by_site[measure]["affected"]
    distances = ", ".join(f"{spoke.distance_cm:g}{'+' if spoke.to_the_edge else ''}" for spoke in spokes)
    sentence = _("%(name)s: %(area)s. Distances clockwise from the head, cm: %(distances)s.") % {
        "name": MEASURE_WORDS[measure],
        "area": result_words(told),
        "distances": distances or "–",
    }
    return {
        "name": MEASURE_WORDS[measure],
        "words": result_words(told),
        "sentence": sentence,
        "picture": spokes_picture(spokes, sentence) if spokes else "",
    }


def lines_of(row: SensoryTest, patient: Patient, found: Results, norms: Sequence[NormRow]) -> list[Line]:
    age = age_on(patient.birth_date, localdate(row.started_at))
    return [_line(row, patient, found, measure, norms, age) for measure in (*BOTH_SITES, *AREAS) if measure in found.by_site]


def _line(row: SensoryTest, patient: Patient, found: Results, measure: Measure, norms: Sequence[NormRow], age: int) -> Line:
    by_site, empty = found.by_site[measure], Result(None, "1")
    affected, control = by_site["affected"], by_site.get("control", empty)
    z = z_of(measure, affected, norms, form=row.form, region=row.affected, sex=patient.sex, age_years=age)
    ratio = found.ratio.get(measure)
    return Line(
        key=measure,
        name=MEASURE_WORDS[measure],
        hint=MEASURE_HINTS[measure],
        affected=result_words(affected),
        affected_count=count_words(affected),
        control=result_words(control) if "control" in by_site else "–",
        control_count=count_words(control),
        ratio=_ratio(ratio),
        z=_z(z),
        z_why=_(z.why) if z.why else z.source,
        outside=z.outside,
    )


def _ratio(ratio: Result | None) -> str:
    if ratio is None:
        return "–"
    return f"{number(ratio.value)} ×" if ratio.value is not None else result_words(ratio)


def _z(z: Z) -> str:
    return "–" if z.value is None else f"{z.value:+.1f}"


def site_words(row: SensoryTest) -> str:
    """Both places in one line."""
    return " · ".join(f"{SITE_WORDS[site]}: {region_words(getattr(row, site))}" for site in ("affected", "control"))

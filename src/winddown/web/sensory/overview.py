"""All pinprick tests of one patient, and what they say over the weeks beside opioid dose, ketamine and pain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from winddown.domain.sensory.plan import Form, form_of
from winddown.domain.sensory.results import Results
from winddown.domain.sensory.score import Measure
from winddown.record.models import Patient, SensoryTest
from winddown.record.queries import infusions
from winddown.record.queries import sensory as queries
from winddown.record.queries.sensory import Point
from winddown.services import permissions, repeatability, sensory_reading
from winddown.services.repeatability import Repeatability
from winddown.services.sensory_reading import Reading
from winddown.web.access import StaffRequest, read_chart
from winddown.web.patients.base import head_of, patient_of
from winddown.web.people.shell import desk, show
from winddown.web.sensory.figure import region_words
from winddown.web.sensory.result import glance
from winddown.web.sensory.weeks import Lane, weeks_picture
from winddown.web.sensory.words import FORM_WORDS, MEASURE_WORDS, STATUS_WORDS, UNIT_WORDS, number, result_words

MEASURES: tuple[Measure, ...] = ("area", "wur", "mps")
SHOWN = 40
MME, PAIN = "opioid-dose", "pain-nrs"


@dataclass(frozen=True)
class Row:
    """One test of the list."""

    ref: UUID
    at: datetime
    by: str
    form: Any
    status: str
    status_words: Any
    affected: str
    words: str
    repeat: bool


@desk("chart.read")
def sensory_overview(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A fixed number of queries, whatever the number of tests."""
    patient = patient_of(ref)
    read_chart(request, patient, "pinprick tests")
    tests = list(queries.tests_of(queries.family_of(patient))[:SHOWN])
    told = sensory_reading.read(tests)
    found = {number: each.results for number, each in told.items()}
    alike = _alike(tests, told)
    lanes = lanes_of(patient, alike, found, repeatability.of_this_practice())
    marks = [infusion.started_at for infusion in infusions.infusions_of(patient)]
    ends = _first_and_last(tests, found)
    context = head_of(request, patient) | {
        "rows": [_row(test, told[test.pk]) for test in tests],
        "ends": ends,
        "lanes": [lane for lane in lanes if lane.points],
        "picture": weeks_picture(lanes, marks, " ".join(lane.words for lane in lanes)) if tests else "",
        "sites": region_words(alike[0].affected) if alike else "",
        "left_out": sum(told[test.pk].status == "finished" for test in tests) - len(alike),
        "may_test": permissions.may(request.staff, "sensory.test") and patient.merged_into is None,
        "session": request.GET.get("session", ""),
    }
    return show(request, "sensory/overview.html", context)


def _row(test: SensoryTest, told: Reading) -> Row:
    found, status = told.results, told.status
    measured = [measure for measure in MEASURES if measure in found.by_site and found.by_site[measure]["affected"].n]
    words = [f"{MEASURE_WORDS[measure]}: {_shown(found, measure)}" for measure in measured]
    if status != "finished":
        words.append(_("%(done)s of %(of)s steps") % {"done": told.done, "of": told.of})
    return Row(
        ref=test.ref,
        at=test.started_at,
        by=test.by.name,
        form=FORM_WORDS[test.form],
        status=status,
        status_words=STATUS_WORDS[status],
        affected=region_words(test.affected),
        words=" · ".join(words),
        repeat=test.repeats_id is not None,
    )


def _shown(found: Results, measure: Measure) -> str:
    ratio = found.ratio.get(measure)
    told = result_words(found.by_site[measure]["affected"])
    return f"{told} ({number(ratio.value)} × {_('control')})" if ratio and ratio.value is not None else told


def lanes_of(patient: Patient, tests: Sequence[SensoryTest], found: Mapping[int, Results], repeats: Repeatability) -> list[Lane]:
    """Tests of one site and one form, newest first, with what was taken and felt around them."""
    family = queries.family_of(patient)
    scores = queries.answered(patient, MME, PAIN)
    asked = [measure for measure in MEASURES if not tests or _asks(form_of(tests[0].form), measure)]
    measured = [_lane(measure, list(reversed(tests)), found, repeats) for measure in asked]
    pain = sorted([*scores[PAIN], *queries.pain_at_visits(family)], key=lambda point: point.at)
    return [
        *measured,
        Lane("mme", _("Opioid dose"), _("MME a day"), "step", scores[MME]),
        Lane("ketamine", _("Ketamine given"), _("mg a visit"), "dose", queries.ketamine_mg(family)),
        Lane("pain", _("Pain"), _("of 10"), "pain", pain, highest=10.0),
    ]


def _alike(tests: Sequence[SensoryTest], told: Mapping[int, Reading]) -> list[SensoryTest]:
    """Finished tests of the newest finished one's sites and form: another place or a shorter form is another measure."""
    finished = [test for test in tests if told[test.pk].status == "finished"]
    return [test for test in finished if _sites(test) == _sites(finished[0])]


def _sites(test: SensoryTest) -> tuple[str, str, str]:
    return test.form, test.affected, test.control


def _first_and_last(tests: Sequence[SensoryTest], found: Mapping[int, Results]) -> list[dict[str, Any]]:
    """The same pinprick then and now, oldest first; one when there is only one."""
    told = [{"at": test.started_at, **seen} for test in tests if (seen := glance(found[test.pk]))]
    return [told[-1], told[0]] if len(told) > 1 else told


def _asks(form: Form, measure: Measure) -> bool:
    return {"area": form.pinprick_area, "wur": form.trains > 0, "mps": True}[measure]


def _lane(measure: Measure, tests: Sequence[SensoryTest], found: Mapping[int, Results], repeats: Repeatability) -> Lane:
    points = [Point(test.started_at, value) for test in tests if (value := found[test.pk].value(measure)) is not None]
    unit = {"area": UNIT_WORDS["cm2"], "wur": "", "mps": _("of 100")}[measure]
    return Lane(
        measure,
        MEASURE_WORDS[measure],
        unit,
        "measure",
        points,
        repeats.of(tests[0].form, measure) if tests else None,
        1.0 if measure == "wur" else None,
    )

"""Effects beside what was seen in people. Few numbers exist, most of them built the effect; the rest are laid beside it, kind or not.

An effect has no error in percent here: a handful of group means from other doses and scales cannot give one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from winddown.domain.pharmacology import models, regimen
from winddown.domain.pharmacology.effects import mood, relief
from winddown.domain.pharmacology.effects.cardiac_output import CARDIAC_OUTPUT
from winddown.domain.pharmacology.effects.foretold import foretell
from winddown.domain.pharmacology.effects.pressure import PRESSURE
from winddown.domain.pharmacology.effects.weeks import WeeksCourse
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.models.pk_s_fanta2015_otto2021 import MODEL as VENOUS
from winddown.domain.pharmacology.regimen import Schedule

VOLUNTEER = Patient(75)


@dataclass(frozen=True)
class Case:
    """One published outcome: as it was printed, and what the effect says. built: the effect was made from it, which proves nothing."""

    effect_id: str
    study: str
    what: str
    seen: str
    unit: str
    built: bool
    predict: Callable[[], float]


def _standard() -> Schedule:
    return regimen.dose_over("racemic", "0.5mg/kg", "40min", weight_kg=VOLUNTEER.weight_kg)


def _peak(key: str) -> float:
    model = models.get(models.DEFAULT)
    return float(foretell(model, VOLUNTEER, _standard(), np.linspace(30, 45, 31), n=2).lines[key].typical.max())


def _high_area() -> float:
    """VAS mm x min over five hours, 140 mg of racemate in three doubling hours."""
    schedule = regimen.steps("racemic", "20mg/h:60min,40mg/h:60min,80mg/h:60min", weight_kg=VOLUNTEER.weight_kg)
    times = np.linspace(0, 300, 601)
    high = foretell(models.get(models.DEFAULT), VOLUNTEER, schedule, times, n=2).lines["drug_high"].typical
    return float(100 * np.trapezoid(high, times))


def _pressure_at(level_ng_per_ml: float, key: str) -> float:
    return float(PRESSURE.responses(np.array([[level_ng_per_ml]]), None)[key][0][0, 0])


def _mean_pressure_percent() -> float:
    rise = (_pressure_at(1959.0, "systolic_rise") + 2 * _pressure_at(1959.0, "diastolic_rise")) / 3
    return 100 * rise / 89


def _output_percent() -> float:
    """At 320 ng/mL of S-ketamine, without norketamine."""
    output = CARDIAC_OUTPUT.responses((np.array([[320.0]]), np.zeros((1, 1))), None)["cardiac_output"][0][0, 0]
    return 100 * (float(output) / 6.8 - 1)


def _points(hour: float) -> float:
    course = mood.course(VOLUNTEER, _standard(), indication="depression")
    assert isinstance(course, WeeksCourse)
    return float(np.interp(hour / 24, course.days, course.lines["mood_gain"].typical))


def _relieved(day: float) -> float:
    schedule = regimen.steps("esketamine", "5mg/h:12h,10mg/h:12h,15mg/h:12h,20mg/h:12h,22.2mg/h:52h", weight_kg=70)
    course = relief.course(VENOUS, Patient(70), schedule, indication="crps_1")
    assert isinstance(course, WeeksCourse)
    return float(np.interp(day, course.days, course.lines["relief_of_a_responder"].typical))


def _group_relief_percent(day: float) -> float:
    """Average over responders and others, in percent less pain."""
    return 100 * relief.VALUE["responders"] * _relieved(day)


VANKAWALA = "Vankawala 2021, 2,252 treatments"
COHORT = "one clinic, 741 infusions of 0.5 mg/kg"
SIGTERMANS = "Sigtermans 2009, CRPS-1, 30 and 30"
CASES: tuple[Case, ...] = (
    Case("pd_bp_default", VANKAWALA, "systolic rise at the peak", "12.61 (10.40 to 14.82)", "mmHg", True, lambda: _peak("systolic_rise")),
    Case("pd_bp_default", VANKAWALA, "diastolic rise at the peak", "8.49 (6.89 to 10.09)", "mmHg", True, lambda: _peak("diastolic_rise")),
    Case("pd_bp_default", VANKAWALA, "pulse rise at the peak", "4.09 (0.55 to 7.63)", "per min", True, lambda: _peak("pulse_rise")),
    Case("pd_bp_default", COHORT, "largest mean systolic rise", "7.4", "mmHg", False, lambda: _peak("systolic_rise")),
    Case("pd_bp_default", COHORT, "largest mean diastolic rise", "6.0", "mmHg", False, lambda: _peak("diastolic_rise")),
    Case("pd_bp_default", COHORT, "largest mean pulse rise", "1.9", "per min", False, lambda: _peak("pulse_rise")),
    Case("pd_bp_default", "S-ketamine PET study 2005", "mean pressure at 1,959 ng/mL", "+27.0", "%", True, _mean_pressure_percent),
    Case(
        "pd_co_kamp2021",
        "Sigtermans 2009, 20 volunteers",
        "cardiac output at 320 ng/mL S-ketamine",
        "+40 to +50",
        "%",
        False,
        _output_percent,
    ),
    Case(
        "pd_drughigh_simons2022",
        "Jonkman 2018, 140 mg over 3 h",
        "area of the drug high",
        "9,070 (SD 4,630)",
        "mm x min",
        False,
        _high_area,
    ),
    Case(
        "pd_mood_empirical",
        "An 2021, nasal doses",
        "MADRS against control at 24 h",
        "9.96 (8.97 to 10.95)",
        "points",
        True,
        lambda: _points(24),
    ),
    Case(
        "pd_mood_empirical",
        "An 2021, nasal doses",
        "MADRS against control at 2 to 4 h",
        "6.16 (4.44 to 7.88)",
        "points",
        True,
        lambda: _points(3),
    ),
    Case(
        "pd_mood_empirical",
        "Coyle 2015, 21 studies",
        "MADRS against control at day 13",
        "no difference",
        "points",
        False,
        lambda: _points(13 * 24),
    ),
    Case(
        "pd_pain_longmemory_dahan2011",
        SIGTERMANS,
        "less pain than placebo at the end of week 1",
        "51 (2.68 against 5.45 of 10)",
        "%",
        True,
        lambda: _group_relief_percent(7),
    ),
    Case(
        "pd_pain_longmemory_dahan2011",
        SIGTERMANS,
        "less pain at week 12",
        "no difference (P = 0.07)",
        "%",
        True,
        lambda: _group_relief_percent(84),
    ),
)


def cases_of(effect_id: str) -> tuple[Case, ...]:
    return tuple(case for case in CASES if case.effect_id == effect_id)

"""Effects beside what was seen in people. Few numbers exist, most of them built the effect; the rest are laid beside it, kind or not.

An effect has no error in percent here: a handful of group means from other doses and scales cannot give one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from winddown.domain.pharmacology import models, regimen
from winddown.domain.pharmacology.effects import cardiac_output, mood, pressure, relief, sedation
from winddown.domain.pharmacology.effects.foretold import foretell
from winddown.domain.pharmacology.effects.weeks import WeeksCourse
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.models.pk_s_fanta2015_otto2021 import MODEL as VENOUS
from winddown.domain.pharmacology.regimen import Schedule

VOLUNTEER, CRPS_PATIENT = Patient(75), Patient(70)


@dataclass(frozen=True)
class Printed:
    """A number as a paper printed it, all its digits kept, with its interval; only the interval where it gave no more; or words alone.

    how  what the number was made from, or its scatter
    """

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    how: str = ""
    sign: str = ""
    words: str = ""

    def __str__(self) -> str:
        if self.words:
            return self.words
        spread = "" if self.low is None else f"{self.sign}{self.low:,} to {self.sign}{self.high:,}"
        if self.value is None:
            return spread
        beside = spread or self.how
        return f"{self.sign}{self.value:,}{f' ({beside})' if beside else ''}"

    def in_unit(self, unit: str) -> str:
        """With the unit of what was measured behind the number, not behind what it was made from. Words have none."""
        if self.words:
            return self.words
        return f"{self.sign}{self.value:,} {unit} ({self.how})" if self.value is not None and self.how else f"{self} {unit}"

    @property
    def middle(self) -> float | None:
        """The number, or the middle of a range that stands alone."""
        if self.value is not None:
            return float(self.value)
        return None if self.low is None or self.high is None else float(self.low + self.high) / 2


@dataclass(frozen=True)
class Spot:
    """Where a printed number stands on a picture of its effect.

    line  the key of what is drawn; at: the level (ng/mL) or the day; height: from the printed unit to that of the line
    """

    line: str
    at: float
    height: Callable[[float], float] = lambda number: number


@dataclass(frozen=True)
class Case:
    """One published outcome: as it was printed, and what the effect says. built: the effect was made from it, which proves nothing."""

    effect_id: str
    study: str
    what: str
    printed: Printed
    unit: str
    built: bool
    predict: Callable[[], float]
    spot: Spot | None = None

    @property
    def seen(self) -> str:
        return str(self.printed)


def printed(value: str, low: str = "", high: str = "", *, how: str = "", sign: str = "") -> Printed:
    """From digits as they stand in the paper; without a value, a range."""
    number, below, above = (Decimal(each) if each else None for each in (value, low, high))
    return Printed(number, below, above, how, sign)


def standard() -> Schedule:
    """The dose of most studies: 0.5 mg/kg of racemate over 40 min."""
    return regimen.dose_over("racemic", "0.5mg/kg", "40min", weight_kg=VOLUNTEER.weight_kg)


def hundred_hours() -> Schedule:
    """The regimen of Sigtermans 2009: S-ketamine for 100 hours, raised to 22.2 mg/h."""
    return regimen.steps("esketamine", "5mg/h:12h,10mg/h:12h,15mg/h:12h,20mg/h:12h,22.2mg/h:52h", weight_kg=CRPS_PATIENT.weight_kg)


def weeks_of_relief() -> WeeksCourse:
    """What the effect says of that regimen."""
    course = relief.course(VENOUS, CRPS_PATIENT, hundred_hours(), indication="crps_1")
    assert isinstance(course, WeeksCourse)
    return course


def weeks_of_mood() -> WeeksCourse:
    """What the effect says of the standard dose."""
    course = mood.course(VOLUNTEER, standard(), indication="depression")
    assert isinstance(course, WeeksCourse)
    return course


def _peak(key: str) -> float:
    model = models.get(models.DEFAULT)
    return float(foretell(model, VOLUNTEER, standard(), np.linspace(30, 45, 31), n=2).lines[key].typical.max())


def _high_area() -> float:
    """VAS mm x min over five hours, 140 mg of racemate in three doubling hours."""
    schedule = regimen.steps("racemic", "20mg/h:60min,40mg/h:60min,80mg/h:60min", weight_kg=VOLUNTEER.weight_kg)
    times = np.linspace(0, 300, 601)
    high = foretell(models.get(models.DEFAULT), VOLUNTEER, schedule, times, n=2).lines["drug_high"].typical
    return float(100 * np.trapezoid(high, times))


def _pressure_at(level_ng_per_ml: float, key: str) -> float:
    return float(pressure.PRESSURE.responses(np.array([[level_ng_per_ml]]), None)[key][0][0, 0])


def _mean_pressure_percent() -> float:
    level = pressure.VALUE["ceiling_level"]
    return 100 * (_pressure_at(level, "systolic_rise") + 2 * _pressure_at(level, "diastolic_rise")) / 3 / pressure.RESTING_MEAN_MMHG


def _output_percent() -> float:
    """At a level of S-ketamine, without norketamine."""
    levels = (np.array([[SIGTERMANS_LEVEL_NG_PER_ML]]), np.zeros((1, 1)))
    output = cardiac_output.CARDIAC_OUTPUT.responses(levels, None)["cardiac_output"][0][0, 0]
    return 100 * (float(output) / cardiac_output.VALUE["baseline"] - 1)


def _output(percent: float) -> float:
    """L/min when the output has risen by so many percent."""
    return cardiac_output.VALUE["baseline"] * (1 + percent / 100)


def _waking_level() -> float:
    """ng/mL at which half of the people are awake."""
    levels = np.linspace(0.0, 2 * sedation.VALUE["waking_level"], 4001)
    asleep = sedation.SEDATION.responses((levels[np.newaxis],), None)["still_asleep"][0][0]
    return float(np.interp(0.5, asleep, levels))


def _points(hour: float) -> float:
    course = weeks_of_mood()
    return float(np.interp(hour / 24, course.days, course.lines["mood_gain"].typical))


def _group_relief_percent(day: float) -> float:
    """Average over responders and others, in percent less pain."""
    course = weeks_of_relief()
    return 100 * relief.VALUE["responders"] * float(np.interp(day, course.days, course.lines["relief_of_a_responder"].typical))


VANKAWALA = "Vankawala 2021, 2,252 treatments"
COHORT = "one clinic, 741 infusions of 0.5 mg/kg"
SIGTERMANS = "Sigtermans 2009, CRPS-1, 30 and 30"
SIGTERMANS_LEVEL_NG_PER_ML = 320.0  # S-ketamine in 20 volunteers of the same laboratory
CONTROL_PAIN, TREATED_PAIN = 5.45, 2.68  # of 10, at the end of week 1: Sigtermans 2009


def _pressure_case(study: str, what: str, key: str, number: Printed, *, built: bool) -> Case:
    spot = Spot(key, pressure.VALUE["level_at_rise"])
    return Case("pd_bp_default", study, what, number, "per min" if key == "pulse_rise" else "mmHg", built, lambda: _peak(key), spot)


def _mood_case(study: str, what: str, number: Printed, hour: float, *, built: bool) -> Case:
    spot = Spot("mood_gain", hour / 24)
    return Case("pd_mood_empirical", study, what, number, "points", built, lambda: _points(hour), spot)


def _relief_case(what: str, number: Printed, day: float) -> Case:
    spot = Spot("relief_of_the_group", day, lambda percent: percent / 100)
    return Case("pd_pain_longmemory_dahan2011", SIGTERMANS, what, number, "%", True, lambda: _group_relief_percent(day), spot)


CASES: tuple[Case, ...] = (
    _pressure_case(VANKAWALA, "systolic rise at the peak", "systolic_rise", printed("12.61", "10.40", "14.82"), built=True),
    _pressure_case(VANKAWALA, "diastolic rise at the peak", "diastolic_rise", printed("8.49", "6.89", "10.09"), built=True),
    _pressure_case(VANKAWALA, "pulse rise at the peak", "pulse_rise", printed("4.09", "0.55", "7.63"), built=True),
    _pressure_case(COHORT, "largest mean systolic rise", "systolic_rise", printed("7.4"), built=False),
    _pressure_case(COHORT, "largest mean diastolic rise", "diastolic_rise", printed("6.0"), built=False),
    _pressure_case(COHORT, "largest mean pulse rise", "pulse_rise", printed("1.9"), built=False),
    Case(
        "pd_bp_default",
        "S-ketamine PET study 2005",
        f"mean pressure at {pressure.VALUE['ceiling_level']:,.0f} ng/mL",
        printed(f"{pressure.CEILING_RISE_PERCENT}", sign="+"),
        "%",
        True,
        _mean_pressure_percent,
    ),
    Case(
        "pd_co_kamp2021",
        "Sigtermans 2009, 20 volunteers",
        f"cardiac output at {SIGTERMANS_LEVEL_NG_PER_ML:.0f} ng/mL S-ketamine",
        printed("", "40", "50", sign="+"),
        "%",
        False,
        _output_percent,
        Spot("cardiac_output", SIGTERMANS_LEVEL_NG_PER_ML, _output),
    ),
    Case(
        "pd_sedation_idvall1979",
        "Idvall 1979, 31 patients",
        "level at which half had opened their eyes",
        printed(f"{sedation.VALUE['waking_level']:.0f}", how=f"SD {sedation.VALUE['waking_level_sd']:.0f}"),
        "ng/mL",
        True,
        _waking_level,
        Spot("still_asleep", sedation.VALUE["waking_level"], lambda _level: 0.5),
    ),
    Case(
        "pd_drughigh_simons2022",
        "Jonkman 2018, 140 mg over 3 h",
        "area of the drug high",
        printed("9070", how="SD 4,630"),
        "mm x min",
        False,
        _high_area,
    ),
    _mood_case("An 2021, nasal doses", "MADRS against control at 24 h", printed("9.96", "8.97", "10.95"), 24, built=True),
    _mood_case("An 2021, nasal doses", "MADRS against control at 2 to 4 h", printed("6.16", "4.44", "7.88"), 3, built=True),
    _mood_case("Coyle 2015, 21 studies", "MADRS against control at day 13", Printed(words="no difference"), 13 * 24, built=False),
    _relief_case(
        "less pain than placebo at the end of week 1",
        printed(f"{100 * (1 - TREATED_PAIN / CONTROL_PAIN):.0f}", how=f"{TREATED_PAIN} against {CONTROL_PAIN} of 10"),
        7,
    ),
    _relief_case("less pain at week 12", Printed(words="no difference (P = 0.07)"), 84),
)


def cases_of(effect_id: str) -> tuple[Case, ...]:
    return tuple(case for case in CASES if case.effect_id == effect_id)

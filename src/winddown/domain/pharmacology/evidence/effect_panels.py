"""What is drawn of an effect: against the level that drives it, and over time after a plan it was studied with, published values on it.

Only values that a paper printed and that stand on the drawn axes are points; areas, "no difference" and percentages of something else
stay in the table beside the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import Line, band_of
from winddown.domain.pharmacology.effects import EVERY, mood, relief
from winddown.domain.pharmacology.effects.effect import JointEffect, Scale
from winddown.domain.pharmacology.effects.foretold import foretell
from winddown.domain.pharmacology.effects.weeks import WeeksCourse
from winddown.domain.pharmacology.evidence.panels import POINTS, Axis, Panel, Point
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.models.pk_s_fanta2015_otto2021 import MODEL as VENOUS
from winddown.domain.pharmacology.regimen import dose_over, steps

DRAWN_PATIENTS = 200
VOLUNTEER = Patient(75.0)
AT_THE_RISE = 142.2  # ng/mL: the level that `pressure.TABLE` gives to the mean rise
FURTHEST: Mapping[str, float] = {"drug_high": 400.0, "analgesia": 200.0, "pressure": 600.0, "sedation": 2400.0, "receptor": 400.0}
PERCENT = frozenset({"fraction", "fraction of scale", "fraction of people", "fraction of the pain before"})
ON_THE_AXIS = {"mm[Hg]": "mmHg", "/min": "per min", "cm of 10": "cm", "MADRS points better than control": "points"}
AXES: Mapping[str, Axis] = {"ng/mL": "level", "days": "days"}
ALSO: Mapping[str, str] = {
    "analgesia": "without norketamine",
    "cardiac_output": "without norketamine",
    "receptor": "R-ketamine alike",
}
SHORT = {"still_asleep": "Nearness to anesthesia"}
OF_THE_LEVEL: Mapping[str, tuple[Point, ...]] = {
    "systolic_rise": (Point(AT_THE_RISE, 12.61, False, 10.40, 14.82), Point(AT_THE_RISE, 7.4, True)),
    "diastolic_rise": (Point(AT_THE_RISE, 8.49, False, 6.89, 10.09), Point(AT_THE_RISE, 6.0, True)),
    "pulse_rise": (Point(AT_THE_RISE, 4.09, False, 0.55, 7.63), Point(AT_THE_RISE, 1.9, True)),
    "cardiac_output": (Point(320.0, 6.8 * 1.45, True, 6.8 * 1.40, 6.8 * 1.50),),
    "still_asleep": (Point(642.0, 0.5, False),),
}


@dataclass(frozen=True)
class EffectPanel:
    """line: the key of what is drawn; follows: empty for a course over time, else the analyte on the axis, and `also` what goes with it."""

    line: str
    name: str
    panel: Panel
    follows: str = ""
    also: str = ""


@lru_cache
def effect_panels(effect_id: str) -> tuple[EffectPanel, ...]:
    """Each line of the effect against its level and over the standard dose; the effects of weeks over their own plan."""
    if effect_id == relief.RELIEF.sheet.effect_id:
        return _relief()
    if effect_id == mood.MOOD.sheet.effect_id:
        return _mood()
    effect = next(each for each in EVERY if each.sheet.effect_id == effect_id)
    schedule = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=VOLUNTEER.weight_kg)
    minutes = np.linspace(0.0, 160.0, POINTS)
    lines = foretell(models.get(models.DEFAULT), VOLUNTEER, schedule, minutes, effects=(effect,), n=DRAWN_PATIENTS).lines
    drawn = []
    for scale in effect.scales:
        drawn.append(_against(effect, scale))
        drawn.append(EffectPanel(scale.key, SHORT.get(scale.key, scale.name), _panel(minutes, lines[scale.key], "min")))
    return tuple(drawn)


def _against(effect: JointEffect, scale: Scale) -> EffectPanel:
    """The effect at a steady level of its first driver. The band is people at the same level, and the readings of the paper."""
    limit = effect.sheet.studied_level
    points = OF_THE_LEVEL.get(scale.key, ())
    furthest = max([limit.high if limit else FURTHEST[effect.key], *(1.1 * point.minute for point in points)])
    levels = np.linspace(0.0, furthest, POINTS)
    typical = effect.responses(_driving(effect, levels, 1), None)[scale.key][0][0]
    first, *others = effect.responses(_driving(effect, levels, DRAWN_PATIENTS), 1)[scale.key]
    line = Line(band_of(first, np.ones(levels.size, dtype=bool), *others), typical, scale.unit, scale.rating)
    return EffectPanel(
        scale.key,
        SHORT.get(scale.key, scale.name),
        _panel(levels, line, "ng/mL", points),
        effect.drivers[0].analyte,
        ALSO.get(effect.key, ""),
    )


def _driving(effect: JointEffect, levels: Array, n: int) -> tuple[Array, ...]:
    """The first driver at the levels, and with it R-ketamine as a racemate has it; metabolites at none."""
    there, none = np.tile(levels, (n, 1)), np.zeros((n, levels.size))
    first = effect.drivers[0].analyte
    return tuple(there if each.analyte in (first, "r_ketamine") else none for each in effect.drivers)


def _panel(across: Array, line: Line, unit: str, points: Sequence[Point] = (), scaled: float = 1.0) -> Panel:
    """Fractions are drawn in percent."""
    percent = line.unit in PERCENT
    size = 100.0 if percent else 1.0
    typical, low, high = (scaled * size * each for each in (line.typical, line.band.p05, line.band.p95))
    seen = tuple(_resized(point, size) for point in points)
    name = "%" if percent else ON_THE_AXIS.get(line.unit, line.unit)
    return Panel(
        "", "", "racemic", "", "arterial", VOLUNTEER.weight_kg, across, typical, low, high, seen, name, unit, AXES.get(unit, "minutes")
    )


def _resized(point: Point, size: float) -> Point:
    low, high = (None if each is None else size * each for each in (point.low, point.high))
    return Point(point.minute, size * point.ng_per_ml, point.counts, low, high)


def _relief() -> tuple[EffectPanel, ...]:
    """The regimen of its own trial: what a responder has, and the mean of the group, with what the group said at the end of week 1."""
    schedule = steps("esketamine", "5mg/h:12h,10mg/h:12h,15mg/h:12h,20mg/h:12h,22.2mg/h:52h", weight_kg=70)
    course = relief.course(VENOUS, Patient(70), schedule, indication="crps_1")
    assert isinstance(course, WeeksCourse)
    line, share = course.lines["relief_of_a_responder"], course.shares["responders"]
    seen = (Point(7.0, 1.0 - 2.68 / 5.45, False),)
    return (
        EffectPanel("relief_of_a_responder", "Relief of a responder", _panel(course.days, line, "days")),
        EffectPanel("relief_of_the_group", "Relief of the group, others at none", _panel(course.days, line, "days", seen, share)),
    )


def _mood() -> tuple[EffectPanel, ...]:
    schedule = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=VOLUNTEER.weight_kg)
    course = mood.course(VOLUNTEER, schedule, indication="depression")
    assert isinstance(course, WeeksCourse)
    seen = (Point(3.0 / 24.0, 6.16, False, 4.44, 7.88), Point(1.0, 9.96, False, 8.97, 10.95))
    return (EffectPanel("mood_gain", "Mood against control", _panel(course.days, course.lines["mood_gain"], "days", seen)),)

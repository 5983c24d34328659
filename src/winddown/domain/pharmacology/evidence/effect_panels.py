"""What is drawn of an effect: against the level that drives it, and over time after a plan it was studied with, published values on it.

Only values that a paper printed and that stand on the drawn axes are points; areas, "no difference" and percentages of something else
stay in the table beside the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import Band, Line, band_of
from winddown.domain.pharmacology.effects import EVERY, mood, relief
from winddown.domain.pharmacology.effects.effect import JointEffect, Scale
from winddown.domain.pharmacology.effects.foretold import foretell
from winddown.domain.pharmacology.evidence.effects import (
    CRPS_PATIENT,
    VOLUNTEER,
    Case,
    Spot,
    cases_of,
    standard,
    weeks_of_mood,
    weeks_of_relief,
)
from winddown.domain.pharmacology.evidence.panels import POINTS, Panel, Point, of_effect
from winddown.domain.pharmacology.linear import Array

DRAWN_PATIENTS = 200
FURTHEST: Mapping[str, float] = {"drug_high": 400.0, "analgesia": 200.0, "pressure": 600.0, "sedation": 2400.0, "receptor": 400.0}
ALSO: Mapping[str, str] = {
    "analgesia": "without norketamine",
    "cardiac_output": "without norketamine",
    "receptor": "R-ketamine alike",
}
SHORT = {"still_asleep": "Nearness to anesthesia"}


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
    minutes = np.linspace(0.0, 160.0, POINTS)
    lines = foretell(models.get(models.DEFAULT), VOLUNTEER, standard(), minutes, effects=(effect,), n=DRAWN_PATIENTS).lines
    drawn = []
    for scale in effect.scales:
        drawn.append(_against(effect, scale))
        drawn.append(EffectPanel(scale.key, SHORT.get(scale.key, scale.name), of_effect(minutes, lines[scale.key], VOLUNTEER.weight_kg)))
    return tuple(drawn)


def _against(effect: JointEffect, scale: Scale) -> EffectPanel:
    """The effect at a steady level of its first driver. The band is people at the same level, and the readings of the paper."""
    limit = effect.sheet.studied_level
    points = points_of(effect.sheet.effect_id, scale.key)
    furthest = max([limit.high if limit else FURTHEST[effect.key], *(1.1 * point.minute for point in points)])
    levels = np.linspace(0.0, furthest, POINTS)
    typical = effect.responses(_driving(effect, levels, 1), None)[scale.key][0][0]
    first, *others = effect.responses(_driving(effect, levels, DRAWN_PATIENTS), 1)[scale.key]
    line = Line(band_of(first, np.ones(levels.size, dtype=bool), *others), typical, scale.unit, scale.rating)
    return EffectPanel(
        scale.key,
        SHORT.get(scale.key, scale.name),
        of_effect(levels, line, VOLUNTEER.weight_kg, points, across="ng/mL", axis="level"),
        effect.drivers[0].analyte,
        ALSO.get(effect.key, ""),
    )


def _driving(effect: JointEffect, levels: Array, n: int) -> tuple[Array, ...]:
    """The first driver at the levels, and with it R-ketamine as a racemate has it; metabolites at none."""
    there, none = np.tile(levels, (n, 1)), np.zeros((n, levels.size))
    first = effect.drivers[0].analyte
    return tuple(there if each.analyte in (first, "r_ketamine") else none for each in effect.drivers)


def points_of(effect_id: str, line: str) -> tuple[Point, ...]:
    """What papers printed for this line, in its own unit; what they said in words alone is in the table of cases."""
    spots = ((case, case.spot) for case in cases_of(effect_id) if case.spot is not None and case.spot.line == line)
    return tuple(_point(case, spot) for case, spot in spots if case.printed.middle is not None)


def _point(case: Case, spot: Spot) -> Point:
    number = case.printed
    assert number.middle is not None
    low, high = (None if each is None else spot.height(float(each)) for each in (number.low, number.high))
    return Point(spot.at, spot.height(number.middle), not case.built, low, high)


def _relief() -> tuple[EffectPanel, ...]:
    """The regimen of its own trial: what a responder has, and the mean of the group, with what the group said at the end of week 1."""
    course, group = weeks_of_relief(), points_of(relief.RELIEF.sheet.effect_id, "relief_of_the_group")
    line, share = course.lines["relief_of_a_responder"], course.shares["responders"]
    mean = Line(Band(*(share * each for each in vars(line.band).values())), share * line.typical, line.unit, line.rating)
    kg = CRPS_PATIENT.weight_kg
    return (
        EffectPanel("relief_of_a_responder", "Relief of a responder", of_effect(course.days, line, kg, across="days", axis="days")),
        EffectPanel(
            "relief_of_the_group",
            "Relief of the group, others at none",
            of_effect(course.days, mean, kg, group, across="days", axis="days"),
        ),
    )


def _mood() -> tuple[EffectPanel, ...]:
    course, seen = weeks_of_mood(), points_of(mood.MOOD.sheet.effect_id, "mood_gain")
    drawn = of_effect(course.days, course.lines["mood_gain"], VOLUNTEER.weight_kg, seen, across="days", axis="days")
    return (EffectPanel("mood_gain", "Mood against control", drawn),)

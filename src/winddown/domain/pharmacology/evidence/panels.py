"""What is drawn of a model: its course with its band, and the measured means on it, one small picture for each study and analyte."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import Line, band_of
from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.evidence.compare import BUILT_IT, Comparison, levels_at, record_of
from winddown.domain.pharmacology.evidence.observations import Observation
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Form, Model, Patient, Site
from winddown.domain.pharmacology.regimen import dose_over

Axis = Literal["minutes", "days", "level"]
DRAWN_PATIENTS = 100
POINTS = 81
FRACTIONS = frozenset({"fraction", "fraction of scale", "fraction of people", "fraction of the pain before"})
ON_AN_AXIS = {"mm[Hg]": "mmHg", "/min": "per min", "cm of 10": "cm", "MADRS points better than control": "points"}
ADULT, CHILD = Patient(75.0), Patient(30.0, 8.0)
OF_CHILDREN = ("pk_rac_herd2007_children", "pk_rac_hornik2018", "pk_rac_sherwin2015_children", "pk_s_flint2017_picu")


@dataclass(frozen=True)
class Point:
    """A measured mean. counts: it judges; otherwise it helped to build. low, high: its published interval, where it has one."""

    minute: float
    ng_per_ml: float
    counts: bool
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Panel:
    """One picture: typical course and the 5 to 95% band over minutes, and the points on it.

    study, analyte, regimen  empty for the standard dose, and of an effect
    unit, across  what stands on the two axes; minutes is in the unit of `across`
    axis          what runs across, for its marks: the words of `across` may be another language's
    """

    form: Form
    site: Site
    weight_kg: float
    minutes: Array
    typical: Array
    low: Array
    high: Array
    points: tuple[Point, ...]
    study: str = ""
    analyte: str = ""
    regimen: str = ""
    unit: str = "ng/mL"
    across: str = "min"
    axis: Axis = "minutes"


def of_effect(
    places: Array, line: Line, weight_kg: float, points: tuple[Point, ...] = (), *, across: str = "min", axis: Axis = "minutes"
) -> Panel:
    """One line of an effect after racemate over the places across, its points in the line's own unit. Fractions are drawn in percent."""
    size = 100.0 if line.unit in FRACTIONS else 1.0
    return Panel(
        form="racemic",
        site="arterial",
        weight_kg=weight_kg,
        minutes=places,
        typical=size * line.typical,
        low=size * line.band.p05,
        high=size * line.band.p95,
        points=tuple(_resized(point, size) for point in points),
        unit="%" if line.unit in FRACTIONS else ON_AN_AXIS.get(line.unit, line.unit),
        across=across,
        axis=axis,
    )


def _resized(point: Point, size: float) -> Point:
    low, high = (None if each is None else size * each for each in (point.low, point.high))
    return Point(point.minute, size * point.ng_per_ml, point.counts, low, high)


@lru_cache
def panels(model_id: str) -> tuple[Panel, ...]:
    """The standard dose first, then each group of observations that judges this model or built it."""
    model = models.read(model_id)
    record = record_of(model_id)
    drawn = [_standard(model)]
    for group in record.groups:
        compared = [each for each in record.compared if each.observation.group == group]
        if _worth_drawing(model, compared):
            drawn.append(_of_group(model, compared))
    return tuple(drawn)


def _worth_drawing(model: Model, compared: list[Comparison]) -> bool:
    """Not the sum of two enantiomers that are drawn apart, and not what this model says nothing about."""
    if compared[0].observation.analyte == "ketamine" and "s_ketamine" in model.card.ratings and len(compared) > 1:
        return False
    return any(each.counts or each.left_out == BUILT_IT for each in compared)


def _standard(model: Model) -> Panel:
    """0.5 mg/kg of racemate over 40 minutes."""
    patient = CHILD if model.card.model_id in OF_CHILDREN else ADULT
    schedule = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=patient.weight_kg)
    minutes = np.linspace(0.0, 160.0, POINTS)
    analyte = "ketamine" if "ketamine" in model.card.ratings else "s_ketamine"
    samples = (model.parameters(patient), model.draws(patient, DRAWN_PATIENTS, 1))
    typical, many = (cloud(sample, schedule, minutes, analytes=(analyte,)).levels[analyte] for sample in samples)
    band = band_of(many, np.ones(minutes.size, dtype=bool))
    words = "0.5mg/kg over 40min"
    return Panel(
        form="racemic",
        site=model.card.sites[0],
        weight_kg=patient.weight_kg,
        minutes=minutes,
        typical=typical[0],
        low=band.p05,
        high=band.p95,
        points=(),
        analyte=analyte,
        regimen=words,
    )


def _of_group(model: Model, compared: list[Comparison]) -> Panel:
    seen = compared[0].observation
    patient = Patient(seen.weight_kg or 0.0)
    last = max(each.observation.time_min or 0.0 for each in compared)
    minutes = np.unique(np.concatenate([np.linspace(0.0, max(1.15 * last, last + 20), POINTS), _edges(seen)]))
    typical = levels_at(model, patient, seen, minutes)[0]
    band = band_of(levels_at(model, patient, seen, minutes, DRAWN_PATIENTS), np.ones(minutes.size, dtype=bool))
    points = tuple(Point(each.observation.time_min or 0.0, each.observation.ng_per_ml or 0.0, each.counts) for each in compared)
    return Panel(
        form=seen.form,
        site=seen.site,
        weight_kg=patient.weight_kg,
        minutes=minutes,
        typical=typical,
        low=band.p05,
        high=band.p95,
        points=points,
        study=seen.study,
        analyte=seen.analyte,
        regimen=seen.regimen,
    )


def _edges(seen: Observation) -> list[float]:
    """Just before and just after each change of rate: the venous-like output steps there."""
    return [edge + step for part in seen.schedule().changes for edge in (part.to_min,) for step in (0.0, 1e-3)]

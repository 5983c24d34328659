"""Lifetime exposure: the area under the plasma level of ketamine and norketamine. The models are linear, so one milligram tells all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.model import Form, Patient
from winddown.domain.pharmacology.regimen import Schedule, Segment

WEEK_MIN = 7 * 24 * 60.0
HALF_HOUR_MIN = 30.0
MINUTES_PER_H = 60.0
PARENTS: Mapping[str, tuple[str, ...]] = {
    "ketamine": ("s_ketamine", "r_ketamine", "ketamine"),
    "norketamine": ("s_norketamine", "r_norketamine", "norketamine"),
}


def area_per_mg(model_id: str, body: Patient, form: Form) -> dict[str, float]:
    """ng/mL x h for each milligram that reached the blood, of the typical patient, over a week; a substance the model lacks is left out.

    The rate of one dose does not matter to its area: that is what linear means.
    """
    model = models.get(model_id)
    names = {name: [each for each in parts if each in model.card.ratings] for name, parts in PARENTS.items()}
    wanted = tuple(name for parts in names.values() for name in parts)
    schedule = Schedule(form, (Segment(0.0, HALF_HOUR_MIN, 1.0 / HALF_HOUR_MIN),), None)
    times = np.concatenate([np.linspace(0.0, 480.0, 241), np.linspace(500.0, WEEK_MIN, 400)])
    levels = cloud(model.parameters(body), schedule, times, analytes=wanted).levels
    areas = {name: float(np.trapezoid(levels[name][0], times)) / MINUTES_PER_H for name in wanted if name in levels}
    found = {}
    for name, parts in names.items():
        enantiomers = [part for part in parts if part != name and part in areas]
        chosen = enantiomers or [part for part in parts if part in areas]
        if chosen:
            found[name] = sum(areas[part] for part in chosen)
    return found

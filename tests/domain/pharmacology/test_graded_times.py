"""Bands between counted times, against a full sort of every patient at every time."""

from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.population import Alike, Population, Question, bands
from winddown.domain.pharmacology.regimen import Schedule, Segment

FRACTIONS = (0.05, 0.25, 0.5, 0.75, 0.95)
POPULATION = Population(models.get("pk_rs_default"), Alike(Patient(70, 45, "male")), seed=3)
PUSHES = Schedule("racemic", (Segment(10, 11, 20.0), Segment(30, 70, 0.5), Segment(70, 90, 1.0), Segment(200, 201, 15.0)))


def off(found: dict[str, np.ndarray], exact: dict[str, np.ndarray]) -> np.ndarray:
    """Relative errors of every quantile above a billionth of its line's highest."""
    parts = []
    for name, sorted_out in exact.items():
        known = sorted_out > 1e-9 * sorted_out.max()
        parts.append(np.abs(found[name][known] / sorted_out[known] - 1))
    return np.concatenate(parts)


def sorted_out(courses: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.quantile(course, FRACTIONS, axis=0) for name, course in courses.items()}


def test_pushes_infusions_and_every_effect_are_those_of_a_full_sort():
    asked = Question(PUSHES, np.arange(0.0, 481.0), ("ketamine", "s_norketamine"), ACUTE)
    found = bands(POPULATION, asked, 6_000)
    whole = POPULATION.courses(asked, 0, 6_000)
    errors = off(dict(found.lines), sorted_out({**whole.cloud.levels, **whole.effects}))
    assert np.quantile(errors, 0.99) < 0.005 and errors.max() < 0.02

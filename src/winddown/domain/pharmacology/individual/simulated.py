"""Invented persons with known truth: what a nurse would have written down, made by the same words as `observation` or by another model.

For calibration only. The chart never draws from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from winddown.domain.pharmacology.individual.figures import CADSS6_HIGHEST, PAIN_HIGHEST, VALUE
from winddown.domain.pharmacology.individual.observation import LOGISTIC_PER_SD, SEDATION_STEPS, Observation, spread_of
from winddown.domain.pharmacology.individual.person import Courses, Person
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.regimen import Schedule


@dataclass(frozen=True)
class Plan:
    """When which sign is taken, minutes from the first drop."""

    systolic_min: tuple[float, ...] = ()
    score_min: tuple[float, ...] = ()
    scores: tuple[str, ...] = ("cadss6", "moaas", "pain")


def seen_in(
    person: Person, z: Array, schedule: Schedule, plan: Plan, random: np.random.Generator, *, odd: bool = True
) -> list[Observation]:
    """What would be written down of this person. z (1, k) is the truth; odd: one entry in twenty has another cause."""
    times = np.asarray(sorted({*plan.systolic_min, *plan.score_min}))
    courses = person.courses(z, schedule, times)
    found: list[Observation] = []
    for kind, minutes in (("systolic", plan.systolic_min), *((kind, plan.score_min) for kind in plan.scores)):
        middle = _middle(courses, kind)[0]
        for minute in minutes:
            at = float(middle[int(np.searchsorted(times, minute))])
            value = _odd_value(kind, at, random) if odd and random.random() < VALUE["odd_share"] else _value(kind, at, random)
            found.append(Observation(kind, minute, value))  # type: ignore[arg-type]
    return found


def _middle(courses: Courses, kind: str) -> Array:
    whole = {"cadss6": courses.cadss6, "moaas": courses.sedation, "pain": courses.pain, "systolic": courses.systolic_rise}[kind]()
    return whole + (courses.person.resting.systolic or 0.0) if kind == "systolic" else whole


def _value(kind: str, middle: float, random: np.random.Generator) -> float:
    if kind == "systolic":
        return float(np.clip(middle + VALUE["systolic_noise"] * random.standard_normal(), 41.0, 299.0))
    if kind == "moaas":
        steps = int(np.sum(random.logistic(middle, VALUE["sedation_noise"]) > SEDATION_STEPS))
        return float(1 - int(random.random() < 0.5)) if steps == SEDATION_STEPS.size else float(5 - steps)
    highest = CADSS6_HIGHEST if kind == "cadss6" else PAIN_HIGHEST
    scale = float(spread_of(kind, np.asarray([middle]), np.zeros(1))[0]) * LOGISTIC_PER_SD
    return float(np.clip(np.rint(random.logistic(middle, scale)), 0.0, highest))


def _odd_value(kind: str, middle: float, random: np.random.Generator) -> float:
    if kind == "systolic":
        return float(np.clip(middle + VALUE["odd_width"] * VALUE["systolic_noise"] * random.standard_normal(), 41.0, 299.0))
    highest = {"moaas": 5, "pain": int(PAIN_HIGHEST)}.get(kind, int(CADSS6_HIGHEST))
    return float(random.integers(0, highest + 1))


def ranks(truth: Array, draws: Array, random: np.random.Generator) -> Array:
    """Where each truth (j,) stands among its draws (n, j), 0 to n; ties are broken by chance."""
    below = (draws < truth).sum(axis=0)
    same = (draws == truth).sum(axis=0)
    return np.asarray(below + np.floor(random.random(truth.size) * (same + 1)))


def evenness(found: Sequence[float], highest: int, bins: int) -> float:
    """Chi-square of ranks 0 to `highest` over bins, divided by its degrees of freedom; about 1 where the draws are calibrated.

    Bins that hold one rank more than others are expected to hold more truths.
    """
    edges = np.linspace(0, highest + 1, bins + 1)
    counts = np.histogram(np.asarray(found), bins=edges)[0]
    expected = len(found) * np.histogram(np.arange(highest + 1), bins=edges)[0] / (highest + 1)
    return float(((counts - expected) ** 2 / expected).sum() / (bins - 1))


def evenness_mark(bins: int, looked_at: int, *, level: float = 0.01) -> float:
    """The evenness above which at least one of `looked_at` calibrated signs stands with chance `level` at most (Bonferroni)."""
    from scipy.stats import chi2  # slow import

    return float(chi2.isf(level / looked_at, bins - 1) / (bins - 1))

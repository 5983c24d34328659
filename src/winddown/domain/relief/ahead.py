"""The weeks ahead of one patient: the evenings that are expected, when relief is expected to fade, or why that is not known.

Bands are of what the patient will answer on an evening, scatter and all, because only that can be held against what happens. Fading is the
loss of half the gain, as in the definition of a relapse, and is judged on the course beneath the scatter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from winddown.domain.figures import Figure
from winddown.domain.outcomes.definition import PAIN
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Rating
from winddown.domain.relief.learn import Learned, Told, closeness, correlation, greatest, learn, shapes
from winddown.domain.relief.prior import LASTING, MODEL_ID, SPREADS, Prior

Known = Literal["known", "faded", "unclear", "no_relief", "open_ended", "too_few", "no_baseline"]
LEVELS = np.arange(0.05, 0.951, 0.05)
DRAWS, PER_DRAW = 500, 3
LOW, HIGH = 0.0, 10.0
HALF = 1 - PAIN.gain_lost.value / 100
# Days after the last infusion at which a course is asked whether half is lost; beyond the last it counts as not lost.
LOOKED_AT = np.concatenate([np.arange(0.0, 60.0, 0.5), np.geomspace(60.0, 400.0, 80)])
WEEKS_SHOWN = Figure(8, "weeks", "the published trial followed for 12 weeks; the farther, the wider", "derived")
FARTHEST = Figure(12, "weeks", "Sigtermans 2009, 10.1016/j.pain.2009.06.023: followed for 12 weeks after the infusion", "published")
LEAST_AFTER = Figure(5, "evenings", "fewer own scores after an infusion say nothing of their course", "derived")
LEAST_SPAN = Figure(3, "d", "a course needs more than one evening", "derived")
SURE = Figure(0.8, "probability", "below it the size of the relief is not told from scatter", "derived")
WIDEST = Figure(8, "ratio", "late over early end of the 90 % interval; wider, and no date is named", "derived")
OTHER_LAWS = Figure(0.3, "ln", "relief may fade by another law than the model's; spread found on simulated patients", "derived")
RATING: Rating = "exploratory"


@dataclass(frozen=True)
class Fade:
    """When half the gain is expected to be lost, in days from the first infusion; 50 % and 90 % intervals."""

    median: float
    half: tuple[float, float]
    most: tuple[float, float]


@dataclass(frozen=True)
class Ahead:
    """The forecast of one patient at one moment.

    known      whether a date is named, and if not, why
    days       (m,) from the first infusion; empty where there is no curve
    quantiles  (m, 19) of an evening's score, at LEVELS; `expected` (m,) the course beneath the scatter
    fade       None unless `known` or `faded`
    faded      (m,) probability that relief has faded by then, of a patient who had relief
    relief     probability that there was relief that counts as a response
    gain       expected relief at its greatest, in points
    """

    known: Known
    digest: str
    patients: int
    evenings: int
    relief: float
    gain: float
    days: Array
    expected: Array
    quantiles: Array
    faded: Array
    fade: Fade | None = None

    @property
    def has_curve(self) -> bool:
        return self.days.size > 0

    def at_level(self, level: float) -> Array:
        found: Array = self.quantiles[:, int(np.argmin(np.abs(LEVELS - level)))]
        return found

    def as_data(self) -> dict[str, Any]:
        """Plain data, as it is kept when it was shown to decide."""
        return {
            "model": MODEL_ID,
            "known": self.known,
            "digest": self.digest,
            "patients": self.patients,
            "evenings": self.evenings,
            "relief": round(self.relief, 4),
            "gain": round(self.gain, 3),
            "days": [round(float(day), 3) for day in self.days],
            "expected": [round(float(value), 3) for value in self.expected],
            "quantiles": [[round(float(value), 2) for value in row] for row in self.quantiles],
            "faded": [round(float(value), 4) for value in self.faded],
            "fade": None if self.fade is None else {"median": self.fade.median, "half": self.fade.half, "most": self.fade.most},
            "rating": RATING,
        }


_NOTHING = np.zeros(0)


def foretell(told: Told, prior: Prior, *, from_day: float, until_day: float) -> Ahead:
    """The evenings from `from_day` to `until_day`, one a day, given the scores before."""
    why = silent(told)
    if why is not None:
        return _silent(told, prior, why)
    learned = learn(told, prior)
    drawn = _draw(learned)
    days = np.arange(from_day, until_day + 0.5, 1.0)
    expected, quantiles = _evenings(learned, drawn, days)
    relief, half_lost = _half_lost(told, drawn)
    weights = relief / max(float(relief.sum()), 1e-9)
    share = float(relief.mean())
    known, fade = _when(half_lost, weights, share, from_day)
    faded = (weights[:, np.newaxis] * (half_lost[:, np.newaxis] <= days)).sum(axis=0)
    return Ahead(
        known=known,
        digest=told.digest(),
        patients=prior.patients,
        evenings=int(told.after.size),
        relief=share,
        gain=float(np.median(drawn.gain)),
        days=days,
        expected=expected,
        quantiles=quantiles,
        faded=faded,
        fade=fade,
    )


def silent(told: Told) -> Known | None:
    """Why the patient's own scores do not speak yet; None when they do."""
    if not told.before.size:
        return "no_baseline"
    after = told.days[told.days > told.infusions[0]]
    if after.size < LEAST_AFTER.value or after[-1] - told.infusions[0] < LEAST_SPAN.value:
        return "too_few"
    return None


def _silent(told: Told, prior: Prior, why: Known) -> Ahead:
    nothing = _NOTHING
    return Ahead(
        why, told.digest(), prior.patients, int(told.after.size), math.nan, math.nan, nothing, nothing, np.zeros((0, LEVELS.size)), nothing
    )


@dataclass(frozen=True)
class Drawn:
    """Courses drawn from what was learned: for each the cell, its baseline, and its gain."""

    shape: Array
    lasting: Array
    scatter: Array
    baseline: Array
    gain: Array
    seed: int


def _draw(learned: Learned) -> Drawn:
    """Evenly spaced through the weights; the seed comes from the scores, so the same record gives the same forecast."""
    seed = int(learned.told.digest()[:8], 16)
    generator = np.random.default_rng(seed)
    edges = np.cumsum(learned.weights.reshape(-1))
    picks = np.minimum(np.searchsorted(edges, (np.arange(DRAWS) + generator.random()) / DRAWS * edges[-1]), edges.size - 1)
    generator.shuffle(picks)
    responds, shape, lasting, scatter = np.unravel_index(picks, learned.weights.shape)
    mean, covariance = learned.mean[responds, shape, lasting, scatter], learned.covariance[responds, shape, lasting, scatter]
    roots = np.linalg.cholesky(covariance)
    both = mean + (roots @ generator.standard_normal((DRAWS, 2, 1)))[..., 0]
    return Drawn(shape, lasting, SPREADS[scatter], both[:, 0], both[:, 1], seed)


def _evenings(learned: Learned, drawn: Drawn, days: Array) -> tuple[Array, Array]:
    """The course beneath the scatter, and the quantiles of an evening's score.

    Each evening is judged alone, so all share their random numbers: the bands are as smooth as what they stand on.
    """
    told = learned.told
    top = greatest(told)
    ahead, behind = shapes(told, days) / top[:, np.newaxis], shapes(told, told.days) / top[:, np.newaxis]
    course = drawn.baseline[:, np.newaxis] - drawn.gain[:, np.newaxis] * ahead[drawn.shape]
    left = told.pain - (drawn.baseline[:, np.newaxis] - drawn.gain[:, np.newaxis] * behind[drawn.shape])
    middle, spread = course.copy(), np.empty_like(course)
    for place, (share, lasts_d) in enumerate(LASTING):
        mine = drawn.lasting == place
        weight, known = _carried(told.days, days, float(share), float(lasts_d))
        middle[mine] += left[mine] @ weight.T
        spread[mine] = drawn.scatter[mine, np.newaxis] * np.sqrt(np.maximum(1 - known, 1e-6))
    noise = np.random.default_rng(drawn.seed + 1).standard_normal((PER_DRAW, middle.shape[0], 1))
    evenings = np.clip((middle + noise * spread).reshape(-1, days.size), LOW, HIGH)
    expected: Array = np.clip(np.median(course, axis=0), LOW, HIGH)
    quantiles: Array = np.quantile(evenings, LEVELS, axis=0).T
    return expected, quantiles


def _carried(days: Array, ahead: Array, share: float, lasts_d: float) -> tuple[Array, Array]:
    """What the scatter of the evenings behind says of the evenings ahead: weights, and the share of variance they explain."""
    if not share:
        return np.zeros((ahead.size, days.size)), np.zeros(ahead.size)
    own = correlation(days, share, lasts_d)
    between = share * closeness(ahead, days, lasts_d)
    weight: Array = np.asarray(np.linalg.solve(own, between.T).T, dtype=np.float64)
    known: Array = (weight * between).sum(axis=1)
    return weight, known


def _half_lost(told: Told, drawn: Drawn) -> tuple[Array, Array]:
    """For each drawn course, whether it is a response at its greatest, and the day on which half of that is lost for good."""
    relief: Array = (drawn.gain >= PAIN.response_percent.value / 100 * drawn.baseline).astype(float)
    after = told.infusions[-1] + LOOKED_AT
    left = shapes(told, after) / greatest(told)[:, np.newaxis]
    first_below = np.argmax(np.hstack([left <= HALF, np.ones((len(left), 1), dtype=bool)]), axis=1)
    lasted = np.append(LOOKED_AT, LOOKED_AT[-1])[first_below][drawn.shape]
    other_laws = np.exp(OTHER_LAWS.value * np.random.default_rng(drawn.seed + 2).standard_normal(DRAWS))
    half_lost: Array = told.infusions[-1] + lasted * other_laws
    return relief, half_lost


def _when(half_lost: Array, weights: Array, share: float, now: float) -> tuple[Known, Fade | None]:
    if share < 1 - SURE.value:
        return "no_relief", None
    if share < SURE.value:
        return "unclear", None
    early, quarter, median, three, late = _quantiles(half_lost, weights, (0.05, 0.25, 0.5, 0.75, 0.95))
    fade = Fade(median, (quarter, three), (early, late))
    if late <= now:
        return "faded", fade
    last = half_lost.min() if not math.isfinite(early) else early
    start = min(now, last)
    if late - start > WIDEST.value * max(median - start, 7.0):
        return "open_ended", None
    return "known", fade


def _quantiles(values: Array, weights: Array, levels: tuple[float, ...]) -> list[float]:
    order = np.argsort(values)
    edges = np.cumsum(weights[order])
    return [float(values[order[min(int(np.searchsorted(edges, level)), values.size - 1)]]) for level in levels]

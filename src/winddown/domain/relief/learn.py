"""One patient's relief, learned from their own scores: every half-life, shape, size and kind of scatter weighed by how well it tells them.

For a half-life and a half-effect level the course is a straight line in baseline and gain, so both are integrated exactly; the rest is a
small grid. No step is random, and nothing is carried forward: a missing evening is simply not among the scores.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from winddown.domain.pharmacology.linear import Array
from winddown.domain.refusals import Missing
from winddown.domain.relief.prior import HALF_LIVES_D, LASTING, NO_GAIN_SPREAD, SHAPES, SPREADS, Prior

LN_2 = math.log(2)
NEWEST = 300


@dataclass(frozen=True)
class Told:
    """What one patient's record says, in days from the first infusion.

    days, pain    (n,) each scored evening, increasing; before the first infusion below zero
    infusions     (m,) increasing, the first at 0
    sizes         (m,) each infusion as a part of the patient's usual one
    """

    days: Array
    pain: Array
    infusions: Array
    sizes: Array

    @classmethod
    def of(cls, scores: Sequence[tuple[float, float]], infusions: Sequence[float], sizes: Sequence[float] = ()) -> Told:
        """The newest scores are kept when there are very many. Refuses Missing without an infusion."""
        if not infusions:
            raise Missing("There is no infusion to learn from.", code="no_infusion")
        ordered = sorted(scores)[-NEWEST:]
        days, pain = (np.array([row[place] for row in ordered], dtype=float) for place in (0, 1))
        given = np.array(sorted(infusions), dtype=float)
        return cls(days, pain, given, np.array(sizes, dtype=float) if len(sizes) else np.ones(given.size))

    @property
    def before(self) -> Array:
        found: Array = self.pain[self.days <= self.infusions[0]]
        return found

    @property
    def after(self) -> Array:
        found: Array = self.pain[self.days > self.infusions[0]]
        return found

    def digest(self) -> str:
        rows = (self.days, self.pain, self.infusions, self.sizes)
        return sha256("|".join(",".join(f"{value:.5f}" for value in row) for row in rows).encode()).hexdigest()


@dataclass(frozen=True)
class Learned:
    """Weights over the grid [responds, half-life x half-level, lasting, scatter], and what each cell says of baseline and gain.

    mean, spread   (cells..., 2) and (cells..., 2, 2): baseline and gain in points, given the cell
    log_evidence   how well the prior as a whole tells these scores
    """

    told: Told
    prior: Prior
    weights: Array
    mean: Array
    covariance: Array
    log_evidence: float


def site(told: Told, days: Array) -> Array:
    """The slow site at `days` for each half-life: what is left of every infusion before, added up, and the greatest one alone."""
    since = days[:, np.newaxis] - told.infusions
    left = np.exp(-LN_2 / HALF_LIVES_D[:, np.newaxis, np.newaxis] * np.maximum(since, 0.0)) * (since >= 0) * told.sizes
    return np.stack([left.sum(axis=2), left.max(axis=2)])


def shapes(told: Told, days: Array) -> Array:
    """Relief as a fraction of the ceiling, (half-lives x shapes, days)."""
    added, alone = site(told, days)
    adds = SHAPES[:, 1, np.newaxis] > 0
    level = np.where(adds, added[:, np.newaxis, :], alone[:, np.newaxis, :])
    found: Array = (level / (SHAPES[:, 0, np.newaxis] + level)).reshape(HALF_LIVES_D.size * len(SHAPES), days.size)
    return found


def closeness(one: Array, other: Array, days: float) -> Array:
    found: Array = np.exp(-np.abs(one[:, np.newaxis] - other) / days)
    return found


def correlation(days: Array, share: float, lasts_d: float) -> Array:
    """Correlation between evenings: a share of the scatter lasts, the rest is of one evening alone."""
    return share * closeness(days, days, lasts_d) + (1 - share) * np.eye(days.size)


def learn(told: Told, prior: Prior) -> Learned:
    """What this patient's scores teach. With no score at all it is the prior."""
    scale = float(np.mean(told.before)) if told.before.size else prior.baseline[0]
    scale = max(scale, 1.0)
    shape = shapes(told, told.days) / greatest(told)[:, np.newaxis]
    means = np.stack([np.array([prior.baseline[0], prior.gain[0] * scale]), np.array([prior.baseline[0], 0.0])])
    spreads = np.stack([np.array([prior.baseline[1], prior.gain[1] * scale]), np.array([prior.baseline[1], NO_GAIN_SPREAD.value * scale])])
    design = np.stack([np.ones_like(shape), -shape], axis=1)
    sums = [_sums(design, told, share, lasts) for share, lasts in LASTING]
    cells = [_cells(each, told.pain.size, means, spreads) for each in sums]
    log_likelihood, mean, covariance = (np.stack(parts, axis=2) for parts in zip(*cells, strict=True))
    weighted = log_likelihood + _prior_of_cells(prior)
    top = weighted.max()
    total = float(np.exp(weighted - top).sum())
    return Learned(told, prior, np.exp(weighted - top) / total, mean, covariance, float(top + math.log(total)))


def greatest(told: Told) -> Array:
    """The shape at its greatest, right after one of the infusions: there relief is the gain."""
    found: Array = shapes(told, told.infusions).max(axis=1)
    return found


def _sums(design: Array, told: Told, share: float, lasts_d: float) -> tuple[Array, Array, float, float]:
    """X'C^-1 X, X'C^-1 y, y'C^-1 y and ln |C| under one kind of scatter."""
    root = np.linalg.cholesky(correlation(told.days, share, lasts_d)) if told.days.size else np.zeros((0, 0))
    white = np.linalg.inv(root) if told.days.size else root
    x, y = design @ white.T, white @ told.pain
    return x @ np.swapaxes(x, 1, 2), x @ y, float(y @ y), 2 * float(np.log(np.diag(root)).sum())


def _cells(sums: tuple[Array, Array, float, float], n: int, means: Array, spreads: Array) -> tuple[Array, Array, Array]:
    """Log likelihood, mean and covariance of (baseline, gain) by [responds, shape, scatter]."""
    xx, xy, yy, log_det = sums
    variance = SPREADS**2
    known = 1 / spreads**2
    a = xx[np.newaxis, :, np.newaxis] / variance[:, np.newaxis, np.newaxis] + (known[:, np.newaxis] * np.eye(2))[:, np.newaxis, np.newaxis]
    b = xy[np.newaxis, :, np.newaxis] / variance[:, np.newaxis] + (known * means)[:, np.newaxis, np.newaxis]
    det = a[..., 0, 0] * a[..., 1, 1] - a[..., 0, 1] ** 2
    covariance = np.stack([a[..., 1, 1], -a[..., 0, 1], -a[..., 0, 1], a[..., 0, 0]], axis=-1).reshape(*a.shape) / det[..., None, None]
    mean = (covariance @ b[..., np.newaxis])[..., 0]
    fit = yy / variance + (known * means**2).sum(axis=1)[:, np.newaxis, np.newaxis] - (b * mean).sum(axis=-1)
    constant = n * np.log(2 * math.pi * variance) + log_det + 2 * np.log(spreads).sum(axis=1)[:, np.newaxis, np.newaxis]
    return -0.5 * (fit + constant + np.log(det)), mean, covariance


def _prior_of_cells(prior: Prior) -> Array:
    told = prior.weights()
    shape = (told["half_life"][:, np.newaxis] + told["shape"]).reshape(-1)
    found: Array = told["responds"][:, None, None, None] + shape[:, None, None] + told["lasting"][:, None] + told["scatter"]
    return found

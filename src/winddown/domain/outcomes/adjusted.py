"""Chances adjusted for who was treated: logistic regression with errors by patient, and standardization over one's own patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from winddown.domain.outcomes.shares import Z95, Difference
from winddown.domain.refusals import Refusal

Array = NDArray[np.float64]
ROUNDS, ENOUGH, RIDGE = 50, 1e-10, 1e-9
LEAST_PER_TERM = 5
FARTHEST = 25.0


class TooFew(Refusal):
    """Too few outcomes for the terms, terms that cannot be told apart, or outcomes that one term separates entirely.

    `told()` is what a page says it with, in the reader's language: the code, the values and the limits.
    """

    def told(self) -> dict[str, str]:
        return {"code": self.code, **self.details}


@dataclass(frozen=True)
class Fit:
    """Logistic regression: coefficients (k,), and their covariance (k, k) with patients as clusters."""

    coefficients: Array
    covariance: Array
    of: int
    patients: int

    def chances(self, design: Array) -> Array:
        return np.asarray(_logistic(design @ self.coefficients), dtype=float)


@dataclass(frozen=True)
class Standardized:
    """The mean chance had everybody been treated so, with its 95% interval."""

    value: float
    low: float
    high: float


def logistic(design: Array, happened: Sequence[bool], patients: Sequence[int]) -> Fit:
    """Fit by Newton's rounds; the covariance is the sandwich over patients, since one person's series resemble each other.

    design    (n, k) with a column of ones
    refuses   TooFew with fewer than five outcomes of the rarer kind for each term, or where no finite fit exists
    """
    outcome, who = np.asarray(happened, float), np.asarray(patients)
    rarer, terms = int(min(outcome.sum(), len(outcome) - outcome.sum())), design.shape[1] - 1
    if rarer < LEAST_PER_TERM * max(terms, 1):
        raise TooFew(
            because=f"{rarer} outcomes of the rarer kind are too few for {terms} terms (at least {LEAST_PER_TERM} for each).",
            way_out="Look at the raw figures, or widen the period.",
            code="too_few_outcomes",
            details={"rarer": str(rarer), "terms": str(terms), "least": str(LEAST_PER_TERM * max(terms, 1))},
        )
    apart = int(np.linalg.matrix_rank(design)) - 1
    if apart < terms:
        raise TooFew(
            because=f"Of {terms} terms only {apart} can be told apart.",
            way_out="Look at the raw figures.",
            code="terms_not_apart",
            details={"terms": str(terms), "apart": str(apart)},
        )
    beta = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        chance = _logistic(design @ beta)
        bread = design.T @ (design * (chance * (1 - chance))[:, None]) + RIDGE * np.eye(len(beta))
        step = np.linalg.solve(bread, design.T @ (outcome - chance))
        beta = beta + step
        if np.abs(beta).max() > FARTHEST:
            break
        if np.abs(step).max() < ENOUGH:
            return Fit(beta, _sandwich(design, outcome, beta, who), len(outcome), len(set(who.tolist())))
    raise TooFew(
        because=f"One of the terms separates the {len(outcome)} outcomes entirely.",
        way_out="Look at the raw figures.",
        code="outcomes_separated",
        details={"of": str(len(outcome)), "rarer": str(rarer)},
    )


def _sandwich(design: Array, outcome: Array, beta: Array, who: NDArray[np.int64]) -> Array:
    chance = _logistic(design @ beta)
    bread = np.linalg.inv(design.T @ (design * (chance * (1 - chance))[:, None]) + RIDGE * np.eye(len(beta)))
    scores = design * (outcome - chance)[:, None]
    _, place = np.unique(who, return_inverse=True)
    summed = np.zeros((int(place.max()) + 1, len(beta)))
    np.add.at(summed, place, scores)
    groups = len(summed)
    return np.asarray(bread @ (summed.T @ summed) @ bread * groups / max(groups - 1, 1), dtype=float)


def standardized(fit: Fit, design: Array) -> Standardized:
    """The mean of the fitted chances over these rows, with the delta method's interval on the scale of log odds."""
    value, slope = _mean_and_slope(fit, design)
    error = _error(fit, slope)
    inside = min(max(value, 1e-9), 1 - 1e-9)
    odds, half = log(inside / (1 - inside)), Z95 * error / (inside * (1 - inside))
    low, high = _logistic(np.array([odds - half, odds + half]))
    return Standardized(value, float(low), float(high))


def contrast(fit: Fit, first: Array, second: Array) -> Difference:
    """Mean chance under the first treatment minus under the second, over the same people."""
    one, slope_one = _mean_and_slope(fit, first)
    two, slope_two = _mean_and_slope(fit, second)
    slope = slope_one - slope_two
    half = Z95 * _error(fit, slope)
    return Difference(one - two, one - two - half, one - two + half)


def _mean_and_slope(fit: Fit, design: Array) -> tuple[float, Array]:
    chance = fit.chances(design)
    return float(chance.mean()), np.asarray((design * (chance * (1 - chance))[:, None]).mean(axis=0), dtype=float)


def _error(fit: Fit, slope: Array) -> float:
    return sqrt(max(float(slope @ fit.covariance @ slope), 0.0))


def _logistic(value: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(value, -500, 500))), dtype=float)

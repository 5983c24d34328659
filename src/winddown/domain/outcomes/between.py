"""Relapse lies between two answers, not on a day: the estimate that knows only the interval (Turnbull 1976)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from winddown.domain.refusals import OutOfRange

ENOUGH, MOST_ROUNDS = 1e-9, 20_000
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Between:
    """Where the relapses lie: probability `mass` somewhere in each (after, until]; nothing between the intervals.

    `until` is infinite for those whose relapse nobody has seen. Inside an interval the curve's course cannot be known.
    """

    after: Array
    until: Array
    mass: Array
    of: int

    def well_by(self, day: float) -> tuple[float, float]:
        """Least and most that may still be well at a day: they differ where the day falls into an interval."""
        least = 1.0 - float(self.mass[self.after < day].sum())
        most = 1.0 - float(self.mass[self.until <= day].sum())
        return max(least, 0.0), min(most, 1.0)


def turnbull(after: Sequence[float], until: Sequence[float]) -> Between:
    """The nonparametric estimate of largest likelihood from intervals (after, until]; until may be infinite.

    refuses  OutOfRange for an interval that ends before it begins
    source   Turnbull 1976 (self-consistency), doi:10.1111/j.2517-6161.1976.tb01597.x
    """
    left, right = np.asarray(after, float), np.asarray(until, float)
    if len(left) != len(right) or (left < 0).any() or (right < left).any():
        raise OutOfRange(because="An interval ends before it begins.", way_out="Order the answers by time.", code="interval")
    if not len(left):
        return Between(np.zeros(0), np.zeros(0), np.zeros(0), 0)
    left = np.where(left == right, np.nextafter(left, -inf), left)
    starts, ends = _innermost(left, right)
    alike, times = np.unique(np.column_stack([left, right]), axis=0, return_counts=True)
    holds = (starts[None, :] >= alike[:, :1]) & (ends[None, :] <= alike[:, 1:])
    mass = _likeliest(holds, times)
    keep = mass > 1e-6
    return Between(starts[keep], ends[keep], mass[keep] / mass[keep].sum(), len(left))


def _innermost(left: Array, right: Array) -> tuple[Array, Array]:
    """Turnbull's intervals: a left end directly followed by a right end in the order of all ends. (a, b] begins after b' = a."""
    ends = sorted([(value, 1, "left") for value in set(left.tolist())] + [(value, 0, "right") for value in set(right.tolist())])
    pairs = [(one[0], two[0]) for one, two in pairwise(ends) if one[2] == "left" and two[2] == "right"]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


def _likeliest(holds: NDArray[np.bool_], times: NDArray[np.int64]) -> Array:
    """Rounds of self-consistency until no mass moves. times: how many people have each interval."""
    weights, of = holds.astype(float), times.sum()
    mass = np.full(holds.shape[1], 1.0 / holds.shape[1])
    for _ in range(MOST_ROUNDS):
        moved = mass * (weights.T @ (times / (weights @ mass))) / of
        if float(np.abs(moved - mass).max()) < ENOUGH:
            return np.asarray(moved, dtype=float)
        mass = moved
    return mass

"""Places or clinicians beside one another: what was seen against what their own patients let expect, inside exact limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
WARN, ACT = 0.95, 0.998
FEWEST = 10


@dataclass(frozen=True)
class Unit:
    """One place: n patients, how many responded, how many a mix like theirs lets expect, and where that stands.

    chance   of a count at least so far from what was expected, if this place were like all: exact, two-sided
    inside   "95", "99.8" when it lies between both limits, "out" beyond both, "few" with too few people to say
    """

    key: str
    of: int
    seen: int
    expected: float
    adjusted: float | None
    low95: float
    high95: float
    low998: float
    high998: float
    chance: float
    inside: str


def unit(key: str, seen: int, chances: Sequence[float], overall: float) -> Unit:
    """One place judged by the chances of its own patients (the distribution of their sum is exact, no normal curve).

    adjusted  seen / expected x overall, the indirectly standardized share; the limits are on the same scale
    """
    of, expected = len(chances), float(np.sum(chances))
    density = poisson_binomial(chances)
    if expected <= 0:
        return Unit(key, of, seen, 0.0, None, 0.0, 1.0, 0.0, 1.0, 1.0, "few")
    low, high, far_low, far_high = (edge * overall / expected for level in (WARN, ACT) for edge in exact_limits(density, level))
    far = min(1.0, 2 * min(float(density[: seen + 1].sum()), float(density[seen:].sum())))
    adjusted = seen / expected * overall
    where = "few" if of < FEWEST else "out" if far < 1 - ACT else "99.8" if far < 1 - WARN else "95"
    return Unit(key, of, seen, expected, adjusted, low, high, far_low, far_high, far, where)


def poisson_binomial(chances: Sequence[float]) -> Array:
    """(n + 1,) probability of each count when every person has a chance of their own."""
    density = np.ones(1)
    for chance in chances:
        density = np.convolve(density, [1 - chance, chance])
    return density


def exact_limits(density: Array, level: float) -> tuple[float, float]:
    """The counts at which each tail is (1 - level) / 2, interpolated between whole counts.

    source  Spiegelhalter 2005, doi:10.1002/sim.1970, appendix A.1.1
    """
    tail, summed = (1 - level) / 2, np.cumsum(density)
    return _where(summed, tail), min(_where(summed, 1 - tail), float(len(density) - 1))


def _where(summed: Array, share: float) -> float:
    place = int(np.searchsorted(summed, share))
    place = min(place, len(summed) - 1)
    before = float(summed[place - 1]) if place else 0.0
    step = float(summed[place]) - before
    return max(place - ((float(summed[place]) - share) / step if step > 0 else 0.0), 0.0)


def limits_by_size(overall: float, sizes: Sequence[int], level: float) -> list[tuple[int, float, float]]:
    """The funnel itself: (n, low, high) shares for places whose patients are like all."""
    found = []
    for size in sizes:
        low, high = exact_limits(poisson_binomial([overall] * size), level)
        found.append((size, low / size, high / size))
    return found

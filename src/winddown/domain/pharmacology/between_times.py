"""Bands of a population at every asked time, from counts at some of them: `graded_times.py` chooses which.

Between two counted times a band is a cubic through the logarithms of the four nearest in its stretch from one change of rate to the next.
A curve may bend more than a cubic follows, so that is never taken on trust: every counted time beside a gap is also drawn from its
neighbors as if it had not been counted, and where that misses, its whole stretch is counted. At twice the distance a cubic errs at least
six times as much.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from winddown.domain.pharmacology.compartments import SAME_STEP, without_repeats
from winddown.domain.pharmacology.graded_times import NOTHING, Ask, Chosen, Places, Stretch, chosen
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.quantiles import Counter, Tally

MISSED = 0.005  # by so much a time may differ from what its neighbors say, twice as far apart as they are when it is counted
DEVIATIONS = 5.0  # of what patients overtaking one another explains, beside it
POINTS = 4  # counted times that a band is drawn through
TOLD = 1e-9  # of a line's highest band: what is smaller is drawn and not checked


def lines(
    ask: Ask, patients: int, at_min: Array, *, changes_min: Iterable[float], fractions: Sequence[float], at_once: int
) -> dict[str, Array]:
    """line -> (fractions, m) quantiles of the first `patients` patients at every time.

    at_min       (m,) minutes, not decreasing
    changes_min  every minute at which a rate changes
    fractions    rising
    at_once      patients asked for together; changes no number
    """
    times = without_repeats(at_min)
    some = chosen(ask, patients, times, changes_min, fractions)
    if some is None:
        known = _counted(ask, patients, times, fractions, at_once)
    else:
        known = _counted(ask, patients, times[some.places], fractions, at_once)
        wrong = [np.arange(first, last + 1) for first, last in some.stretches if _misses(some, (first, last), times, known)]
        places = np.unique(np.concatenate([some.places, *wrong]))
        more = np.setdiff1d(places, some.places)
        if more.size:
            rest, order = _counted(ask, patients, times[more], fractions, at_once), np.argsort(np.concatenate([some.places, more]))
            known = {name: np.hstack([quantiles, rest[name]])[:, order] for name, quantiles in known.items()}
        known = _filled(known, places, some.stretches, times)
    asked = np.searchsorted(times, at_min + SAME_STEP, side="right") - 1
    return {name: quantiles[:, asked] for name, quantiles in known.items()}


def _counted(ask: Ask, patients: int, times: Array, fractions: Sequence[float], at_once: int) -> dict[str, Array]:
    """line -> (fractions, m) quantiles at these times, counted."""
    counters: dict[str, Counter] = {}
    for first in range(0, patients, at_once):
        for name, courses in ask(first, min(at_once, patients - first), times).items():
            if name not in counters:
                counters[name] = Counter.empty(times.size)
            counters[name].add(courses)
    return {name: Tally(counter.counts).quantiles(fractions) for name, counter in counters.items()}


def _misses(some: Chosen, stretch: Stretch, times: Array, known: Mapping[str, Array]) -> bool:
    """Whether a counted time beside a gap is not where its neighbors say, or a band comes out of nothing or goes into it at a gap."""
    first, last = np.searchsorted(some.places, stretch)
    mine = some.places[first : last + 1]
    gaps = np.diff(mine)
    if not np.any(gaps > 1):
        return False
    doubted = 1 + np.flatnonzero((gaps[1:] > 1) | (gaps[:-1] > 1))
    five = np.clip(doubted - POINTS // 2, 0, mine.size - POINTS - 1)[:, np.newaxis] + np.arange(POINTS + 1)
    around = five[five != doubted[:, np.newaxis]].reshape(doubted.size, POINTS)
    weights = _weights(times[mine[doubted]], times[mine[around]])
    _, windows = _windows(mine, stretch)
    for name, quantiles in known.items():
        here = quantiles[:, first : last + 1]
        told, logs = here > TOLD * quantiles.max(), np.log(np.maximum(here, NOTHING))
        off = np.abs(np.einsum("fkp,kp->fk", logs[:, around], weights) - logs[:, doubted])
        wrong = told[:, doubted] & (off > MISSED + DEVIATIONS * some.noise[name][:, first + doubted])
        if wrong.any() or np.any((here < NOTHING)[:, windows].any(axis=2) & told[:, windows].any(axis=2)):
            return True
    return False


def _windows(mine: Places, stretch: Stretch) -> tuple[Places, Places]:
    """(k,) the places of a stretch that were not counted, and (k, POINTS) which of the counted ones `mine` are nearest to each."""
    rest = np.setdiff1d(np.arange(stretch[0], stretch[1] + 1), mine)
    begin = np.clip(np.searchsorted(mine, rest) - POINTS // 2, 0, max(mine.size - POINTS, 0))
    return rest, begin[:, np.newaxis] + np.arange(POINTS)


def _filled(known: Mapping[str, Array], places: Places, stretches: Sequence[Stretch], times: Array) -> dict[str, Array]:
    """The quantiles at every time. Where one of the four counts as nothing, a straight line from one counted time to the next."""
    bounds = [np.searchsorted(places, stretch) for stretch in stretches]
    parts = [_windows(places[a : b + 1], stretch) for (a, b), stretch in zip(bounds, stretches, strict=True)]
    rest = np.concatenate([part for part, _ in parts])
    windows = np.concatenate([a + part for (a, _), (_, part) in zip(bounds, parts, strict=True)])
    weights, after = _weights(times[rest], times[places[windows]]), np.searchsorted(places, rest)
    before_min, after_min = times[places[after - 1]], times[places[after]]
    share = (times[rest] - before_min) / (after_min - before_min)
    filled = {}
    for name, quantiles in known.items():
        smooth = np.exp(np.einsum("fkp,kp->fk", np.log(np.maximum(quantiles, NOTHING))[:, windows], weights))
        straight = quantiles[:, after - 1] * (1.0 - share) + quantiles[:, after] * share
        filled[name] = np.empty((quantiles.shape[0], times.size))
        filled[name][:, places] = quantiles
        filled[name][:, rest] = np.where((quantiles < NOTHING)[:, windows].any(axis=2), straight, smooth)
    return filled


def _weights(at: Array, around: Array) -> Array:
    """(k, POINTS) what each of the points around (k, POINTS) counts in a polynomial through them, read at (k,) `at`."""
    weights = np.ones(around.shape)
    for i, j in itertools.permutations(range(around.shape[1]), 2):
        weights[:, i] *= (at - around[:, j]) / (around[:, i] - around[:, j])
    return weights

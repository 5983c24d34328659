"""Bands of a population at every asked time, from counts at some of them: `graded_times.py` chooses which.

Between two counted times a band is a cubic through the logarithms of the four nearest in its stretch from one change of rate to the next.
A curve may bend more than a cubic follows, so that is never taken on trust: every counted time beside a gap is also drawn from its
neighbors as if it had not been counted, and where that misses, its whole stretch is counted. At twice the distance a cubic errs at least
six times as much.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
        between = _between(some.places, some.stretches, times)
        more = _missed(some, between, known)
        if more.size:
            rest, order = _counted(ask, patients, times[more], fractions, at_once), np.argsort(np.concatenate([some.places, more]))
            known = {name: np.hstack([quantiles, rest[name]])[:, order] for name, quantiles in known.items()}
            between = _between(np.union1d(some.places, more), some.stretches, times)
        known = _filled(known, between, times)
    asked = np.searchsorted(times, at_min + SAME_STEP, side="right") - 1
    return {name: quantiles[:, asked] for name, quantiles in known.items()}


def _counted(ask: Ask, patients: int, times: Array, fractions: Sequence[float], at_once: int) -> dict[str, Array]:
    """line -> (fractions, m) quantiles at these times, counted."""
    counters: dict[str, Counter] = {}
    for first in range(0, patients, at_once):
        for name, courses in ask(first, min(at_once, patients - first), times).items():
            if name not in counters:
                counters[name] = Counter.empty(times.size, patients)
            counters[name].add(courses)
    return {name: Tally(counter.counts).quantiles(fractions) for name, counter in counters.items()}


@dataclass(frozen=True)
class _Between:
    """Times that were not counted, and counted ones beside them that are drawn from their neighbors to see whether that would do.

    places            (c,) which of the times were counted; rest: (k,) which were not
    windows           (k, POINTS) the counted ones nearest to each in its stretch; weights: (k, POINTS) what they count
    doubted           (d,) counted ones beside a gap; around, against: (d, POINTS) their neighbors and what those count
    of_rest, of_doubt (k,), (d,) the number of the stretch of each
    """

    places: Places
    rest: Places
    windows: Places
    weights: Array
    of_rest: Places
    doubted: Places
    around: Places
    against: Array
    of_doubt: Places


def _between(places: Places, stretches: Sequence[Stretch], times: Array) -> _Between:
    parts: list[tuple[Places, ...]] = []
    for number, (first, last) in enumerate(stretches):
        begin, end = np.searchsorted(places, (first, last))
        mine = places[begin : end + 1]
        if mine.size == last - first + 1:
            continue
        left = np.ones(last - first + 1, dtype=bool)
        left[mine - first] = False
        rest, gaps = first + np.flatnonzero(left), np.diff(mine)
        nearest = np.clip(np.searchsorted(mine, rest) - POINTS // 2, 0, mine.size - POINTS)
        doubted = 1 + np.flatnonzero((gaps[1:] > 1) | (gaps[:-1] > 1))
        five = np.clip(doubted - POINTS // 2, 0, mine.size - POINTS - 1)[:, np.newaxis] + np.arange(POINTS + 1)
        around = five[five != doubted[:, np.newaxis]].reshape(doubted.size, POINTS)
        windows = nearest[:, np.newaxis] + np.arange(POINTS)
        numbers = np.full(rest.size, number), np.full(doubted.size, number)
        parts.append((rest, begin + windows, begin + doubted, begin + around, *numbers))
    none, fours = np.zeros(0, dtype=np.intp), np.zeros((0, POINTS), dtype=np.intp)
    every = zip((none, fours, none, fours, none, none), *parts, strict=True)
    rest, windows, doubted, around, of_rest, of_doubt = (np.concatenate(part) for part in every)
    counted = times[places]
    weights, against = _weights(times[rest], counted[windows]), _weights(counted[doubted], counted[around])
    return _Between(places, rest, windows, weights, of_rest, doubted, around, against, of_doubt)


def _missed(some: Chosen, between: _Between, known: Mapping[str, Array]) -> Places:
    """The times left out of stretches in which a counted time is not where its neighbors say, or a band comes out of nothing at a gap."""
    wrong: list[Places] = []
    for name, quantiles in known.items():
        told, nothing, logs = quantiles > TOLD * quantiles.max(), quantiles < NOTHING, np.log(np.maximum(quantiles, NOTHING))
        off = np.abs(np.einsum("fkp,kp->fk", logs[:, between.around], between.against) - logs[:, between.doubted])
        misses = told[:, between.doubted] & (off > MISSED + DEVIATIONS * some.noise[name][:, between.doubted])
        begins = nothing[:, between.windows].any(axis=2) & told[:, between.windows].any(axis=2)
        wrong += [between.of_doubt[misses.any(axis=0)], between.of_rest[begins.any(axis=0)]]
    return np.asarray(between.rest[np.isin(between.of_rest, np.concatenate(wrong))])


def _filled(known: Mapping[str, Array], between: _Between, times: Array) -> dict[str, Array]:
    """The quantiles at every time. Where one of the four counts as nothing, a straight line from one counted time to the next."""
    places, rest, windows = between.places, between.rest, between.windows
    after = np.searchsorted(places, rest)
    before_min, after_min = times[places[after - 1]], times[places[after]]
    share = (times[rest] - before_min) / (after_min - before_min)
    filled = {}
    for name, quantiles in known.items():
        smooth = np.exp(np.einsum("fkp,kp->fk", np.log(np.maximum(quantiles, NOTHING))[:, windows], between.weights))
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

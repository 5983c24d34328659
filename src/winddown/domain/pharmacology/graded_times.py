"""Which of the asked times are counted when a population's bands are drawn, and the bands at the times in between.

From one change of rate to the next a level is a sum of exponentials, so a quantile of many patients is a smooth curve of time, steep only
just after the change. The first times after a change are all counted, later ones at growing distances, the last one before the next
change always; between them each band is a cubic through the logarithms of the four nearest, never across a change.

Two things can make that wrong, and both are looked at. Patients overtake one another: a quantile of few patients is rough, and where two
counted times lie so far apart that the roughness between them would show, times between them are counted too. How rough it is is read
from the first PILOT patients: how many of them cross the quantile, and how densely they stand there. And a curve may bend: every counted
time beside a gap is drawn from its neighbors as if it had not been counted, and where that misses, its whole stretch is counted.
Nothing here depends on chunks, cores or their order: docs/adr/0024.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.compartments import SAME_STEP, without_repeats
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.quantiles import EDGES, MANTISSA_BITS, Counter, Tally

Ask = Callable[[int, int, Array], Mapping[str, Array]]
"""(first, n, times) -> line -> (n, m): the courses of the patients `first` to `first + n - 1` at these minutes."""
Places = NDArray[np.intp]

FEWEST_PATIENTS = 4_000  # below, quantiles are so rough that every time is counted
PILOT = 512  # the first patients, from whom the roughness is read
NEAR_FRACTION = 0.04  # on both sides of a fraction: over so many patients their density is measured
GROWTH = 0.25  # a gap is at most this share of the time since the change
ROUGHNESS = 0.004  # of a quantile: one standard deviation that may be left between two counted times
MISSED = 0.005  # by so much a time may differ from what its neighbors say, twice as far apart as they are when it is counted
DEVIATIONS = 5.0  # of what patients overtaking one another explains, beside it
POINTS = 4  # counted times that a band is drawn through
NOTHING = float(EDGES[1])  # what is smaller counts as 0
FAINT = 1e-10  # of a line's highest band: what is smaller is not refined
BIN = 0.4 * 0.7 * 2.0**-MANTISSA_BITS  # variance, in shares of the quantile, that a bin adds for each share over which one patient is found
WORTH = 0.8  # of the times: where more would have to be counted, all are


@dataclass(frozen=True)
class Chosen:
    """Times that are counted, as places among the asked ones.

    stretches  (first, last) places between two changes of rate; neighbors share at most the time of the change
    places     (c,) rising, both ends of every stretch among them
    noise      line -> (fractions, c) by what share of itself a quantile may differ from what its neighbors say, one standard deviation
    """

    stretches: Sequence[tuple[int, int]]
    places: Places
    noise: Mapping[str, Array]


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
    chosen = _chosen(ask, patients, times, _stretches(times, changes_min), fractions)
    everything = np.arange(times.size)
    if chosen is None:
        known = _counted(ask, patients, times, fractions, at_once)
    else:
        known = _counted(ask, patients, times[chosen.places], fractions, at_once)
        wrong = [np.arange(a, b + 1) for a, b in chosen.stretches if _missed(chosen, (a, b), times, known)]
        places = np.union1d(chosen.places, np.concatenate([everything[:0], *wrong]))
        more = np.setdiff1d(places, chosen.places)
        if more.size:
            known = _joined(known, _counted(ask, patients, times[more], fractions, at_once), chosen.places, more)
        known = _filled(known, places, chosen.stretches, times)
    asked = np.searchsorted(times, at_min + SAME_STEP, side="right") - 1
    return {name: quantiles[:, asked] for name, quantiles in known.items()}


def _stretches(times: Array, changes_min: Iterable[float]) -> list[tuple[int, int]]:
    """(first, last) places of the times between two changes of rate, a time at a change belonging to both; empty ones left out."""
    bounds = [-np.inf, *sorted(changes_min), np.inf]
    found = []
    for begin, end in itertools.pairwise(bounds):
        first = int(np.searchsorted(times, begin - SAME_STEP))
        last = int(np.searchsorted(times, end + SAME_STEP, side="right")) - 1
        if last >= first:
            found.append((first, last))
    return found


def _graded(times: Array, first: int, last: int) -> list[int]:
    """Places from `first` to `last`: each gap a power of two of places, and at most GROWTH of the time since the first."""
    places = [first]
    while places[-1] < last:
        here, gap = places[-1], 1
        while here + 2 * gap <= last and times[here + 2 * gap] - times[here] <= GROWTH * (times[here] - times[first]):
            gap *= 2
        places.append(here + gap)
    return places


def _chosen(ask: Ask, patients: int, times: Array, stretches: Sequence[tuple[int, int]], fractions: Sequence[float]) -> Chosen | None:
    """What to count, or nothing where counting everything costs as little."""
    if patients < FEWEST_PATIENTS:
        return None
    coarse = np.unique(np.concatenate([_graded(times, *stretch) for stretch in stretches]))
    if coarse.size > WORTH * times.size:
        return None
    pilot = {name: _roughness(courses, fractions, patients) for name, courses in ask(0, PILOT, times[coarse]).items()}
    parts = _parts(np.diff(coarse), np.max([rough.max(axis=0) for rough, _ in pilot.values()], axis=0))
    places = np.repeat(coarse[:-1], parts) + _within(parts) * np.repeat(np.diff(coarse) // parts, parts)
    if places.size > WORTH * times.size:
        return None
    noise = {
        name: _noise(np.repeat(rough / np.sqrt(parts), parts, axis=1), sparse, parts, patients / PILOT)
        for name, (rough, sparse) in pilot.items()
    }
    return Chosen(stretches, np.append(places, coarse[-1]), noise)


def _within(parts: Places) -> Places:
    """0, 1 ... of each gap's parts, one after the other."""
    return np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)


def _parts(gaps: Places, rough: Array) -> Places:
    """Into how many equal parts each gap, a power of two of places, is cut. Roughness falls with the root of the distance."""
    doublings = np.ceil(2.0 * np.log2(np.maximum(rough / ROUGHNESS, 1.0)))
    return np.asarray(np.minimum(gaps, 1 << np.minimum(doublings, 40.0).astype(np.intp)))


def _roughness(courses: Array, fractions: Sequence[float], patients: int) -> tuple[Array, Array]:
    """What the pilot (n, c) says: (fractions, c - 1) roughness in the middle of each gap, (fractions, c) how sparse patients stand.

    A patient who crosses the quantile between two times moves it by one place from then on. Spread at random between the two, the
    crossings leave half the root of their number in the middle; a place is worth the share of the quantile over which one patient
    is found. An infinite share says that the pilot shows nobody on one side of the quantile.
    """
    n, turned = courses.shape[0], np.ascontiguousarray(courses.T)
    ordered = np.sort(turned, axis=1)
    peak = max(float(ordered[:, round(max(fractions) * (n - 1))].max()), NOTHING)
    rough, sparse = [], []
    for fraction in fractions:
        low, high = max(fraction - NEAR_FRACTION, 0.0), min(fraction + NEAR_FRACTION, 1.0)
        at, below, above = (ordered[:, round(part * (n - 1))] for part in (fraction, low, high))
        under = turned < at[:, np.newaxis]
        crossing = np.count_nonzero(under[1:] != under[:-1], axis=1) * (patients / n)
        with np.errstate(divide="ignore", invalid="ignore"):
            one = np.where(at > FAINT * peak, np.log(above / below), 0.0) / ((high - low) * patients)
        sparse.append(one)
        rough.append(np.where(crossing > 0, 0.5 * np.sqrt(crossing) * np.maximum(one[1:], one[:-1]), 0.0))
    return np.array(rough), np.array(sparse)


def _noise(rough: Array, sparse: Array, parts: Places, unseen: float) -> Array:
    """(fractions, c) of a quantile against its neighbors: overtaking on both sides, crossings that the pilot was too small to see, bins."""
    sparse = np.hstack([np.repeat(sparse[:, :-1], parts, axis=1), sparse[:, -1:]])
    beside = np.pad(rough, ((0, 0), (1, 1)))
    return np.asarray(np.sqrt(2.0 * (beside[:, 1:] ** 2 + beside[:, :-1] ** 2) + unseen * sparse**2 + BIN * sparse))


def _counted(ask: Ask, patients: int, times: Array, fractions: Sequence[float], at_once: int) -> dict[str, Array]:
    """line -> (fractions, m) quantiles at these times, counted."""
    counters: dict[str, Counter] = {}
    for first in range(0, patients, at_once):
        for name, courses in ask(first, min(at_once, patients - first), times).items():
            if name not in counters:
                counters[name] = Counter.empty(times.size)
            counters[name].add(courses)
    return {name: Tally(counter.counts).quantiles(fractions) for name, counter in counters.items()}


def _joined(one: Mapping[str, Array], other: Mapping[str, Array], places: Places, more: Places) -> dict[str, Array]:
    order = np.argsort(np.concatenate([places, more]))
    return {name: np.hstack([one[name], other[name]])[:, order] for name in one}


def _missed(chosen: Chosen, stretch: tuple[int, int], times: Array, known: Mapping[str, Array]) -> bool:
    """Whether a counted time beside a gap is not where its neighbors say, or a band comes out of nothing or goes into it between two."""
    first, last = np.searchsorted(chosen.places, stretch)
    mine = chosen.places[first : last + 1]
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
        told = here > FAINT * quantiles.max()
        logs = np.log(np.maximum(here, NOTHING))
        off = np.abs(np.einsum("fkp,kp->fk", logs[:, around], weights) - logs[:, doubted])
        allowed = MISSED + DEVIATIONS * chosen.noise[name][:, first + doubted]
        near = here[:, windows]
        if np.any((off > allowed) & told[:, doubted]) or np.any((near < NOTHING).any(axis=2) & told[:, windows].any(axis=2)):
            return True
    return False


def _windows(mine: Places, stretch: tuple[int, int]) -> tuple[Places, Places]:
    """(k,) the places of a stretch that were not counted, and (k, POINTS) which of the counted ones `mine` are nearest to each."""
    rest = np.setdiff1d(np.arange(stretch[0], stretch[1] + 1), mine)
    begin = np.clip(np.searchsorted(mine, rest) - POINTS // 2, 0, max(mine.size - POINTS, 0))
    return rest, begin[:, np.newaxis] + np.arange(POINTS)


def _filled(known: Mapping[str, Array], places: Places, stretches: Sequence[tuple[int, int]], times: Array) -> dict[str, Array]:
    """The quantiles at every time: those counted as they are, those between by a cubic through the logarithms of four counted ones."""
    parts = []
    for stretch in stretches:
        first, last = np.searchsorted(places, stretch)
        rest, windows = _windows(places[first : last + 1], stretch)
        parts.append((rest, first + windows))
    rest, windows = (np.concatenate(part) for part in zip(*parts, strict=True))
    weights = _weights(times[rest], times[places[windows]])
    after = np.searchsorted(places, rest)
    share = (times[rest] - times[places[after - 1]]) / (times[places[after]] - times[places[after - 1]])
    filled = {}
    for name, quantiles in known.items():
        whole = np.empty((quantiles.shape[0], times.size))
        smooth = np.exp(np.einsum("fkp,kp->fk", np.log(np.maximum(quantiles, NOTHING))[:, windows], weights))
        straight = quantiles[:, after - 1] * (1.0 - share) + quantiles[:, after] * share
        whole[:, places] = quantiles
        whole[:, rest] = np.where((quantiles[:, windows] < NOTHING).any(axis=2), straight, smooth)
        filled[name] = whole
    return filled


def _weights(at: Array, around: Array) -> Array:
    """(k, POINTS) what each of the points around (k, POINTS) counts in a polynomial through them, read at (k,) `at`."""
    weights = np.ones(around.shape)
    for i, j in itertools.permutations(range(around.shape[1]), 2):
        weights[:, i] *= (at - around[:, j]) / (around[:, i] - around[:, j])
    return weights

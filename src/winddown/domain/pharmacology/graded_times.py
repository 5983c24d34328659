"""Which of the asked times are counted when a population's bands are drawn.

From one change of rate to the next a level is a sum of exponentials, so a quantile of many patients is a smooth curve of time, steep only
just after the change. The first times after a change are all counted, later ones at growing distances, the last one before the next
change always; `between_times.py` draws the bands in between, never across a change.

That is enough for a curve and not for patients, who overtake one another: a quantile of few patients is rough. How rough it is, the first
PILOT patients say, by how many of them cross the quantile and how densely they stand there. Where two counted times lie so far apart that
roughness between them would show, times between them are counted too. Nothing here depends on chunks, cores or their order: docs/adr/0024.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.compartments import SAME_STEP
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.quantiles import EDGES, MANTISSA_BITS

Ask = Callable[[int, int, Array], Mapping[str, Array]]
"""(first, n, times) -> line -> (n, m): the courses of the patients `first` to `first + n - 1` at these minutes."""
Places = NDArray[np.intp]
Stretch = tuple[int, int]

FEWEST_PATIENTS = 4_000  # below, quantiles are so rough that every time is counted
PILOT = 256  # the first patients, from whom the roughness is read
NEAR_FRACTION = 0.04  # on both sides of a fraction: over so many patients their density is measured
GROWTH = 0.25  # a gap is at most this share of the time since the change
ROUGHNESS = 0.006  # of a quantile: one standard deviation that may be left between two counted times
FURTHEST = 1.0  # by how much the logarithm of a quantile may differ between two counted times
NOTHING = float(EDGES[1])  # what is smaller counts as 0
FAINT = 1e-10  # of a line's highest band: what is smaller is not refined
BIN = 0.25 * 2.0**-MANTISSA_BITS  # a bin's width in shares of a value, times the variance of where in it a patient stands among others
WORTH = 0.8  # of the times: where more would have to be counted, all are


@dataclass(frozen=True)
class Chosen:
    """Times that are counted, as places among the asked ones.

    stretches  (first, last) places between two changes of rate; neighbors share at most the time of the change
    places     (c,) rising, both ends of every stretch among them
    noise      line -> (fractions, c) by what share of itself a quantile may differ from what its neighbors say, one standard deviation
    """

    stretches: Sequence[Stretch]
    places: Places
    noise: Mapping[str, Array]


@dataclass(frozen=True)
class _Seen:
    """What the pilot shows of one line at c times.

    rough   (fractions, c - 1) standard deviation of a quantile in the middle of each gap, as a share of it
    sparse  (fractions, c) the share of a quantile over which one patient is found; infinite where one side of it shows nobody
    wanted  (c - 1,) into how many parts each gap should be cut
    """

    rough: Array
    sparse: Array
    wanted: Array


def chosen(ask: Ask, patients: int, times: Array, changes_min: Iterable[float], fractions: Sequence[float]) -> Chosen | None:
    """What to count, or nothing where counting everything costs as little.

    times  (m,) minutes, increasing; changes_min: every minute at which a rate changes
    """
    if patients < FEWEST_PATIENTS:
        return None
    stretches = between_changes(times, changes_min)
    coarse = np.unique(np.concatenate([graded(times, *stretch) for stretch in stretches]))
    if coarse.size > WORTH * times.size:
        return None
    pilot = {name: _seen(courses, fractions, patients) for name, courses in ask(0, PILOT, times[coarse]).items()}
    parts = _parts(np.diff(coarse), np.max([seen.wanted for seen in pilot.values()], axis=0))
    within = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    places = np.append(np.repeat(coarse[:-1], parts) + within * np.repeat(np.diff(coarse) // parts, parts), coarse[-1])
    if places.size > WORTH * times.size:
        return None
    return Chosen(stretches, places, {name: _noise(seen, parts, patients / PILOT) for name, seen in pilot.items()})


def between_changes(times: Array, changes_min: Iterable[float]) -> list[Stretch]:
    """(first, last) places of the times between two changes of rate, a time at a change belonging to both; empty ones left out."""
    found = []
    for begin, end in itertools.pairwise([-np.inf, *sorted(changes_min), np.inf]):
        first = int(np.searchsorted(times, begin - SAME_STEP))
        last = int(np.searchsorted(times, end + SAME_STEP, side="right")) - 1
        if last >= first:
            found.append((first, last))
    return found


def graded(times: Array, first: int, last: int) -> list[int]:
    """Places from `first` to `last`: each gap a power of two of places, and at most GROWTH of the time since the first."""
    places = [first]
    while places[-1] < last:
        here, gap = places[-1], 1
        while here + 2 * gap <= last and times[here + 2 * gap] - times[here] <= GROWTH * (times[here] - times[first]):
            gap *= 2
        places.append(here + gap)
    return places


def _parts(gaps: Places, wanted: Array) -> Places:
    """Into how many equal parts each gap, a power of two of places, is cut."""
    doublings = np.ceil(np.log2(np.clip(wanted, 1.0, 2.0**40))).astype(np.intp)
    return np.asarray(np.minimum(gaps, 1 << doublings))


def _seen(courses: Array, fractions: Sequence[float], patients: int) -> _Seen:
    """What the pilot's courses (n, c) say of so many patients.

    Who crosses a quantile between two times moves it by one place from then on. Spread at random between the two, the crossings leave
    half the root of their number in the middle, which falls with the root of the distance.
    """
    n, turned = courses.shape[0], np.ascontiguousarray(courses.T)
    ordered = np.sort(turned, axis=1)
    peak = max(float(ordered[:, round(max(fractions) * (n - 1))].max()), NOTHING)
    rough, sparse, wanted = [], [], np.ones(turned.shape[0] - 1)
    for fraction in fractions:
        low, high = max(fraction - NEAR_FRACTION, 0.0), min(fraction + NEAR_FRACTION, 1.0)
        at, below, above = (ordered[:, round(part * (n - 1))] for part in (fraction, low, high))
        under = turned < at[:, np.newaxis]
        crossing = np.count_nonzero(under[1:] != under[:-1], axis=1) * (patients / n)
        with np.errstate(divide="ignore", invalid="ignore"):
            sparse.append(np.where(at >= NOTHING, np.log(above / below), 0.0) / ((high - low) * patients))
        one = np.maximum(sparse[-1][1:], sparse[-1][:-1])
        rough.append(0.5 * np.sqrt(crossing) * np.where(crossing > 0, one, 0.0))
        apart = np.abs(np.diff(np.log(np.maximum(at, NOTHING)))) / FURTHEST
        told = np.maximum(at[1:], at[:-1]) > FAINT * peak
        wanted = np.where(told, np.maximum(wanted, np.maximum(apart, (rough[-1] / ROUGHNESS) ** 2)), wanted)
    return _Seen(np.array(rough), np.array(sparse), wanted)


def _noise(seen: _Seen, parts: Places, unseen: float) -> Array:
    """(fractions, c) of a quantile against its neighbors: overtaking on both sides, a crossing that the pilot was too small to see, bins.

    unseen  how many patients each of the pilot stands for
    """
    rough = np.pad(np.repeat(seen.rough / np.sqrt(parts), parts, axis=1), ((0, 0), (1, 1)))
    sparse = np.hstack([np.repeat(seen.sparse[:, :-1], parts, axis=1), seen.sparse[:, -1:]])
    return np.asarray(np.sqrt(rough[:, 1:] ** 2 + rough[:, :-1] ** 2 + unseen * sparse**2 + BIN * sparse))

"""Quantiles of many courses without keeping them: counts on the leading bits of the number, which add up in any order.

The leading bits of a positive double are its exponent and the first bits of its mantissa, so cutting them off makes bins whose width is
a fixed share of the value (1.6% at most) over the whole range, found without a search. Counts are whole numbers: chunks, cores and machines
may add them in any order and the sum is the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.linear import Array
from winddown.domain.refusals import OutOfRange

Counts = NDArray[np.int32] | NDArray[np.uint16]  # a column holds one value of each patient, and there are ten million patients at most
MOST = 2**31 - 1

MANTISSA_BITS = 6
SHIFT = 52 - MANTISSA_BITS
# From 1e-12 to 34 million; what is smaller counts as 0. A round 64 octaves would put every column's counts into the same lines of a cache.
LOWEST_EXPONENT, HIGHEST_EXPONENT = -40, 25
OFFSET = (LOWEST_EXPONENT + 1023) << MANTISSA_BITS
BINS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) << MANTISSA_BITS


@dataclass
class Counter:
    """Counts that are still growing: what they hold is a `Tally` when the last chunk has been added. counts: as there."""

    counts: Counts

    @classmethod
    def empty(cls, columns: int, most: int = MOST) -> Counter:
        """most: values that a column will ever hold; few need half the memory, which then stays nearer."""
        few = most <= np.iinfo(np.uint16).max
        return cls(np.zeros((columns, BINS + 2), dtype=np.uint16) if few else np.zeros((columns, BINS + 2), dtype=np.int32))

    def add(self, courses: Array) -> None:
        """Count (n, m) courses in place.

        refuses  OutOfRange for a value below 0 or one that is no number: levels, effects and doses are neither; the counts are spoilt then
        """
        if not engine.tally_into(self.counts, np.asarray(courses, dtype=np.float64), SHIFT, OFFSET):
            raise OutOfRange(because="A tally counts numbers of at least 0.", code="tally_below_zero")


@dataclass(frozen=True)
class Tally:
    """How many values of each column fell into each bin.

    counts  (m, BINS + 2); the first bin holds 0 and what is less than 1e-12, the last 34 million and more
    """

    counts: Counts

    @classmethod
    def empty(cls, columns: int) -> Tally:
        return cls(np.zeros((columns, BINS + 2), dtype=np.int32))

    def __reduce__(self) -> tuple[Any, ...]:
        """On its way to another process: only the bins that hold something, as small whole numbers; nothing is lost."""
        used = np.flatnonzero(self.counts.any(axis=0)).astype(np.int16)
        held = self.counts[:, used]
        small = next(kind for kind in (np.uint16, np.int32) if held.max(initial=0) <= np.iinfo(kind).max)
        return _unpacked, (self.counts.shape[0], used, held.astype(small))

    @property
    def total(self) -> int:
        """How many values each column holds."""
        return int(self.counts[0].sum()) if self.counts.size else 0

    def with_courses(self, courses: Array) -> Tally:
        """The tally with (n, m) courses added.

        refuses  OutOfRange for a value below 0 or one that is no number: levels, effects and doses are neither
        """
        counter = Counter(self.counts.copy())
        counter.add(courses)
        return Tally(counter.counts)

    def plus(self, other: Tally) -> Tally:
        return Tally(self.counts + other.counts)

    def quantiles(self, fractions: Sequence[float]) -> Array:
        """(fractions, m): where the ordered values reach these fractions, straight within a bin; not a number when nothing was counted."""
        total, columns = self.total, self.counts.shape[0]
        at = np.asarray(fractions, dtype=np.float64)[:, np.newaxis] * max(total - 1, 0) + 0.5
        ranks = np.repeat(at, columns, axis=1)
        places, below = engine.reached(self.counts, ranks)
        inside = self.counts[np.arange(columns), places]
        share = np.where(inside > 0, (ranks - below) / np.maximum(inside, 1), 0.0)
        low, high = EDGES[places], EDGES[places + 1]
        return np.asarray(low + share * (high - low) if total else np.full(ranks.shape, np.nan))

    def share_above(self, limit: float) -> Array:
        """(m,) the share of values above a limit, straight within the bin that holds it."""
        place = int(np.searchsorted(EDGES, limit, side="right")) - 1
        low, high = EDGES[place], EDGES[place + 1]
        partly = self.counts[:, place] * ((high - limit) / (high - low) if high > low else 0.0)
        return np.asarray((self.counts[:, place + 1 :].sum(axis=1) + partly) / np.maximum(self.counts.sum(axis=1), 1))


def _unpacked(columns: int, used: NDArray[np.int16], held: NDArray[Any]) -> Tally:
    tally = Tally.empty(columns)
    tally.counts[:, used] = held
    return tally


def _edges() -> Array:
    """(BINS + 3,) where each bin begins, and where the last one is taken to end."""
    bits = (np.arange(BINS + 1, dtype=np.int64) + OFFSET) << SHIFT
    inner = bits.view(np.float64)
    return np.concatenate([[0.0], inner, [inner[-1]]])


EDGES = _edges()

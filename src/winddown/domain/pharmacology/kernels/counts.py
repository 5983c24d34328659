"""How many values fall into which bin: `quantiles.py`."""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.kernels.compiler import compiled

NEAR = 128  # columns that are worked on together: what they count in stays near
NO_NUMBER = 0x7FF << 52  # from here the bits of a double are infinity or no number
MINUS_ZERO = -(1 << 63)


@compiled
def tally(bits, shift, offset, counts):
    """Count (n, m) values, given as the bits of their doubles, into counts (m, bins).

    Patient by patient, so that two values in one bin of one column are far apart in time: the second need not wait for the first.

    returns  whether a value was below 0 or no number: it stands in the first or last bin, and whoever asked refuses
    """
    last, highest, lowest = counts.shape[1] - 1, np.int64(0), np.int64(0)
    for begin in range(0, bits.shape[1], NEAR):
        columns = min(NEAR, bits.shape[1] - begin)
        for patient in range(bits.shape[0]):
            for column in range(columns):
                value = bits[patient, np.uint64(begin + column)]
                highest = max(highest, value)
                lowest = min(lowest, value if value != MINUS_ZERO else np.int64(0))
            for column in range(columns):
                place = min(max((bits[patient, np.uint64(begin + column)] >> shift) - offset + 1, 0), last)
                counts[np.uint64(begin + column), np.uint64(place)] += 1
    return lowest < 0 or highest >= NO_NUMBER


@compiled
def reached(counts, ranks, places, below):
    """Where the ordered values of each column reach a rank, rising (fractions, m): the bin, and how many values lie below that bin."""
    for column in range(counts.shape[0]):
        line, running, place = counts[column], 0, 0
        for fraction in range(ranks.shape[0]):
            while place < line.size - 1 and running + line[place] < ranks[fraction, column]:
                running, place = running + line[place], place + 1
            places[fraction, column], below[fraction, column] = place, running

"""How many values fall into which bin: `quantiles.py`."""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.kernels.compiler import compiled

NEAR, AT_ONCE = 64, 512  # columns and patients that are worked on together: what they count in stays near
NO_NUMBER = 0x7FF << 52  # from here the bits of a double are infinity or no number
MINUS_ZERO = -(1 << 63)


@compiled
def tally(bits, shift, offset, counts):
    """Count (n, m) values, given as the bits of their doubles, into counts (m, bins): first every value's bin, then the counting.

    returns  how many were below 0 or no number: those stand in the first or last bin, and whoever asked refuses
    """
    last, wrong = counts.shape[1] - 1, 0
    places = np.empty((AT_ONCE, NEAR), np.int16)
    for first in range(0, bits.shape[0], AT_ONCE):
        patients = min(AT_ONCE, bits.shape[0] - first)
        for begin in range(0, bits.shape[1], NEAR):
            columns = min(NEAR, bits.shape[1] - begin)
            for patient in range(patients):
                row, mine = bits[first + patient], places[patient]
                for column in range(columns):
                    value = row[np.uint64(begin + column)]
                    wrong += int(((value < 0) & (value != MINUS_ZERO)) | (value >= NO_NUMBER))
                    mine[column] = min(max((value >> shift) - offset + 1, 0), last)
            for column in range(columns):
                into = counts[begin + column]
                for patient in range(patients):
                    into[np.uint16(places[patient, column])] += 1
    return wrong


@compiled
def reached(counts, ranks, places, below):
    """Where the ordered values of each column reach a rank, rising (fractions, m): the bin, and how many values lie below that bin."""
    for column in range(counts.shape[0]):
        line, running, place = counts[column], 0, 0
        for fraction in range(ranks.shape[0]):
            while place < line.size - 1 and running + line[place] < ranks[fraction, column]:
                running, place = running + line[place], place + 1
            places[fraction, column], below[fraction, column] = place, running

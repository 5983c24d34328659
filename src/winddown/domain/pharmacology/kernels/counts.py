"""How many values fall into which bin: `quantiles.py`."""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.kernels.compiler import compiled, within

NEAR = 128  # columns that are worked on together: what they count in stays near
BESIDE, MANY = 16, 128  # columns and patients, where the patients of a column stand side by side
STRIDE = 64  # bins that are passed over together where nothing of interest lies
NO_NUMBER = 0x7FF << 52  # from here the bits of a double are infinity or no number
MINUS_ZERO = -(1 << 63)


@compiled
def tally(bits, shift, offset, counts):
    """Count (n, m) values, given as the bits of their doubles, into counts (m, bins).

    returns  whether a value was below 0 or no number: it stands in the first or last bin, and whoever asked refuses
    """
    return _tally(bits, shift, offset - 1, counts.reshape(counts.size), counts.shape[1], np.empty(NEAR, np.int64))


@within
def _tally(bits, shift, offset, counts, bins, places):
    """Patient by patient, so that two values in one bin of one column are far apart in time: the second need not wait for the first."""
    highest = np.uint64(0)
    for begin in range(0, bits.shape[1], NEAR):
        columns = min(NEAR, bits.shape[1] - begin)
        for patient in range(bits.shape[0]):
            for column in range(columns):
                value = bits[patient, np.uint64(begin + column)]
                highest = max(highest, np.uint64(value))
                places[column] = min(max((value >> shift) - offset, 0), bins - 1) + (begin + column) * bins
            for column in range(columns):
                counts[np.uint64(places[column])] += 1
    return highest >= np.uint64(NO_NUMBER) and _wrong(bits)


@compiled
def tally_columns(bits, shift, offset, counts):
    """The same for (m, n) values, the patients of a column side by side."""
    places = np.empty((BESIDE, MANY), np.int64)
    return _tally_columns(bits, shift, offset - 1, counts.reshape(counts.size), counts.shape[1], places)


@within
def _tally_columns(bits, shift, offset, counts, bins, places):
    highest = np.uint64(0)
    for first in range(0, bits.shape[1], MANY):
        patients = min(MANY, bits.shape[1] - first)
        for begin in range(0, bits.shape[0], BESIDE):
            columns = min(BESIDE, bits.shape[0] - begin)
            for column in range(columns):
                for patient in range(patients):
                    value = bits[begin + column, np.uint64(first + patient)]
                    highest = max(highest, np.uint64(value))
                    places[column, patient] = min(max((value >> shift) - offset, 0), bins - 1) + (begin + column) * bins
            if columns == BESIDE:
                for patient in range(patients):
                    for column in range(BESIDE):
                        counts[np.uint64(places[column, np.uint64(patient)])] += 1
            else:
                for patient in range(patients):
                    for column in range(columns):
                        counts[np.uint64(places[column, np.uint64(patient)])] += 1
    return highest >= np.uint64(NO_NUMBER) and _wrong(bits)


@within
def _wrong(bits):
    """Whether a value is below 0 or no number. Minus zero is neither."""
    for row in range(bits.shape[0]):
        for place in range(bits.shape[1]):
            value = bits[row, place]
            if (value < 0 and value != MINUS_ZERO) or value >= NO_NUMBER:
                return True
    return False


@within
def reached(counts, ranks, places, below):
    """Where the ordered values of each column reach a rank, rising (fractions, m): the bin, and how many values lie below that bin."""
    bins = counts.shape[1]
    for column in range(counts.shape[0]):
        running, place = 0, 0
        for fraction in range(ranks.shape[0]):
            while place < bins - 1:
                if place % STRIDE == 0 and place + STRIDE < bins:
                    ahead = 0
                    for bin in range(STRIDE):
                        ahead += counts[column, np.uint64(place + bin)]
                    if running + ahead < ranks[fraction, column]:
                        running, place = running + ahead, place + STRIDE
                        continue
                if running + counts[column, place] >= ranks[fraction, column]:
                    break
                running, place = running + counts[column, place], place + 1
            places[fraction, column], below[fraction, column] = place, running

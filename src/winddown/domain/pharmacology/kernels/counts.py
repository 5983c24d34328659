"""How many values fall into which bin: `quantiles.py`."""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

from winddown.domain.pharmacology.kernels.compiler import compiled

NEAR = 32  # columns of counts that are worked on together


@compiled
def tally(bits, shift, offset, counts):
    """Count (n, m) values, given as the bits of their doubles, into counts (m, bins): a few columns at a time, so that those stay near."""
    bins = counts.shape[1]
    for begin in range(0, bits.shape[1], NEAR):
        end = min(begin + NEAR, bits.shape[1])
        for patient in range(bits.shape[0]):
            for column in range(begin, end):
                place = (bits[patient, column] >> shift) - offset + 1
                counts[column, min(max(place, 0), bins - 1)] += 1

"""The closed form at times that lie apart: every patient's state is led from one time to the next, many patients side by side.

`courses.py` makes a table for every distinct step, which repays itself where dozens of times follow one another by the same step. Where
the steps grow and few times share one, leading the states themselves costs less. The arithmetic is the same and the numbers agree to
twelve digits; no number of a patient depends on who else is computed.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def, call-arg, var-annotated"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.compartments import CHUNKS, LANES, SAME_STEP, WIDTH
from winddown.domain.pharmacology.kernels.compiler import compiled, within
from winddown.domain.pharmacology.kernels.eight import ABREAST, eight, put
from winddown.domain.pharmacology.kernels.propagators import DOUBLINGS, LANEWISE, ladders
from winddown.domain.pharmacology.kernels.steps import plan


@within
def led(matrix, state, after, row_starts, columns, paused):
    """after = matrix @ state for LANES patients: (states + 1, LANES); the last row is the input rate, which stands still.

    Terms are added from the first to the last. Where the rate is zero (paused) its column is left out.
    """
    states = state.shape[0] - 1
    for i in range(states):
        begin, end, total = row_starts[i], row_starts[i + 1], after[i]
        if paused and columns[end - 1] == states:
            end -= 1
        a, u = matrix[begin], state[columns[begin]]
        for lane in range(0, LANES, ABREAST):
            first, second = eight(a, lane) * eight(u, lane), eight(a, lane + 8) * eight(u, lane + 8)
            third, fourth = eight(a, lane + 16) * eight(u, lane + 16), eight(a, lane + 24) * eight(u, lane + 24)
            for place in range(begin + 1, end):
                b, v = matrix[place], state[columns[place]]
                first, second = first + eight(b, lane) * eight(v, lane), second + eight(b, lane + 8) * eight(v, lane + 8)
                third, fourth = third + eight(b, lane + 16) * eight(v, lane + 16), fourth + eight(b, lane + 24) * eight(v, lane + 24)
            put(total, lane, first)
            put(total, lane + 8, second)
            put(total, lane + 16, third)
            put(total, lane + 24, fourth)
    for lane in range(LANES):
        after[states, lane] = state[states, lane]


@within
def _write(state, column, first_patient, last_patient, outputs, scales, out):
    """The levels of some patients at one time, side by side."""
    for output in range(outputs.size):
        row, by, here = out[output, column, first_patient:last_patient], scales[output, first_patient:last_patient], state[outputs[output]]
        for lane in range(row.size):
            row[lane] = here[lane] * by[lane]


@compiled
def fill_scattered(
    first_patient, last_patient, rates, entry, rows, columns, row_starts, pair_starts, left, right, leading,
    edges, input_rates, times, outputs, scales, out,
):  # fmt: skip
    """Levels of the patients from `first_patient` up to `last_patient` into out[output, time, patient]: arguments as `courses.fill`.

    returns  whether the times begin at 0 or later and all differ; if not, nothing is written
    """
    rising, step_of, points, given, first, steps = plan(edges, input_rates, times)
    if not rising:
        return False
    if times[0] <= SAME_STEP:
        out[:, 0, first_patient:last_patient] = 0.0
    entries, states = rows.size, rates.shape[1]
    powers, sums = np.empty((WIDTH + 1, entries, LANES)), np.empty((CHUNKS, entries, LANES))
    ladder, made = np.empty((steps.size, DOUBLINGS, entries, LANES)), np.zeros(steps.size, np.int64)
    spare, longest = np.empty((entries, LANES)), np.ones(steps.size, np.int64)
    lanewise, lost = np.empty((LANEWISE, LANES)), np.empty((states + 1, LANES))
    here, there = np.empty((states + 1, LANES)), np.empty((states + 1, LANES))
    packed = rows, columns, pair_starts, left, right
    for begin in range(first_patient, last_patient, LANES):
        end = min(begin + LANES, last_patient)
        ladders(begin, rates, entry, packed, steps, longest, ladder, made, powers, sums, spare, lanewise, lost)
        here[:] = 0.0
        for run in range(step_of.size):
            here[states] = given[run]
            for point in range(points[run]):
                led(ladder[step_of[run], 0], here, there, row_starts, columns, given[run] == 0.0)
                here, there = there, here
                if first[run] >= 0:
                    _write(here, np.uint64(first[run] + point), begin, end, outputs, scales, out)
    return True

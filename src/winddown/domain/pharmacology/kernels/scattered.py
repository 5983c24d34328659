"""The closed form at times that lie apart: every patient's state is led from one time to the next, 64 patients side by side.

`courses.py` makes a table for every distinct step, which repays itself where dozens of times follow one another by the same step. Where
the steps grow and few times share one, leading the states themselves costs less. The arithmetic is the same and the numbers agree to
twelve digits; no number of a patient depends on who else is computed.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.compartments import SAME_STEP, WIDTH
from winddown.domain.pharmacology.kernels.compiler import compiled, within
from winddown.domain.pharmacology.kernels.courses import LANES, _propagators
from winddown.domain.pharmacology.kernels.propagators import DOUBLINGS
from winddown.domain.pharmacology.kernels.steps import plan

FOUR = 4  # terms added in one pass over the lanes
KEPT = 8  # times whose levels are written together: a line of memory for each patient


@within
def _led(matrix, state, after, row_starts, columns):
    """after = matrix @ state for LANES patients: (states + 1, LANES); the last row is the input rate, which stands still.

    Terms are added from the first to the last. Written out with whole indices: a view of a row costs more than the row.
    """
    states = state.shape[0] - 1
    for i in range(states):
        begin, end = row_starts[i], row_starts[i + 1]
        p, k = begin, columns[begin]
        if end - begin >= FOUR:
            q, r, s = begin + 1, begin + 2, begin + 3
            m, n, o = columns[q], columns[r], columns[s]
            for lane in range(LANES):
                both = matrix[p, lane] * state[k, lane] + matrix[q, lane] * state[m, lane]
                after[i, lane] = (both + matrix[r, lane] * state[n, lane]) + matrix[s, lane] * state[o, lane]
            begin += FOUR
        elif end - begin >= 2:
            q, m = begin + 1, columns[begin + 1]
            for lane in range(LANES):
                after[i, lane] = matrix[p, lane] * state[k, lane] + matrix[q, lane] * state[m, lane]
            begin += 2
        else:
            for lane in range(LANES):
                after[i, lane] = matrix[p, lane] * state[k, lane]
            begin += 1
        while begin + 1 < end:
            p, q, k, m = begin, begin + 1, columns[begin], columns[begin + 1]
            for lane in range(LANES):
                after[i, lane] = (after[i, lane] + matrix[p, lane] * state[k, lane]) + matrix[q, lane] * state[m, lane]
            begin += 2
        if begin < end:
            p, k = begin, columns[begin]
            for lane in range(LANES):
                after[i, lane] += matrix[p, lane] * state[k, lane]
    for lane in range(LANES):
        after[states, lane] = state[states, lane]


@within
def _write(kept, many, last_column, first_patient, last_patient, scales, out):
    """The levels kept of some times, patient by patient: kept (outputs, KEPT, LANES), of the columns up to `last_column`."""
    begin = np.uint64(last_column - many + 1)
    for output in range(kept.shape[0]):
        for patient in range(first_patient, last_patient):
            lane, scale = patient - first_patient, scales[output, patient]
            if many == KEPT:
                for time in range(KEPT):
                    out[output, patient, begin + np.uint64(time)] = kept[output, time, lane] * scale
            else:
                for time in range(many):
                    out[output, patient, begin + np.uint64(time)] = kept[output, time, lane] * scale


@compiled
def fill_scattered(
    first_patient, last_patient, rates, entry, rows, columns, row_starts, pair_starts, left, right, leading,
    edges, input_rates, times, outputs, scales, out,
):  # fmt: skip
    """Levels of the patients from `first_patient` up to `last_patient` into out[output, patient, time]: arguments as `courses.fill`.

    returns  whether the times begin at 0 or later and all differ; if not, nothing is written
    """
    rising, step_of, points, given, first, steps = plan(edges, input_rates, times)
    if not rising:
        return False
    if times[0] <= SAME_STEP:
        out[:, first_patient:last_patient, 0] = 0.0
    entries, states = rows.size, rates.shape[1]
    powers, scaled = np.empty((WIDTH + 1, entries, LANES)), np.empty((WIDTH + 1, entries, LANES))
    ladder, made = np.empty((steps.size, DOUBLINGS, entries, LANES)), np.zeros(steps.size, np.int64)
    spare, longest = np.empty((entries, LANES)), np.ones(steps.size, np.int64)
    lanewise, lost = np.empty((6, LANES)), np.empty((states + 1, LANES))
    here, there = np.empty((states + 1, LANES)), np.empty((states + 1, LANES))
    kept = np.empty((outputs.size, KEPT, LANES))
    packed = rows, columns, pair_starts, left, right
    for begin in range(first_patient, last_patient, LANES):
        end = min(begin + LANES, last_patient)
        _propagators(begin, rates, entry, packed, steps, longest, ladder, made, powers, scaled, spare, lanewise, lost)
        here[:] = 0.0
        many, column = 0, 0
        for run in range(step_of.size):
            here[states] = given[run]
            for point in range(points[run]):
                _led(ladder[step_of[run], 0], here, there, row_starts, columns)
                here, there = there, here
                if first[run] < 0:
                    continue
                column = first[run] + point
                for output in range(outputs.size):
                    state = outputs[output]
                    for lane in range(LANES):
                        kept[output, many, lane] = here[state, lane]
                many += 1
                if many == KEPT:
                    _write(kept, many, column, begin, end, scales, out)
                    many = 0
        if many:
            _write(kept, many, column, begin, end, scales, out)
    return True

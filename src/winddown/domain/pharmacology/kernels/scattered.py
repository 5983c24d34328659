"""The closed form at times that lie apart: every patient's state is led from one time to the next, many patients side by side.

`courses.py` makes a table for every distinct step, which repays itself where dozens of times follow one another by the same step. Where
the steps grow and few times share one, leading the states themselves costs less. The arithmetic is the same and the numbers agree to
twelve digits; no number of a patient depends on who else is computed.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.compartments import LANES, SAME_STEP, WIDTH
from winddown.domain.pharmacology.kernels.compiler import compiled, within
from winddown.domain.pharmacology.kernels.propagators import DOUBLINGS, ladders
from winddown.domain.pharmacology.kernels.steps import plan

FIVE = 5  # terms added in one pass over the lanes


@within
def led(matrix, state, after, row_starts, columns, paused):
    """after = matrix @ state for LANES patients: (states + 1, LANES); the last row is the input rate, which stands still.

    Terms are added from the first to the last, up to five in one pass. Where the rate is zero (paused) its column is left out.
    """
    states = state.shape[0] - 1
    for i in range(states):
        begin, end, total = row_starts[i], row_starts[i + 1], after[i]
        if paused and columns[end - 1] == states:
            end -= 1
        terms = end - begin
        a, u = matrix[begin], state[columns[begin]]
        if terms == 1:
            for lane in range(LANES):
                total[lane] = a[lane] * u[lane]
            continue
        b, v = matrix[begin + 1], state[columns[begin + 1]]
        if terms == 2:
            for lane in range(LANES):
                total[lane] = a[lane] * u[lane] + b[lane] * v[lane]
            continue
        c, w = matrix[begin + 2], state[columns[begin + 2]]
        if terms == 3:
            for lane in range(LANES):
                total[lane] = (a[lane] * u[lane] + b[lane] * v[lane]) + c[lane] * w[lane]
            continue
        d, x = matrix[begin + 3], state[columns[begin + 3]]
        if terms == 4:
            for lane in range(LANES):
                total[lane] = ((a[lane] * u[lane] + b[lane] * v[lane]) + c[lane] * w[lane]) + d[lane] * x[lane]
            continue
        e, y = matrix[begin + 4], state[columns[begin + 4]]
        for lane in range(LANES):
            total[lane] = (((a[lane] * u[lane] + b[lane] * v[lane]) + c[lane] * w[lane]) + d[lane] * x[lane]) + e[lane] * y[lane]
        for place in range(begin + FIVE, end):
            a, u = matrix[place], state[columns[place]]
            for lane in range(LANES):
                total[lane] += a[lane] * u[lane]
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
    powers, scaled = np.empty((WIDTH + 1, entries, LANES)), np.empty((WIDTH + 1, entries, LANES))
    ladder, made = np.empty((steps.size, DOUBLINGS, entries, LANES)), np.zeros(steps.size, np.int64)
    spare, longest = np.empty((entries, LANES)), np.ones(steps.size, np.int64)
    lanewise, lost = np.empty((6, LANES)), np.empty((states + 1, LANES))
    here, there = np.empty((states + 1, LANES)), np.empty((states + 1, LANES))
    packed = rows, columns, pair_starts, left, right
    for begin in range(first_patient, last_patient, LANES):
        end = min(begin + LANES, last_patient)
        ladders(begin, rates, entry, packed, steps, longest, ladder, made, powers, scaled, spare, lanewise, lost)
        here[:] = 0.0
        for run in range(step_of.size):
            here[states] = given[run]
            for point in range(points[run]):
                led(ladder[step_of[run], 0], here, there, row_starts, columns, given[run] == 0.0)
                here, there = there, here
                if first[run] >= 0:
                    _write(here, np.uint64(first[run] + point), begin, end, outputs, scales, out)
    return True

"""The closed form compiled: many virtual patients along time, or one in microseconds.

The arithmetic is that of `compartments.py`. Propagators are made for LANES patients at once, side by side in memory (`propagators.py`);
each patient is then walked along time, block by block, with points blended from tables that grow by doubling. No number of a patient
depends on who else is computed, in which chunk, in what order or on how many cores.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def, call-arg, var-annotated"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.compartments import CHUNKS, LANES, SAME_STEP, WIDTH
from winddown.domain.pharmacology.kernels.compiler import compiled, inlined, within
from winddown.domain.pharmacology.kernels.eight import ABREAST, EIGHT, eight, put, same
from winddown.domain.pharmacology.kernels.propagators import DOUBLINGS, LANEWISE, ladders
from winddown.domain.pharmacology.kernels.steps import plan
from winddown.domain.pharmacology.kernels.storing import FAR_BYTES, settled, store, wide

SEEDED, SEED_DOUBLINGS = 8, 3  # points of a table that are made for all lanes; the others grow from them
BLOCK = 1 << (DOUBLINGS - 1)  # points blended from one table
SIX, FOUR = 6, 4  # terms blended in the first pass over the points at most, and in each later one
FEW = 3  # fewer points of one step than this are not worth a table


@within
def abreast(patients):
    """How many lanes stand side by side: one for a patient alone, else as many as are worked on at once."""
    return 1 if patients == 1 else min(LANES, (patients + ABREAST - 1) // ABREAST * ABREAST)


@within
def _seed(matrix, output, count, row_starts, columns, seed):
    """seed[k, j, lane]: what one unit in state k (or of input rate, the last) makes of the output state after j + 1 steps."""
    lanes = matrix.shape[1]
    for place in range(row_starts[output], row_starts[output + 1]):
        source = columns[place]
        for lane in range(lanes):
            seed[source, 0, lane] = matrix[place, lane]
        for j in range(1, count):
            for lane in range(lanes):
                seed[source, j, lane] = 0.0
    for j in range(1, count):
        for reached in range(row_starts[output], row_starts[output + 1]):
            source = columns[reached]
            for place in range(row_starts[source], row_starts[source + 1]):
                target = columns[place]
                for lane in range(lanes):
                    seed[target, j, lane] += matrix[place, lane] * seed[source, j - 1, lane]


@within
def _leap(matrix, state, after, row_starts, columns):
    """after = matrix @ state for all lanes: (states + 1, lanes); the last row is the input rate, which stands still."""
    states, lanes = state.shape[0] - 1, state.shape[1]
    for i in range(states):
        place = row_starts[i]
        k = columns[place]
        for lane in range(lanes):
            after[i, lane] = matrix[place, lane] * state[k, lane]
        for place in range(row_starts[i] + 1, row_starts[i + 1]):
            k = columns[place]
            for lane in range(lanes):
                after[i, lane] += matrix[place, lane] * state[k, lane]
    for lane in range(lanes):
        after[states, lane] = state[states, lane]


@within
def _begin(step_of, points, given, longest, ladder, starts, spare, row_starts, columns):
    """starts[block]: the state of every lane where each block of points begins, (states + 1, lanes); one more at the end."""
    block, states = 0, starts.shape[1] - 1
    starts[0] = 0.0
    for run in range(step_of.size):
        step, left = step_of[run], points[run]
        starts[block, states] = given[run]
        while left > 0:
            ahead = min(left, BLOCK) if longest[step] >= FEW else 1
            here, doubling, odd = starts[block], 0, True
            while ahead >> doubling:
                if (ahead >> doubling) & 1:
                    last = ahead >> (doubling + 1) == 0
                    after = starts[block + 1] if last else (spare[0] if odd else spare[1])
                    _leap(ladder[step, doubling], here, after, row_starts, columns)
                    here, odd = after, not odd
                doubling += 1
            left, block = left - ahead, block + 1


@within
def _begin_one(step_of, points, given, longest, ladder, starts, here, after, row_starts, columns):
    """The same for one patient alone: no loops over lanes, the same operations in the same order."""
    block, states = 0, starts.shape[1] - 1
    here[:] = 0.0
    for run in range(step_of.size):
        step, left = step_of[run], points[run]
        here[states] = given[run]
        while left > 0:
            ahead, doubling = min(left, BLOCK) if longest[step] >= FEW else 1, 0
            for state in range(states + 1):
                starts[block, state, 0] = here[state]
            while ahead >> doubling:
                if (ahead >> doubling) & 1:
                    for i in range(states):
                        place = row_starts[i]
                        total = ladder[step, doubling, place, 0] * here[columns[place]]
                        for place in range(row_starts[i] + 1, row_starts[i + 1]):
                            total += ladder[step, doubling, place, 0] * here[columns[place]]
                        after[i] = total
                    for i in range(states):
                        here[i] = after[i]
                doubling += 1
            left, block = left - ahead, block + 1
    for state in range(states + 1):
        starts[block, state, 0] = here[state]


@inlined
def _blend(table, weights, terms, row, first, count):
    """row[first + j] = sum of weights[i] table[i, j], EIGHT points at a time, what is left over alone: six terms at once, then four more.

    Weights beyond the terms are zero.
    """
    a, b, c = same(weights[0]), same(weights[1]), same(weights[2])
    one, two, three, whole = table[0], table[1], table[2], count // EIGHT * EIGHT
    if terms <= 3:
        for j in range(0, whole, EIGHT):
            put(row, first + j, (a * eight(one, j) + b * eight(two, j)) + c * eight(three, j))
    elif terms == 4:
        d, four = same(weights[3]), table[3]
        for j in range(0, whole, EIGHT):
            put(row, first + j, ((a * eight(one, j) + b * eight(two, j)) + c * eight(three, j)) + d * eight(four, j))
    elif terms == 5:
        d, four, e, five = same(weights[3]), table[3], same(weights[4]), table[4]
        for j in range(0, whole, EIGHT):
            total = ((a * eight(one, j) + b * eight(two, j)) + c * eight(three, j)) + d * eight(four, j)
            put(row, first + j, total + e * eight(five, j))
    else:
        d, four, e, five, f, six = same(weights[3]), table[3], same(weights[4]), table[4], same(weights[5]), table[5]
        for j in range(0, whole, EIGHT):
            total = ((a * eight(one, j) + b * eight(two, j)) + c * eight(three, j)) + d * eight(four, j)
            put(row, first + j, (total + e * eight(five, j)) + f * eight(six, j))
    for term in range(SIX, terms, FOUR):
        a, b, c, d = same(weights[term]), same(weights[term + 1]), same(weights[term + 2]), same(weights[term + 3])
        one, two, three, four = table[term], table[term + 1], table[term + 2], table[term + 3]
        for j in range(0, whole, EIGHT):
            more = ((a * eight(one, j) + b * eight(two, j)) + c * eight(three, j)) + d * eight(four, j)
            put(row, first + j, eight(row, first + j) + more)
    for j in range(whole, count):
        total = weights[0] * table[0, j]
        for term in range(1, min(terms, SIX)):
            total += weights[term] * table[term, j]
        row[first + j] = total
        for term in range(SIX, terms, FOUR):
            more = weights[term] * table[term, j]
            for other in range(term + 1, term + FOUR):
                more += weights[other] * table[other, j]
            row[first + j] += more


@within
def _table(seed, ladder, lane, scale, count, begin, end, columns, leading, table, weights):
    """table[term, j]: what one unit of each state that reaches the output makes of it after j + 1 steps, times the output's scale.

    The first points are the lane's seeds; what is known is then carried on by as many steps, twice as many, four times as many.
    leading  of the output's row: see `packing.py`
    """
    terms = end - begin
    weights[:] = 0.0
    for place in range(begin, end):
        row, mine = table[place - begin], seed[columns[place]]
        for j in range(min(count, SEEDED)):
            row[j] = mine[j, lane] * scale
    known, doubling = SEEDED, SEED_DOUBLINGS
    while known < count:
        for term in range(terms):
            for other in range(terms):
                place = leading[term, other]
                weights[other] = ladder[doubling, place, lane] if place >= 0 else 0.0
            _blend(table, weights, terms, table[term], known, known)
        known, doubling = 2 * known, doubling + 1


@within
def _walk(lane, patient, step_of, points, given, first, longest, tables, starts, weights, outputs, scales, row_starts, columns, near, out):
    """One patient along all blocks.

    near  empty, or a row to write to first: what stands before each block then goes on to `out` past the caches, while that one is blended
    """
    wide()
    states = starts.shape[1] - 1
    for output in range(outputs.size):
        begin, end, block = row_starts[outputs[output]], row_starts[outputs[output] + 1], 0
        row, done = near if near.size else out[output, patient], 0
        source, target, last = near.ctypes.data, out[output, patient].ctypes.data, out.shape[2] * out.itemsize
        for run in range(step_of.size):
            step, left, column = step_of[run], points[run], first[run]
            if column < 0:
                block += (left + BLOCK - 1) // BLOCK if longest[step] >= FEW else left
            elif longest[step] < FEW:
                for _ in range(left):
                    block += 1
                    row[column] = starts[block, outputs[output], lane] * scales[output, patient]
                    column += 1
            else:
                terms = end - begin
                if given[run] == 0.0 and columns[end - 1] == states:
                    terms -= 1
                table = tables[step, output]
                weights[:] = 0.0
                while left > 0:
                    for term in range(terms):
                        weights[term] = starts[block, columns[begin + term], lane]
                    ahead = min(left, BLOCK)
                    written = (ahead + EIGHT - 1) // EIGHT * EIGHT
                    if column + written > row.size:
                        written = ahead
                    _blend(table, weights, terms, row, column, written)
                    if near.size:
                        done = store(source, target, done, column * row.itemsize, last)
                    left, column, block = left - ahead, column + ahead, block + 1
        if near.size:
            store(source, target, done, last, last)


@compiled
def fill(
    first_patient, last_patient, rates, entry, rows, columns, row_starts, pair_starts, left, right, leading,
    edges, input_rates, times, outputs, scales, out,
):  # fmt: skip
    """Levels of the patients from `first_patient` up to `last_patient` into out[output, patient, time].

    returns  whether the times begin at 0 or later and all differ; if not, nothing is written
    """
    rising, step_of, points, given, first, steps = plan(edges, input_rates, times)
    if not rising:
        return False
    if times[0] <= SAME_STEP:
        out[:, first_patient:last_patient, 0] = 0.0
    if step_of.size == 0:
        return True
    entries, states, lanes = rows.size, rates.shape[1], abreast(last_patient - first_patient)
    longest = np.zeros(steps.size, np.int64)
    for run in range(step_of.size):
        longest[step_of[run]] = max(longest[step_of[run]], points[run])
    blocks, length = 1, SEEDED
    for run in range(step_of.size):
        blocks += (points[run] + BLOCK - 1) // BLOCK if longest[step_of[run]] >= FEW else points[run]
    while length < min(BLOCK, longest.max()):
        length *= 2
    powers, sums = np.empty((WIDTH + 1, entries, lanes)), np.empty((CHUNKS, entries, lanes))
    ladder, made = np.empty((steps.size, DOUBLINGS, entries, lanes)), np.zeros(steps.size, np.int64)
    seeds = np.empty((steps.size, outputs.size, states + 1, SEEDED, lanes))
    tables = np.zeros((steps.size, outputs.size, states + 1 + SIX, length))
    spare, weights = np.empty((entries, lanes)), np.zeros(states + 1 + SIX)
    lanewise, lost = np.empty((LANEWISE, lanes)), np.empty((states + 1, lanes))
    starts, between = np.empty((blocks, states + 1, lanes)), np.empty((2, states + 1, lanes))
    packed = rows, columns, pair_starts, left, right
    near = np.zeros(times.size + EIGHT if out.nbytes >= FAR_BYTES else 0, out.dtype)
    for begin in range(first_patient, last_patient, lanes):
        ladders(begin, rates, entry, packed, steps, longest, ladder, made, powers, sums, spare, lanewise, lost)
        for step in range(steps.size):
            if longest[step] >= FEW:
                for output in range(outputs.size):
                    count = min(SEEDED, longest[step])
                    _seed(ladder[step, 0], outputs[output], count, row_starts, columns, seeds[step, output])
        if lanes == 1:
            here, after = between[0].reshape(states + 1), between[1].reshape(states + 1)
            _begin_one(step_of, points, given, longest, ladder, starts, here, after, row_starts, columns)
        else:
            _begin(step_of, points, given, longest, ladder, starts, between, row_starts, columns)
        for lane in range(min(lanes, last_patient - begin)):
            for step in range(steps.size):
                if longest[step] >= FEW:
                    for output in range(outputs.size):
                        _table(
                            seeds[step, output], ladder[step], lane, scales[output, begin + lane], min(BLOCK, longest[step]),
                            row_starts[outputs[output]], row_starts[outputs[output] + 1], columns, leading[outputs[output]],
                            tables[step, output], weights,
                        )  # fmt: skip
            _walk(
                lane, begin + lane, step_of, points, given, first, longest, tables, starts, weights,
                outputs, scales, row_starts, columns, near, out,
            )  # fmt: skip
    settled()
    return True

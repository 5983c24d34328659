"""The closed form compiled: many virtual patients, or one in microseconds.

The arithmetic is that of `compartments.py`: uniformisation, a Taylor polynomial, squaring, and points advanced by doubling. Propagators are
made for LANES patients at once, side by side in memory; each patient is then walked along time. No number of a patient depends on
who else is computed, in which chunk, in what order or on how many cores: every lane does its own operations in one fixed order, and
products are never contracted.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import math

import numpy as np

from winddown.domain.pharmacology.compartments import CHUNKS, FARTHEST, REACH, SLOWEST_PER_MIN, STEP_NOISE, WIDTH
from winddown.domain.pharmacology.kernels.compiler import compiled, inlined

LANES = 64  # patients whose propagators are made together
DOUBLINGS = 5  # propagators over 1, 2, 4 ... BLOCK steps
BLOCK = 1 << (DOUBLINGS - 1)  # points blended from one table
FOUR, SIX = 4, 6  # terms blended in one pass over the points
FEW = 3  # fewer points of one step than this are not worth a table
FAINTEST = 1e-150  # an entry below this is zero: its square would be a denormal number, a hundred times slower
COEFFICIENTS = np.array([1.0 / math.factorial(degree) for degree in range(WIDTH * CHUNKS)])


@compiled
def _multiply(one, other, into, pair_starts, left, right):
    """into = one @ other, in packed entries: (e, lanes) each."""
    lanes = into.shape[1]
    if lanes == 1:
        for entry in range(pair_starts.size - 1):
            pair = pair_starts[entry]
            total = one[left[pair], 0] * other[right[pair], 0]
            for pair in range(pair_starts[entry] + 1, pair_starts[entry + 1]):
                total += one[left[pair], 0] * other[right[pair], 0]
            into[entry, 0] = total
        return
    for entry in range(pair_starts.size - 1):
        pair = pair_starts[entry]
        a, b = left[pair], right[pair]
        for lane in range(lanes):
            into[entry, lane] = one[a, lane] * other[b, lane]
        for pair in range(pair_starts[entry] + 1, pair_starts[entry + 1]):
            a, b = left[pair], right[pair]
            for lane in range(lanes):
                into[entry, lane] += one[a, lane] * other[b, lane]


@compiled
def _settle(matrix, last):
    """The input rate stands still exactly; what has faded beyond double precision is nothing."""
    for entry in range(matrix.shape[0]):
        for lane in range(matrix.shape[1]):
            matrix[entry, lane] = matrix[entry, lane] if matrix[entry, lane] >= FAINTEST else 0.0
    for lane in range(matrix.shape[1]):
        matrix[last, lane] = 1.0


@compiled
def _uniformised(rates, first, entry, rows, columns, powers, leaving, reach, lost):
    """powers[1] = M + q I for each lane's patient, in packed entries.

    leaving  q, a power of two, so that q times a halved step is exact; reach: the largest row sum
    lost     (states + 1, lanes) what rounding took from the diagonal
    """
    matrix, states = powers[1], rates.shape[1]
    for lane in range(matrix.shape[1]):
        patient = min(first + lane, rates.shape[0] - 1)
        fastest = 0.0
        for state in range(states):
            fastest = max(fastest, -rates[patient, state, state])
        fraction, exponent = math.frexp(max(fastest, SLOWEST_PER_MIN))
        fastest = math.ldexp(0.5 if fraction == 0.5 else 1.0, exponent)
        leaving[lane], reach[lane] = fastest, 0.0
        total, row = 0.0, 0
        for place in range(rows.size):
            i, j = rows[place], columns[place]
            value = fastest if i == j else 0.0
            if j < states and i < states:
                value += rates[patient, i, j]
            elif i == entry and j == states:
                value = 1.0
            matrix[place, lane] = value
            if i == j:
                lost[i, lane] = (rates[patient, i, i] if i < states else 0.0) - (value - fastest)
            total = value if i != row else total + value
            row = i
            reach[lane] = max(reach[lane], total)
    for place in range(rows.size):
        for lane in range(matrix.shape[1]):
            powers[0, place, lane] = 1.0 if rows[place] == columns[place] else 0.0


@compiled
def _propagator(step, powers, leaving, reach, lost, into, spare, short, scaled, halvings, rows, columns, pair_starts, left, right):
    """into = exp(M step): halve each lane's step until the series converges at once, then square that lane back."""
    entries, lanes = into.shape
    last, most = entries - 1, 0
    for lane in range(lanes):
        fraction, exponent = math.frexp(reach[lane] * step / REACH)
        halvings[lane] = max(0, exponent - 1 if fraction == 0.5 else exponent)
        most = max(most, halvings[lane])
        short[lane] = step * 0.5 ** halvings[lane]
    _series(powers, short, scaled, reach, into, spare, pair_starts, left, right)
    for lane in range(lanes):
        scaled[0, lane] = math.exp(-leaving[lane] * short[lane])
    for entry in range(entries):
        of_row, of_column = lost[rows[entry]], lost[columns[entry]]
        for lane in range(lanes):
            value = into[entry, lane] * scaled[0, lane]
            into[entry, lane] = value + value * (0.5 * (of_row[lane] + of_column[lane]) * short[lane])
    _settle(into, last)
    for halving in range(most):
        _multiply(into, into, spare, pair_starts, left, right)
        for entry in range(entries):
            for lane in range(lanes):
                if halving < halvings[lane]:
                    into[entry, lane] = spare[entry, lane]
        _settle(into, last)


@compiled
def _series(powers, short, scaled, reach, into, spare, pair_starts, left, right):
    """Taylor polynomial of exp((M + q) short), WIDTH powers at a time, highest first; scaled is written over.

    Each lane begins at the chunk that it needs itself: what stands there before is taken times nothing.
    """
    entries, lanes = into.shape
    most = 1
    for lane in range(lanes):
        needed = 1
        while reach[lane] * short[lane] > FARTHEST[needed - 1] and needed < CHUNKS:
            needed += 1
        most, scaled[0, lane], scaled[1, lane] = max(most, needed), short[lane] ** WIDTH, needed
    for chunk in range(most - 1, -1, -1):
        if chunk < most - 1:
            _multiply(into, powers[WIDTH], spare, pair_starts, left, right)
            for lane in range(lanes):
                scaled[2, lane] = scaled[0, lane] if chunk < scaled[1, lane] - 1 else 0.0
        for entry in range(entries):
            highest, row = COEFFICIENTS[chunk * WIDTH + WIDTH - 1], into[entry]
            for lane in range(lanes):
                row[lane] = highest * powers[WIDTH - 1, entry, lane]
            for power in range(WIDTH - 2, -1, -1):
                coefficient = COEFFICIENTS[chunk * WIDTH + power]
                for lane in range(lanes):
                    row[lane] = row[lane] * short[lane] + coefficient * powers[power, entry, lane]
            if chunk < most - 1:
                for lane in range(lanes):
                    row[lane] += spare[entry, lane] * scaled[2, lane]


@compiled
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


@compiled
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


@compiled
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


@compiled
def _begin_one(step_of, points, given, longest, ladder, starts, row_starts, columns):
    """The same for one patient alone: no loops over lanes, the same operations in the same order."""
    block, states = 0, starts.shape[1] - 1
    here, after = np.zeros(states + 1), np.zeros(states)
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


@compiled
def _tables(seeds, scales, patient, lane, outputs, row_starts, columns, tables):
    """tables[i, j]: the seeds of one patient and one step in the order of each output's row, times the output's scale."""
    for output in range(outputs.size):
        begin, scale = row_starts[outputs[output]], scales[output, patient]
        for place in range(begin, row_starts[outputs[output] + 1]):
            k = columns[place]
            for j in range(BLOCK):
                tables[output, place - begin, j] = seeds[output, k, j, lane] * scale


@inlined
def _blend(table, weights, terms, row, first, count):
    """row[first + j] = sum of weights[i] table[i, j]: FOUR or SIX terms in one pass over the points, then FOUR more in each.

    Weights beyond the terms are zero. first and count have no sign: nobody need ask whether they count from the end.
    """
    a, b, c, d, e, f = weights[0], weights[1], weights[2], weights[3], weights[4], weights[5]
    if terms <= FOUR:
        for j in range(count):
            row[first + j] = a * table[0, j] + b * table[1, j] + c * table[2, j] + d * table[3, j]
    else:
        for j in range(count):
            row[first + j] = a * table[0, j] + b * table[1, j] + c * table[2, j] + d * table[3, j] + e * table[4, j] + f * table[5, j]
    for term in range(SIX, terms, FOUR):
        a, b, c, d = weights[term], weights[term + 1], weights[term + 2], weights[term + 3]
        one, two, three, four = table[term], table[term + 1], table[term + 2], table[term + 3]
        for j in range(count):
            row[first + j] += a * one[j] + b * two[j] + c * three[j] + d * four[j]


@compiled
def _walk(lane, patient, step_of, points, given, first, longest, tables, starts, weights, outputs, scales, row_starts, columns, out):
    """One patient along all blocks."""
    states = starts.shape[1] - 1
    for output in range(outputs.size):
        begin, end, row, block = row_starts[outputs[output]], row_starts[outputs[output] + 1], out[output, patient], 0
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
                    _blend(table, weights, terms, row, np.uint64(column), np.uint64(ahead))
                    left, column, block = left - ahead, column + ahead, block + 1


@compiled
def _half(steps, step):
    """Which earlier step is half of this one, or -1: the propagator is its square then."""
    for earlier in range(step):
        if abs(2.0 * steps[earlier] - steps[step]) <= STEP_NOISE:
            return earlier
    return -1


@compiled
def fill(
    first_patient, last_patient, rates, entry, rows, columns, row_starts, pair_starts, left, right,
    step_of, points, given, first, steps, outputs, scales, out,
):  # fmt: skip
    """Levels of the patients from `first_patient` up to `last_patient` into out[output, patient, time]."""
    entries, states, lanes = rows.size, rates.shape[1], min(LANES, last_patient - first_patient)
    powers = np.empty((WIDTH + 1, entries, lanes))
    ladder = np.empty((steps.size, DOUBLINGS, entries, lanes))
    seeds = np.empty((steps.size, outputs.size, states + 1, BLOCK, lanes))
    tables = np.zeros((steps.size, outputs.size, states + 1 + SIX, BLOCK))
    spare, weights = np.empty((entries, lanes)), np.zeros(states + 1 + SIX)
    leaving, reach, short, scaled = np.empty(lanes), np.empty(lanes), np.empty(lanes), np.empty((3, lanes))
    halvings, lost = np.empty(lanes, np.int64), np.empty((states + 1, lanes))
    longest = np.zeros(steps.size, np.int64)
    for run in range(step_of.size):
        longest[step_of[run]] = max(longest[step_of[run]], points[run])
    blocks = 1
    for run in range(step_of.size):
        blocks += (points[run] + BLOCK - 1) // BLOCK if longest[step_of[run]] >= FEW else points[run]
    starts, between = np.empty((blocks, states + 1, lanes)), np.empty((2, states + 1, lanes))
    for begin in range(first_patient, last_patient, lanes):
        _uniformised(rates, begin, entry, rows, columns, powers, leaving, reach, lost)
        for power in range(2, WIDTH + 1):
            _multiply(powers[power - 1], powers[1], powers[power], pair_starts, left, right)
        for step in range(steps.size):
            half = _half(steps, step)
            if half >= 0:
                _multiply(ladder[half, 0], ladder[half, 0], ladder[step, 0], pair_starts, left, right)
                _settle(ladder[step, 0], entries - 1)
            else:
                _propagator(
                    steps[step], powers, leaving, reach, lost, ladder[step, 0], spare, short, scaled, halvings,
                    rows, columns, pair_starts, left, right,
                )  # fmt: skip
            for doubling in range(1, DOUBLINGS):
                if longest[step] >= 2**doubling:
                    before = ladder[step, doubling - 1]
                    _multiply(before, before, ladder[step, doubling], pair_starts, left, right)
                    _settle(ladder[step, doubling], entries - 1)
            if longest[step] >= FEW:
                for output in range(outputs.size):
                    count = min(BLOCK, longest[step])
                    _seed(ladder[step, 0], outputs[output], count, row_starts, columns, seeds[step, output])
        if lanes == 1:
            _begin_one(step_of, points, given, longest, ladder, starts, row_starts, columns)
        else:
            _begin(step_of, points, given, longest, ladder, starts, between, row_starts, columns)
        for lane in range(min(lanes, last_patient - begin)):
            for step in range(steps.size):
                if longest[step] >= FEW:
                    _tables(seeds[step], scales, begin + lane, lane, outputs, row_starts, columns, tables[step])
            _walk(
                lane, begin + lane, step_of, points, given, first, longest, tables, starts, weights,
                outputs, scales, row_starts, columns, out,
            )  # fmt: skip

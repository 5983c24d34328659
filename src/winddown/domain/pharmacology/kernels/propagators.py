"""exp(M h) for many virtual patients side by side, in packed entries: uniformisation, a Taylor polynomial, squaring.

The arithmetic is that of `compartments.py`. Every lane does its own operations in one fixed order and products are never contracted, so
no number of a patient depends on who stands in the other lanes.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import math

import numpy as np

from winddown.domain.pharmacology.compartments import CHUNKS, FARTHEST, REACH, SLOWEST_PER_MIN, STEP_NOISE, WIDTH
from winddown.domain.pharmacology.kernels.compiler import within

FAINTEST = 1e-150  # an entry below this is zero: its square would be a denormal number, a hundred times slower
DOUBLINGS = 7  # propagators over 1, 2, 4 ... steps that are kept of each step
DEAREST = 8  # products from which a propagator is better made anew
COEFFICIENTS = np.array([1.0 / math.factorial(degree) for degree in range(WIDTH * CHUNKS)])


@within
def multiply(one, other, into, pair_starts, left, right):
    """into = one @ other, in packed entries: (e, lanes) each. Two terms of a sum are added in one pass over the lanes."""
    lanes = into.shape[1]
    if lanes == 1:
        _multiply_one(one.reshape(one.size), other.reshape(one.size), into.reshape(one.size), pair_starts, left, right)
        return
    for entry in range(pair_starts.size - 1):
        begin, end, total = pair_starts[entry], pair_starts[entry + 1], into[entry]
        a, b = one[left[begin]], other[right[begin]]
        if (end - begin) % 2 == 1:
            for lane in range(lanes):
                total[lane] = a[lane] * b[lane]
            begin += 1
        else:
            c, d = one[left[begin + 1]], other[right[begin + 1]]
            for lane in range(lanes):
                total[lane] = a[lane] * b[lane] + c[lane] * d[lane]
            begin += 2
        for pair in range(begin, end, 2):
            a, b, c, d = one[left[pair]], other[right[pair]], one[left[pair + 1]], other[right[pair + 1]]
            for lane in range(lanes):
                total[lane] = (total[lane] + a[lane] * b[lane]) + c[lane] * d[lane]


@within
def _multiply_one(one, other, into, pair_starts, left, right):
    """The same for one patient alone: the same operations in the same order."""
    for entry in range(into.size):
        total = 0.0
        for pair in range(pair_starts[entry], pair_starts[entry + 1]):
            total += one[left[pair]] * other[right[pair]]
        into[entry] = total


@within
def settle(matrix):
    """The input rate, the last entry, stands still exactly; what has faded beyond double precision is nothing."""
    values = matrix.reshape(matrix.size)
    for place in range(values.size):
        values[place] = values[place] if values[place] >= FAINTEST else 0.0
    for lane in range(matrix.shape[1]):
        matrix[matrix.shape[0] - 1, lane] = 1.0


@within
def uniformised(rates, first, entry, rows, columns, powers, leaving, reach, lost):
    """powers[0] = I and powers[1] = M + q I for each lane's patient, in packed entries.

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


@within
def propagator(step, powers, leaving, reach, lost, into, spare, scaled, lanewise, rows, columns, pair_starts, left, right):
    """into = exp(M step): halve each lane's step until the series converges at once, then square that lane back.

    scaled    as powers, written over; lanewise (4, lanes) written over: halvings, the halved step, chunks of the series, a factor
    """
    entries, lanes = into.shape
    halvings, short, needed, factor = lanewise[0], lanewise[1], lanewise[2], lanewise[3]
    most_halvings, most_chunks = 0.0, 1.0
    for lane in range(lanes):
        fraction, exponent = math.frexp(reach[lane] * step / REACH)
        halvings[lane] = max(0, exponent - 1 if fraction == 0.5 else exponent)
        short[lane] = math.ldexp(step, -int(halvings[lane]))
        chunks = 1
        while chunks < CHUNKS and reach[lane] * short[lane] > FARTHEST[chunks - 1]:
            chunks += 1
        needed[lane] = chunks
        most_halvings, most_chunks = max(most_halvings, halvings[lane]), max(most_chunks, needed[lane])
    _scale(powers, short, factor, scaled)
    _series(scaled, needed, int(most_chunks), into, spare, pair_starts, left, right)
    for lane in range(lanes):
        factor[lane] = math.exp(-leaving[lane] * short[lane])
    for entry in range(entries):
        of_row, of_column = lost[rows[entry]], lost[columns[entry]]
        for lane in range(lanes):
            value = into[entry, lane] * factor[lane]
            into[entry, lane] = value + value * (0.5 * (of_row[lane] + of_column[lane]) * short[lane])
    settle(into)
    for halving in range(int(most_halvings)):
        multiply(into, into, spare, pair_starts, left, right)
        for entry in range(entries):
            for lane in range(lanes):
                into[entry, lane] = spare[entry, lane] if halving < halvings[lane] else into[entry, lane]
        settle(into)


@within
def _scale(powers, short, factor, scaled):
    """scaled[k] = powers[k] times short^k in every lane."""
    entries, lanes = powers.shape[1], powers.shape[2]
    one, other = powers.reshape(WIDTH + 1, entries * lanes), scaled.reshape(WIDTH + 1, entries * lanes)
    factor[:] = 1.0
    for power in range(WIDTH + 1):
        if lanes == 1:
            by = factor[0]
            for entry in range(entries):
                other[power, entry] = one[power, entry] * by
        else:
            for entry in range(entries):
                for lane in range(lanes):
                    scaled[power, entry, lane] = powers[power, entry, lane] * factor[lane]
        for lane in range(lanes):
            factor[lane] *= short[lane]


@within
def _series(scaled, needed, most, into, spare, pair_starts, left, right):
    """Taylor polynomial of exp((M + q) short), WIDTH powers at a time, highest first.

    Each lane begins at the chunk that it needs itself: what stood there before is taken times nothing.
    """
    entries, lanes = into.shape
    _chunk(scaled, most - 1, into)
    for chunk in range(most - 2, -1, -1):
        multiply(into, scaled[WIDTH], spare, pair_starts, left, right)
        for lane in range(lanes):
            if chunk >= needed[lane] - 1:
                for entry in range(entries):
                    spare[entry, lane] = 0.0
        _chunk(scaled, chunk, into)
        total, more = into.reshape(into.size), spare.reshape(spare.size)
        for place in range(total.size):
            total[place] += more[place]


@within
def _chunk(scaled, chunk, into):
    """into = the WIDTH terms of one chunk: eight, so that each value is read and written once."""
    first, many = chunk * WIDTH, into.size
    terms, total = scaled.reshape(scaled.shape[0], many), into.reshape(many)
    c0, c1, c2, c3 = COEFFICIENTS[first], COEFFICIENTS[first + 1], COEFFICIENTS[first + 2], COEFFICIENTS[first + 3]
    c4, c5, c6, c7 = COEFFICIENTS[first + 4], COEFFICIENTS[first + 5], COEFFICIENTS[first + 6], COEFFICIENTS[first + 7]
    t0, t1, t2, t3, t4, t5, t6, t7 = terms[0], terms[1], terms[2], terms[3], terms[4], terms[5], terms[6], terms[7]
    for place in range(many):
        high = ((c7 * t7[place] + c6 * t6[place]) + c5 * t5[place]) + c4 * t4[place]
        total[place] = (((high + c3 * t3[place]) + c2 * t2[place]) + c1 * t1[place]) + c0 * t0[place]


@within
def multiple(steps, made, step):
    """An earlier step that this one is a small whole multiple of, and how many times; -1 where none is worth it.

    The propagator is then a product of what is known: an earlier one over 1, 2, 4 ... of its own steps. made (steps,) how many those are.
    """
    found, times, fewest = -1, 0, DEAREST + 1
    for earlier in range(step):
        ratio = int(steps[step] / steps[earlier] + 0.5)
        if ratio > 1 and abs(ratio * steps[earlier] - steps[step]) <= STEP_NOISE:
            factors, doublings, left = 0, 0, ratio
            while left:
                factors, doublings, left = factors + left % 2, doublings + 1, left // 2
            products = factors - 1 + max(0, doublings - made[earlier])
            if products < fewest and doublings <= DOUBLINGS:
                found, times, fewest = earlier, ratio, products
    return found, times


@within
def doubled(ladder, made, until, pair_starts, left, right):
    """ladder[i] over 2^i steps for every i below `until`, where `made` are known. returns how many are known now."""
    for doubling in range(made, until):
        multiply(ladder[doubling - 1], ladder[doubling - 1], ladder[doubling], pair_starts, left, right)
        settle(ladder[doubling])
    return max(made, until)


@within
def joined(ladder, made, times, into, spare, pair_starts, left, right):
    """into[0] = the propagator over `times` steps of `ladder`: the product of those over its binary digits, the shortest first.

    returns  how many of into[i], over 2^i times as much, are known then: the others of a power of two stand in the ladder too
    """
    doubling, known, first = 0, 1, into[0]
    while times % 2 == 0:
        times, doubling = times // 2, doubling + 1
    if times == 1:
        known = made - doubling
        for place in range(known):
            copied(ladder[doubling + place], into[place])
        return known
    copied(ladder[doubling], first)
    while times > 1:
        times, doubling = times // 2, doubling + 1
        if times % 2 == 1:
            multiply(ladder[doubling], first, spare, pair_starts, left, right)
            copied(spare, first)
    settle(first)
    return known


@within
def copied(one, into):
    """into = one, whatever their shape."""
    values, copies = one.reshape(one.size), into.reshape(into.size)
    for place in range(values.size):
        copies[place] = values[place]


@within
def ladders(begin, rates, entry, packed, steps, longest, ladder, made, powers, scaled, spare, lanewise, lost):
    """ladder[step, i]: the propagator over 2^i of each step, as far as its longest run needs."""
    rows, columns, pair_starts, left, right = packed
    leaving, reach = lanewise[4], lanewise[5]
    uniformised(rates, begin, entry, rows, columns, powers, leaving, reach, lost)
    for power in range(2, WIDTH + 1):
        multiply(powers[power - 1], powers[1], powers[power], pair_starts, left, right)
    for step in range(steps.size):
        known, times = multiple(steps, made, step)
        if known >= 0:
            doublings = 1
            while times >> doublings:
                doublings += 1
            made[known] = doubled(ladder[known], made[known], doublings, pair_starts, left, right)
            made[step] = joined(ladder[known], made[known], times, ladder[step], spare, pair_starts, left, right)
        else:
            propagator(
                steps[step], powers, leaving, reach, lost, ladder[step, 0], spare, scaled, lanewise,
                rows, columns, pair_starts, left, right,
            )  # fmt: skip
            made[step] = 1
        doublings = 1
        while doublings < DOUBLINGS and longest[step] >> doublings:
            doublings += 1
        made[step] = doubled(ladder[step], made[step], doublings, pair_starts, left, right)

"""exp(M h) for many virtual patients side by side, in packed entries: uniformisation, a Taylor polynomial, squaring.

The arithmetic is that of `compartments.py`. Every lane does its own operations in one fixed order and products are never contracted, so
no number of a patient depends on who stands in the other lanes.
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def, call-arg, var-annotated"
from __future__ import annotations

import math

import numpy as np

from winddown.domain.pharmacology.compartments import CHUNKS, FARTHEST, REACH, SLOWEST_PER_MIN, STEP_NOISE, WIDTH
from winddown.domain.pharmacology.kernels.compiler import within
from winddown.domain.pharmacology.kernels.eight import ABREAST, EIGHT, eight, put

FAINTEST = 1e-150  # an entry below this is zero: its square would be a denormal number, a hundred times slower
DOUBLINGS = 7  # propagators over 1, 2, 4 ... steps that are kept of each step
DEAREST = 8  # products from which a propagator is better made anew
LANEWISE = 7 + CHUNKS * WIDTH  # rows of numbers that every lane has of its own while a propagator is made
COEFFICIENTS = np.array([1.0 / math.factorial(degree) for degree in range(WIDTH * CHUNKS)])


@within
def multiply(one, other, into, pair_starts, left, right):
    """into = one @ other, in packed entries: (e, lanes) each, lanes one or a multiple of ABREAST. Terms are added first to last."""
    lanes = into.shape[1]
    if lanes == 1:
        _multiply_one(one.reshape(one.size), other.reshape(one.size), into.reshape(one.size), pair_starts, left, right)
        return
    for entry in range(pair_starts.size - 1):
        begin, end, total = pair_starts[entry], pair_starts[entry + 1], into[entry]
        a, b = one[left[begin]], other[right[begin]]
        for lane in range(0, lanes, ABREAST):
            first, second = eight(a, lane) * eight(b, lane), eight(a, lane + 8) * eight(b, lane + 8)
            third, fourth = eight(a, lane + 16) * eight(b, lane + 16), eight(a, lane + 24) * eight(b, lane + 24)
            for pair in range(begin + 1, end):
                c, d = one[left[pair]], other[right[pair]]
                first, second = first + eight(c, lane) * eight(d, lane), second + eight(c, lane + 8) * eight(d, lane + 8)
                third, fourth = third + eight(c, lane + 16) * eight(d, lane + 16), fourth + eight(c, lane + 24) * eight(d, lane + 24)
            put(total, lane, first)
            put(total, lane + 8, second)
            put(total, lane + 16, third)
            put(total, lane + 24, fourth)


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
def propagator(step, powers, leaving, reach, lost, into, spare, sums, lanewise, rows, columns, pair_starts, left, right):
    """into = exp(M step): halve each lane's step until the series converges at once, then square that lane back.

    sums      (CHUNKS, e, lanes) written over
    lanewise  (LANEWISE, lanes) written over but for what stands in 4 and 5; first come halvings, the halved step, chunks of the series
    """
    entries, lanes = into.shape
    halvings, short, needed, power, factor, shares = lanewise[0], lanewise[1], lanewise[2], lanewise[3], lanewise[6], lanewise[7:]
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
    _shares(short, int(most_chunks), power, shares)
    _sums(powers, shares, sums[: int(most_chunks)])
    _series(sums[: int(most_chunks)], powers[WIDTH], power, needed, factor, into, spare, pair_starts, left, right)
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
def _shares(short, chunks, power, shares):
    """shares[chunk * WIDTH + k] = short^k / (chunk * WIDTH + k)! in every lane; power = short^WIDTH."""
    power[:] = 1.0
    for k in range(WIDTH):
        for chunk in range(chunks):
            by, row = COEFFICIENTS[chunk * WIDTH + k], shares[chunk * WIDTH + k]
            for lane in range(power.size):
                row[lane] = by * power[lane]
        for lane in range(power.size):
            power[lane] *= short[lane]


@within
def _sums(powers, shares, sums):
    """sums[chunk] = the WIDTH terms of one chunk of the series, without the power of the matrix that all of them share.

    The powers are read once for all chunks: they are many and far, the shares few and near.
    """
    chunks, entries, lanes = sums.shape
    if lanes == 1:
        _sums_one(powers.reshape(powers.shape[0], entries), shares.reshape(shares.shape[0]), sums.reshape(chunks, entries))
        return
    for lane in range(0, lanes, EIGHT):
        for entry in range(entries):
            p0, p1 = eight(powers[0, entry], lane), eight(powers[1, entry], lane)
            p2, p3 = eight(powers[2, entry], lane), eight(powers[3, entry], lane)
            p4, p5 = eight(powers[4, entry], lane), eight(powers[5, entry], lane)
            p6, p7 = eight(powers[6, entry], lane), eight(powers[7, entry], lane)
            for chunk in range(chunks):
                first = chunk * WIDTH
                total = eight(shares[first + 7], lane) * p7 + eight(shares[first + 6], lane) * p6
                total = (total + eight(shares[first + 5], lane) * p5) + eight(shares[first + 4], lane) * p4
                total = (total + eight(shares[first + 3], lane) * p3) + eight(shares[first + 2], lane) * p2
                put(sums[chunk, entry], lane, (total + eight(shares[first + 1], lane) * p1) + eight(shares[first], lane) * p0)


@within
def _sums_one(powers, shares, sums):
    """The same for one patient alone: the same operations in the same order."""
    for chunk in range(sums.shape[0]):
        first, total = chunk * WIDTH, sums[chunk]
        for entry in range(total.size):
            total[entry] = shares[first + WIDTH - 1] * powers[WIDTH - 1, entry]
        for k in range(WIDTH - 2, -1, -1):
            by = shares[first + k]
            for entry in range(total.size):
                total[entry] += by * powers[k, entry]


@within
def _series(sums, matrix, power, needed, factor, into, spare, pair_starts, left, right):
    """Taylor polynomial of exp((M + q) short), a chunk at a time, highest first. matrix: the power WIDTH of M + q, power: of the step.

    Each lane begins at the chunk that it needs itself: what stood there before is taken times nothing.
    """
    lanes = power.size
    copied(sums[sums.shape[0] - 1], into)
    for chunk in range(sums.shape[0] - 2, -1, -1):
        multiply(into, matrix, spare, pair_starts, left, right)
        for lane in range(lanes):
            factor[lane] = power[lane] if chunk < needed[lane] - 1 else 0.0
        if lanes == 1:
            total, more, of_chunk, by = into.reshape(into.size), spare.reshape(into.size), sums[chunk].reshape(into.size), factor[0]
            for entry in range(total.size):
                total[entry] = more[entry] * by + of_chunk[entry]
            continue
        for entry in range(into.shape[0]):
            total, more, of_chunk = into[entry], spare[entry], sums[chunk, entry]
            for lane in range(0, lanes, EIGHT):
                put(total, lane, eight(more, lane) * eight(factor, lane) + eight(of_chunk, lane))


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
def ladders(begin, rates, entry, packed, steps, longest, ladder, made, powers, sums, spare, lanewise, lost):
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
                steps[step], powers, leaving, reach, lost, ladder[step, 0], spare, sums, lanewise,
                rows, columns, pair_starts, left, right,
            )  # fmt: skip
            made[step] = 1
        doublings = 1
        while doublings < DOUBLINGS and longest[step] >> doublings:
            doublings += 1
        made[step] = doubled(ladder[step], made[step], doublings, pair_starts, left, right)

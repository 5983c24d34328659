"""The most probable deviations of many persons from levels in blood: damped Gauss-Newton on the three modes of plasma.

Levels are all that is seen, and they depend on the rates through three speeds and three weights only. So each mode carries its amount
and the derivative of that amount by its own speed, and the chain rule makes the whole Jacobian of them: about twice the work of one
course, for any number of deviations. The speeds of a mammillary system never coincide unless a neighbor stands empty, and then nothing
depends on the difference; the weights are positive and add up to one. source: performance.md 4.7
"""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import math

import numpy as np

from winddown.domain.pharmacology.kernels.compiler import compiled, within

MODES = 3
RATES = 5  # k10, k12, k13, k21, k31
MOST_ROUNDS = 60
SMALL_STEP = 1e-6  # what is still missing then is a tenth of it
FAR = 0.5  # from here 1 - exp(-x) loses no more than a bit
FIRST_DAMPING = 1e-3
LEAST = 1e-300  # an amount below this has no logarithm


@within
def _speeds(k10, k12, k13, k21, k31, speed):
    """The three roots of the characteristic polynomial, fastest first; each polished by Newton, the slowest from the product of all."""
    sum_1, sum_2 = k10 + k12 + k13 + k21 + k31, k10 * k31 + k21 * k31 + k21 * k13 + k10 * k21 + k31 * k12
    product = k10 * k21 * k31
    middle = sum_1 / 3.0
    width = max(middle * middle - sum_2 / 3.0, 0.0)
    reach = 2.0 * math.sqrt(width)
    twist = (2.0 * middle**3 - middle * sum_2 + product) / max(2.0 * width * math.sqrt(width), LEAST)
    angle = math.acos(min(1.0, max(-1.0, twist))) / 3.0
    speed[0] = middle + reach * math.cos(angle)
    speed[1] = middle + reach * math.cos(angle - 2.0 * math.pi / 3.0)
    for mode in range(MODES):
        if mode == 2:
            speed[2] = product / (speed[0] * speed[1])
        for _ in range(2):
            s = speed[mode]
            slope = (3.0 * s - 2.0 * sum_1) * s + sum_2
            if slope != 0.0:
                speed[mode] = s - (((s - sum_1) * s + sum_2) * s - product) / slope
    return sum_1, sum_2


@within
def _modes(rates, speed, weight, by_speed, by_weight):
    """Speeds and weights (3,) of plasma's modes, and their derivatives by the logarithms of the five rates, (3, 5) each."""
    k10, k12, k13, k21, k31 = rates[0], rates[1], rates[2], rates[3], rates[4]
    sum_1, sum_2 = _speeds(k10, k12, k13, k21, k31, speed)
    for mode in range(MODES):
        s = speed[mode]
        near, far = k21 - s, k31 - s
        top, slope, bend = near * far, (3.0 * s - 2.0 * sum_1) * s + sum_2, 6.0 * s - 2.0 * sum_1
        weight[mode] = top / slope
        for rate in range(RATES):
            if rate == 0:
                of_2, of_3, of_top = k21 + k31, k21 * k31, 0.0
            elif rate == 1:
                of_2, of_3, of_top = k31, 0.0, 0.0
            elif rate == 2:
                of_2, of_3, of_top = k21, 0.0, 0.0
            elif rate == 3:
                of_2, of_3, of_top = k31 + k13 + k10, k10 * k31, far
            else:
                of_2, of_3, of_top = k10 + k21 + k12, k10 * k21, near
            moved = (s * s - s * of_2 + of_3) / slope
            of_top -= (near + far) * moved
            of_slope = of_2 - 2.0 * s + bend * moved
            by_speed[mode, rate] = moved * rates[rate]
            by_weight[mode, rate] = (of_top - weight[mode] * of_slope) / slope * rates[rate]


@within
def _steps_of(edges, given, at, length, rate, seen):
    """Edges and sampling times of one person merged: length and rate of each step, and which sample stands at its end or -1."""
    count, edge, sample, now = 0, 0, 0, 0.0
    while sample < at.size:
        ahead = at[sample]
        if edge < edges.size and edges[edge] < ahead:
            ahead = edges[edge]
        length[count] = ahead - now
        rate[count] = given[edge - 1] if 0 < edge <= given.size else 0.0
        seen[count] = -1
        if edge < edges.size and edges[edge] <= ahead:
            edge += 1
        if at[sample] <= ahead:
            seen[count], sample = sample, sample + 1
        now, count = ahead, count + 1
    return count


@within
def _judged(eta, typical, shape, precision, logs, errors, steps, length, rate, seen, of_speed, of_weight, scratch, bend, slope):
    """Half the weighted squares at eta; the curvature (k, k) and the downhill slope (k,) of it, written over.

    of_speed, of_weight  (3, k) derivatives by eta, written over
    """
    rates, speed, weight, by_speed, by_weight, row = scratch
    many = eta.size
    for place in range(RATES + 1):
        moved = typical[place]
        for k in range(many):
            moved += shape[place, k] * eta[k]
        rates[place] = math.exp(moved)
    _modes(rates[1:], speed, weight, by_speed, by_weight)
    for mode in range(MODES):
        for k in range(many):
            one, other = 0.0, 0.0
            for place in range(RATES):
                one += by_speed[mode, place] * shape[place + 1, k]
                other += by_weight[mode, place] * shape[place + 1, k]
            of_speed[mode, k], of_weight[mode, k] = one * weight[mode], other
    total = 0.0
    for k in range(many):
        pulled = 0.0
        for j in range(many):
            bend[k, j] = precision[k, j]
            pulled += precision[k, j] * eta[j]
        slope[k] = -pulled
        total += 0.5 * eta[k] * pulled
    log_volume = math.log(rates[0])
    a0, a1, a2, b0, b1, b2 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0  # the amount in each mode, and its derivative by that mode's speed
    for step in range(steps):
        h, u, sample = length[step], rate[step], seen[step]
        a0, b0 = _advanced(a0, b0, speed[0], h, u)
        a1, b1 = _advanced(a1, b1, speed[1], h, u)
        a2, b2 = _advanced(a2, b2, speed[2], h, u)
        if sample >= 0:
            amount = max(weight[0] * a0 + weight[1] * a1 + weight[2] * a2, LEAST)
            pull = 1.0 / errors[sample]
            gap = (logs[sample] - math.log(amount) + log_volume) * pull
            total += 0.5 * gap * gap
            for k in range(many):
                changed = of_weight[0, k] * a0 + of_weight[1, k] * a1 + of_weight[2, k] * a2
                changed += of_speed[0, k] * b0 + of_speed[1, k] * b1 + of_speed[2, k] * b2
                row[k] = (changed / amount - shape[0, k]) * pull
            for k in range(many):
                slope[k] += row[k] * gap
                for j in range(k + 1):
                    bend[k, j] += row[k] * row[j]
    for k in range(many):
        for j in range(k):
            bend[j, k] = bend[k, j]
    return total


@within
def _advanced(amount, derived, speed, h, u):
    """One mode over a step: m <- m e + u w, where w = (1 - e) / speed; and its derivative by the speed."""
    if speed * h > FAR:
        kept = math.exp(-speed * h)
        lost = 1.0 - kept
    else:
        lost = -math.expm1(-speed * h)
        kept = 1.0 - lost
    filled = lost / speed
    return amount * kept + u * filled, kept * (derived - h * amount) + u * (h * kept - filled) / speed


@within
def _solved(bend, damping, slope, root, move):
    """move = (bend + damping times its diagonal)^-1 slope by Cholesky; on the diagonal of the root stands one over it."""
    many = slope.size
    for i in range(many):
        for j in range(i + 1):
            total = bend[i, j]
            if i == j:
                total += damping * bend[i, i]
            for k in range(j):
                total -= root[i, k] * root[j, k]
            root[i, j] = 1.0 / math.sqrt(total) if i == j else total * root[j, j]
        total = slope[i]
        for k in range(i):
            total -= root[i, k] * move[k]
        move[i] = total * root[i, i]
    for i in range(many - 1, -1, -1):
        total = move[i]
        for k in range(i + 1, many):
            total -= root[k, i] * move[k]
        move[i] = total * root[i, i]


@compiled
def fit_many(
    first_person, last_person, typical, shape, precision, dose_starts, edges, given, sample_starts, at, logs, errors,
    eta, curvature, objective, rounds,
):  # fmt: skip
    """The fits of the persons `first_person` up to `last_person`; results are written into the last four.

    typical        (n, 6) logarithms of volume, k10, k12, k13, k21, k31 of each typical person
    shape          (6, k) what one unit of each deviation adds to those logarithms; precision (k, k) of the deviations
    dose_starts    (n + 1,) where each person's edges begin; a person of e edges has e - 1 rates, the first of them at the first edge
    sample_starts  (n + 1,) where each person's samples begin; logs, errors: logarithms of what was measured in mg per volume, their scatter
    rounds         (n,) how many were needed, or -1 where the fit did not settle
    """
    many, most = shape.shape[1], 1
    for person in range(first_person, last_person):
        size = sample_starts[person + 1] - sample_starts[person] + dose_starts[person + 1] - dose_starts[person]
        most = max(most, size)
    length, rate, seen = np.empty(most), np.empty(most), np.empty(most, np.int64)
    scratch = (
        np.empty(RATES + 1), np.empty(MODES), np.empty(MODES), np.empty((MODES, RATES)), np.empty((MODES, RATES)), np.empty(many),
    )  # fmt: skip
    of_speed, of_weight = np.empty((MODES, many)), np.empty((MODES, many))
    bend, slope, move, root, there = np.empty((many, many)), np.empty(many), np.empty(many), np.zeros((many, many)), np.empty(many)
    new_bend, new_slope = np.empty((many, many)), np.empty(many)
    for person in range(first_person, last_person):
        e, s = dose_starts[person], sample_starts[person]
        last_edge, last_sample = dose_starts[person + 1], sample_starts[person + 1]
        count = _steps_of(edges[e:last_edge], given[e : last_edge - 1], at[s:last_sample], length, rate, seen)
        mine, spread, here = logs[s:last_sample], errors[s:last_sample], eta[person]
        best = _judged(
            here, typical[person], shape, precision, mine, spread, count, length, rate, seen, of_speed, of_weight, scratch, bend, slope
        )
        damping, rounds[person] = 0.0, -1
        for done in range(1, MOST_ROUNDS + 1):
            _solved(bend, damping, slope, root, move)
            furthest, gained = 0.0, 0.0
            for k in range(many):
                there[k] = here[k] + move[k]
                furthest, gained = max(furthest, abs(move[k])), gained + 0.5 * slope[k] * move[k]
            if furthest < SMALL_STEP:
                here[:], rounds[person] = there, done
                best -= gained
                break
            found = _judged(
                there, typical[person], shape, precision, mine, spread, count, length, rate, seen, of_speed, of_weight, scratch,
                new_bend, new_slope,
            )  # fmt: skip
            if found <= best:
                best, here[:], bend[:], slope[:] = found, there, new_bend, new_slope
                damping = damping * 0.1 if damping > 1e-6 else 0.0
            else:
                damping = max(damping * 10.0, FIRST_DAMPING)
        objective[person], curvature[person] = best, bend

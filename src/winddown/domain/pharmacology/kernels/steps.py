"""Rate changes and asked times merged once for all patients into runs of equal steps: performance.md 4.1."""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import numpy as np

from winddown.domain.pharmacology.compartments import SAME_STEP, STEP_NOISE
from winddown.domain.pharmacology.kernels.compiler import compiled


@compiled
def plan(edges, rates, times):
    """Merge rate changes and asked times into runs of equal steps.

    edges, rates  (k + 1,), (k,) of an Input; times (m,) minutes, increasing by more than SAME_STEP
    returns       run -> its step among the distinct steps, its points, its rate, its first column of the output or -1; distinct steps;
                  the first column that is after minute 0
    """
    most = edges.size + times.size + 1
    knots, columns, rate = np.empty(most), np.empty(most, np.int64), np.empty(most)
    knots[0], columns[0], rate[0] = 0.0, -1, 0.0
    count, edge, column = 1, 0, 0
    if times[0] <= SAME_STEP:
        columns[0], column = 0, 1
    while edge < edges.size and edges[edge] <= SAME_STEP:
        edge += 1
    while column < times.size:
        bound = edges[edge] - SAME_STEP if edge < edges.size else np.inf
        now = rates[edge - 1] if 0 < edge <= rates.size else 0.0
        while column < times.size and times[column] < bound:
            knots[count], columns[count], rate[count] = times[column], column, now
            count, column = count + 1, column + 1
        if column == times.size:
            break
        if edge < edges.size and edges[edge] < times[column] - SAME_STEP:
            knots[count], columns[count] = edges[edge], -1
        else:
            knots[count], columns[count] = times[column], column
            column += 1
        rate[count] = now
        while edge < edges.size and edges[edge] <= knots[count] + SAME_STEP:
            edge += 1
        count += 1
    return _grouped(knots, columns, rate, count)


@compiled
def _grouped(knots, columns, rate, count):
    step_of, points = np.zeros(count, np.int64), np.zeros(count, np.int64)
    given, first = np.zeros(count), np.zeros(count, np.int64)
    steps = np.zeros(count)
    runs, distinct, begin = 0, 0, 1
    while begin < count:
        step, end = knots[begin] - knots[begin - 1], begin + 1
        given_now, asked = rate[begin], columns[begin] >= 0
        while end < count and rate[end] == given_now and (columns[end] >= 0) == asked:
            if abs(knots[end] - knots[end - 1] - step) > STEP_NOISE:
                break
            end += 1
        mean = (knots[end - 1] - knots[begin - 1]) / (end - begin)
        known = 0
        while known < distinct and abs(steps[known] - mean) > STEP_NOISE:
            known += 1
        if known == distinct:
            steps[distinct] = mean
            distinct += 1
        step_of[runs], points[runs], given[runs], first[runs] = known, end - begin, rate[begin], columns[begin]
        runs, begin = runs + 1, end
    return step_of[:runs], points[:runs], given[:runs], first[:runs], steps[:distinct]

"""Rate changes and asked times merged once for all patients into runs of equal steps: performance.md 4.1."""

# The arguments are arrays whose types the compiler finds; hints would only be read by people, and the shapes are in the words.
# mypy: disable-error-code="no-untyped-def"
from __future__ import annotations

import math

import numpy as np

from winddown.domain.pharmacology.compartments import SAME_STEP, STEP_NOISE
from winddown.domain.pharmacology.kernels.compiler import compiled

AT_ONCE = 16  # steps that are compared together


@compiled
def plan(edges, rates, times):
    """Merge rate changes and asked times into runs of equal steps under one rate.

    edges, rates  (k + 1,), (k,) of an Input; times (m,) minutes
    returns       whether the times begin at 0 or later and increase by more than SAME_STEP, without which the rest means nothing;
                  run -> its step among the distinct steps, its points, its rate, its first column of the output or -1; distinct steps
    """
    most = edges.size + times.size + 1
    step_of, points, first = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    given, steps = np.empty(most), np.empty(most)
    rising = times.size > 0 and times[0] >= 0.0 and math.isfinite(times[-1])
    runs, distinct, edge, now = 0, 0, 0, 0.0
    column = 1 if rising and times[0] <= SAME_STEP else 0
    while rising and column < times.size:
        while edge < edges.size and edges[edge] <= now + SAME_STEP:
            edge += 1
        bound = edges[edge] if edge < edges.size else np.inf
        if bound < times[column] - SAME_STEP:
            count, until, first[runs] = 1, bound, -1
        else:
            rising = times[column] - now > SAME_STEP
            count = _alike(times, column, times[column] - now, bound + SAME_STEP)
            until, first[runs], column = times[column + count - 1], column, column + count
        mean, known = (until - now) / count, 0
        while known < distinct and abs(steps[known] - mean) > STEP_NOISE:
            known += 1
        steps[known], distinct = steps[known] if known < distinct else mean, max(distinct, known + 1)
        step_of[runs], points[runs], given[runs] = known, count, rates[edge - 1] if 0 < edge <= rates.size else 0.0
        runs, now = runs + 1, until
    return rising, step_of[:runs], points[:runs], given[:runs], first[:runs], steps[:distinct]


@compiled
def _alike(times, column, step, last):
    """How many times from this column on, none after `last`, follow each other by this step."""
    end, inside = column + 1, times.size
    if times[inside - 1] > last:
        inside = max(end, np.searchsorted(times, last, side="right"))
    while end + AT_ONCE <= inside:
        other = 0
        for j in range(AT_ONCE):
            other += 0 if abs(times[end + j] - times[end + j - 1] - step) <= STEP_NOISE else 1
        if other > 0:
            break
        end += AT_ONCE
    while end < inside and abs(times[end] - times[end - 1] - step) <= STEP_NOISE:
        end += 1
    return end - column

"""An effect that lingers for weeks behind any function of the levels, by quadrature: no step is taken by a solver.

The effect is linear in its own state, R' = k (baseline + drive(t) - R), and its drive is any function of levels that the engine knows at
any minute: a curve, a curve shifted by tolerance, a sum of several. So R is an integral over a known function. Panels begin at every
change of rate, where the drive bends, and double in length from there; in each the drive is read at equal steps and taken for a polynomial
times e^(-k t). Equal steps cost the engine one propagator for a whole panel.

Not for an effect that is not linear in its own state: that needs a solver. source: performance.md 4.6
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.compartments import SAME_STEP, Input, check_times
from winddown.domain.pharmacology.linear import Array, LinearSystem, cut
from winddown.domain.refusals import OutOfRange

NODES = 12  # equal steps of a panel; the polynomial has this degree
FIRST_MIN = 0.625  # length of the first panel after a change of rate
FADING = 2.0  # the fastest patient's effect loses at most e^-2 within one panel
AT_ONCE = 32  # patients whose levels are held in memory together; changes no number

Drive = Callable[[Mapping[str, Array], slice], Array]


@dataclass(frozen=True)
class Panels:
    """Where the drive is read and how it is weighed; the same for all patients.

    at_min       (panels * NODES + 1,) every node; neighbors share their edge
    step_min     (panels,) distance of a panel's nodes
    asked        (m,) the panel that holds each asked time
    weights      (m, NODES + 1) of the nodes of that panel in the integral from its beginning to the asked time, in minutes
    inside_min   (m,) the asked time from the panel's beginning
    """

    at_min: Array
    step_min: Array
    asked: NDArray[np.int64]
    weights: Array
    inside_min: Array


def slow_effect(
    system: LinearSystem, given: Input, at_min: Array, *, drive: Drive, per_min: Array, baseline: float = 1.0, first_min: float = FIRST_MIN
) -> Array:
    """(n, m) the effect R at the asked minutes, beginning at its baseline.

    at_min     (m,) minutes, increasing
    drive      what the effect follows: (outputs of the system, (some patients, nodes) each; which patients) -> (some patients, nodes)
    per_min    (n,) k, positive: how fast the effect comes and goes; the fastest decides how long a panel may be
    first_min  length of the first panels; half of it shows what the quadrature leaves out
    refuses    OutOfRange for times that go backwards, and for a speed that is not positive
    """
    check_times(at_min)
    if not bool(np.all(per_min > 0.0)):
        raise OutOfRange(because="A slow effect needs a speed above 0 per minute in every patient.", code="slow_effect_speed")
    engine.warm()
    panels = panels_of(given, at_min, first_min, FADING / float(per_min.max()))
    effect = np.empty((system.patients, at_min.size))
    for first in range(0, system.patients, AT_ONCE):
        some = slice(first, min(first + AT_ONCE, system.patients))
        read = drive(engine.levels(cut(system, some), given, panels.at_min), some)
        engine.turnover(
            read, per_min[some], panels.step_min, panels.asked, panels.weights, panels.inside_min, WHOLE, baseline, effect[some]
        )
    return effect


def panels_of(given: Input, at_min: Array, first_min: float, longest_min: float) -> Panels:
    """The panels from minute 0 to the last asked time, or one first panel."""
    last = max(float(at_min[-1]), first_min)
    bends = [0.0, *(edge for edge in given.edges_min if SAME_STEP < edge < last - SAME_STEP), last]
    lengths = [length for begin, end in itertools.pairwise(bends) for length in _doubling(end - begin, first_min, longest_min)]
    step = np.asarray(lengths) / NODES
    begins = np.concatenate([[0.0], np.cumsum(lengths)])
    nodes = (begins[:-1, np.newaxis] + step[:, np.newaxis] * np.arange(NODES)).ravel()
    asked = np.clip(np.searchsorted(begins, at_min, side="left") - 1, 0, step.size - 1)
    inside = at_min - begins[asked]
    return Panels(np.append(nodes, last), step, asked.astype(np.int64), _partial(inside / step[asked]) * step[asked, np.newaxis], inside)


def _doubling(span_min: float, first_min: float, longest_min: float) -> list[float]:
    """Lengths that add up to the span, each twice the one before until the longest; the last two share what is left."""
    lengths, left, length = [], span_min, first_min
    while left > 2.0 * length:
        lengths.append(length)
        left -= length
        length = 2.0 * length if 2.0 * length <= longest_min else length
    return [*lengths, left / 2.0, left / 2.0]


def _partial(places: Array) -> Array:
    """(m, NODES + 1): weights of values at 0, 1 ... NODES in the integral of their polynomial from 0 to each place."""
    powers = np.arange(NODES + 1)
    centered = np.asarray(places) - NODES / 2.0
    grown = centered[:, np.newaxis] ** (powers + 1.0) - (-NODES / 2.0) ** (powers + 1.0)
    return np.asarray((grown / (powers + 1.0)) @ _coefficients())


@lru_cache(maxsize=1)
def _coefficients() -> Array:
    """(NODES + 1, NODES + 1): values at 0, 1 ... NODES to coefficients of their polynomial about the middle."""
    return np.linalg.inv(np.vander(np.arange(NODES + 1) - NODES / 2.0, increasing=True))


WHOLE = _partial(np.array([float(NODES)]))[0]

"""An effect that lingers for weeks behind any function of the levels, by quadrature: no step is taken by a solver.

The effect is linear in its own state, R' = k (baseline + drive(t) - R), and its drive is any function of levels that the engine knows at
any minute: a curve, a curve shifted by tolerance, a sum of several. So R is an integral over a known function. Panels begin at every
change of rate, where the drive bends, and each is three times as long as the one before; in each the drive is read at the nodes of
Gauss and Lobatto and taken for a polynomial times e^(-k t). The ends of a panel are nodes, so neighbors share them.

Not for an effect that is not linear in its own state: that needs a solver. source: performance.md 4.6
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.compartments import SAME_STEP, Input, check_times
from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.node_levels import NodeLevels
from winddown.domain.refusals import OutOfRange

GAPS = 10  # of the eleven nodes of a panel, a multiple of five; the polynomial has this degree, whole panels are exact to degree 19
FIRST_MIN = 1.25  # length of the first panel after a change of rate, at most
GROWTH = 3  # how much longer each panel is than the one before
FADING = 3.0  # the fastest patient's effect loses at most e^-3 within one panel
SPAN_NOISE = 9  # decimals of a minute; spans between changes that agree so far share their panels

Drive = Callable[[Mapping[str, Array], slice], Array]


@dataclass(frozen=True)
class Panels:
    """Where the drive is read and how it is weighed; the same for all patients.

    length_min   (lengths,) the distinct lengths of panels; made_from (lengths,) which of them is a third of each, -1 for none
    length_of    (panels,) which length; rate_mg_per_min (panels,) the input within
    asked        (m,) the panel that holds each asked time
    weights      (m, GAPS + 1) of the nodes of that panel in the integral from its beginning to the asked time, in minutes
    inside_min   (m,) the asked time from the panel's beginning
    """

    length_min: Array
    made_from: NDArray[np.int64]
    length_of: NDArray[np.int64]
    rate_mg_per_min: Array
    asked: NDArray[np.int64]
    weights: Array
    inside_min: Array


def slow_effect(
    system: LinearSystem, given: Input, at_min: Array, *, drive: Drive, per_min: Array, baseline: float = 1.0, first_min: float = FIRST_MIN
) -> Array:
    """(n, m) the effect R at the asked minutes, beginning at its baseline.

    at_min     (m,) minutes, increasing
    drive      what the effect follows: (outputs of the system, (some patients, nodes) each; which patients) -> (some patients, nodes);
               the levels are its own to write over
    per_min    (n,) k, positive: how fast the effect comes and goes; the fastest decides how long a panel may be
    first_min  length of the first panels at most; half of it shows what the quadrature leaves out
    refuses    OutOfRange for times that go backwards, and for a speed that is not positive
    """
    check_times(at_min)
    if not bool(np.all(per_min > 0.0)):
        raise OutOfRange(because="A slow effect needs a speed above 0 per minute in every patient.", code="slow_effect_speed")
    from winddown.domain.pharmacology.kernels import turnover  # slow import

    panels = panels_of(given, at_min, first_min, FADING / float(per_min.max()))
    begins = np.multiply.outer(panels.length_min, nodes_and_weights()[0])
    whole = np.multiply.outer(panels.length_min, _partial(np.ones(1))[0])
    walk = NodeLevels(system, panels.length_of, panels.rate_mg_per_min, panels.made_from, begins)
    effect = np.empty((system.patients, at_min.size))
    for some, levels in walk.blocks():
        speed = np.ascontiguousarray(per_min[some])
        read = np.ascontiguousarray(np.broadcast_to(drive(levels, some), (speed.size, walk.nodes)).T)
        growing, fading = np.exp(np.multiply.outer(begins, speed)), np.exp(np.multiply.outer(-panels.inside_min, speed))
        found, spare = np.empty((at_min.size, speed.size)), np.empty((GAPS + 3, speed.size))
        turnover(
            read, speed, panels.length_of, panels.asked, panels.weights, whole, growing, 1.0 / growing[:, -1], fading, baseline,
            spare[0], spare[1], spare[2:], found,
        )  # fmt: skip
        effect[some] = found.T
    return effect


def panels_of(given: Input, at_min: Array, first_min: float, longest_min: float) -> Panels:
    """The panels from minute 0 to the last asked time, or one first panel."""
    last = max(float(at_min[-1]), first_min)
    bends = [0.0, *(edge for edge in given.edges_min if SAME_STEP < edge < last - SAME_STEP), last]
    known: dict[float, list[int]] = {}
    lengths: list[float] = []
    made_from: list[int] = []
    length_of: list[int] = []
    rates: list[float] = []
    for begin, end in itertools.pairwise(bends):
        span = round(end - begin, SPAN_NOISE)
        if span not in known:
            shortest, distinct, many = _growing(end - begin, first_min, longest_min)
            made_from += [-1, *range(len(lengths), len(lengths) + distinct - 1)]
            known[span] = [len(lengths) + min(panel, distinct - 1) for panel in range(many)]
            lengths += [shortest * float(GROWTH) ** power for power in range(distinct)]
        length_of += known[span]
        rates += [_rate(given, (begin + end) / 2.0)] * len(known[span])
    length, of = np.asarray(lengths), np.asarray(length_of, dtype=np.int64)
    begins = np.concatenate([[0.0], np.cumsum(length[of])])
    asked = np.clip(np.searchsorted(begins, at_min, side="left") - 1, 0, of.size - 1).astype(np.int64)
    inside, within = at_min - begins[asked], length[of[asked]]
    weights = _partial(inside / within) * within[:, np.newaxis]
    return Panels(length, np.asarray(made_from, dtype=np.int64), of, np.asarray(rates), asked, weights, inside)


def _growing(span_min: float, first_min: float, longest_min: float) -> tuple[float, int, int]:
    """Panels that fill a span, each GROWTH times the one before until the longest: the shortest length, distinct lengths, panels."""
    longest_min = max(longest_min, first_min)
    distinct = 1 + int(math.log(longest_min / first_min, GROWTH) + SAME_STEP)
    shares = [float(GROWTH) ** power for power in range(distinct)]
    for many, sum_of_shares in enumerate(itertools.accumulate(shares), start=1):
        if sum_of_shares * first_min >= span_min:
            return span_min / sum_of_shares, many, many
    more = math.ceil((span_min / first_min - sum(shares)) / shares[-1])
    return span_min / (sum(shares) + more * shares[-1]), distinct, distinct + more


def _rate(given: Input, at_min: float) -> float:
    edges, rates = given.arrays
    place = int(np.searchsorted(edges, at_min, side="right")) - 1
    return float(rates[place]) if 0 <= place < rates.size else 0.0


@lru_cache(maxsize=1)
def nodes_and_weights() -> tuple[Array, Array]:
    """(GAPS + 1,) nodes of Gauss and Lobatto on a panel from 0 to 1, and (GAPS + 1, GAPS + 1) values there to Legendre coefficients.

    The inner nodes are where the slope of the Legendre polynomial is zero. source: Abramowitz and Stegun 25.4.32
    """
    inner = np.sort(np.polynomial.legendre.Legendre.basis(GAPS).deriv().roots().real)
    inner = (inner - inner[::-1]) / 2.0
    nodes = np.concatenate([[-1.0], inner, [1.0]])
    return (nodes + 1.0) / 2.0, np.linalg.inv(np.polynomial.legendre.legvander(nodes, GAPS))


def _partial(places: Array) -> Array:
    """(m, GAPS + 1): weights of values at the nodes in the integral of their polynomial from 0 to each place of a panel from 0 to 1."""
    powers = np.polynomial.legendre.legvander(2.0 * places - 1.0, GAPS + 1)
    grown = np.empty((places.size, GAPS + 1))
    grown[:, 0] = 2.0 * places
    degrees = np.arange(1, GAPS + 1)
    grown[:, 1:] = (powers[:, 2:] - powers[:, :-2]) / (2.0 * degrees + 1.0)
    return np.asarray(grown @ nodes_and_weights()[1] / 2.0)

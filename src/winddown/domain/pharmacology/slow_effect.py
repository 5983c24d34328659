"""An effect that lingers for weeks behind any function of the levels, by quadrature: no step is taken by a solver.

The effect is linear in its own state, R' = k (baseline + drive(t) - R), and its drive is any function of levels that the engine knows at
any minute: a curve, a curve shifted by tolerance, a sum of several. So R is an integral over a known function. Panels begin at every
change of rate, where the drive bends, and each is three times as long as the one before; in each the drive is read at the nodes of
Gauss and Lobatto and taken for a polynomial times e^(-k t). The ends of a panel are nodes, so neighbors share them.

All stretches between changes share one row of lengths. The last panel of a stretch may reach beyond the next change: there it reads what
would have been had the rate stayed, which bends nowhere, and is weighed as far as the change only.

Not for an effect that is not linear in its own state: that needs a solver. source: performance.md 4.6
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology.compartments import LANES, SAME_STEP, Input, check_times
from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.pharmacology.node_levels import NodeLevels
from winddown.domain.refusals import OutOfRange

GAPS = 10  # of the eleven nodes of a panel, a multiple of five; the polynomial has this degree, whole panels are exact to degree 19
FIRST_MIN = 3.1  # length of the first panel after a change of rate, at most
GROWTH = 3  # how much longer each panel is than the one before
FADING = 4.0  # the fastest patient's effect loses at most e^-4 within one panel
SPAN_NOISE = 9  # decimals of a minute; spans between changes that agree so far share their panels
FITTED_SPANS = 3  # the most common spans that the shortest length is tried to fit

Places = NDArray[np.int64]
Drive = Callable[[Mapping[str, Array], slice], Array]


@dataclass(frozen=True)
class Panels:
    """Where the drive is read and how it is weighed; the same for all patients.

    length_min       (lengths,) each GROWTH times the one before
    cut_min, cut_in  (cuts,) minutes of a panel that are used where a change of rate cuts it, and which length it has
    length_of        (panels,) which length; rate_mg_per_min (panels,) the input within
    end_of           (panels,) where it ends: its own length, or the number of lengths and the place of its cut
    asked            (m,) the panel that holds each asked time
    weights          (m, GAPS + 1) of the nodes of that panel in the integral from its beginning to the asked time, in minutes
    inside_min       (m,) the asked time from the panel's beginning
    """

    length_min: Array
    cut_min: Array
    cut_in: Places
    length_of: Places
    end_of: Places
    rate_mg_per_min: Array
    asked: Places
    weights: Array
    inside_min: Array

    @cached_property
    def end_min(self) -> Array:
        """(lengths + cuts,) minutes from a panel's beginning to where it ends."""
        return np.concatenate([self.length_min, self.cut_min])

    @cached_property
    def whole(self) -> Array:
        """(lengths + cuts, GAPS + 1) weights of the nodes in the integral from a panel's beginning to where it ends, in minutes."""
        within = np.concatenate([self.length_min, self.length_min[self.cut_in]])
        return np.asarray(_partial(self.end_min / within) * within[:, np.newaxis])

    @cached_property
    def first_node(self) -> Places:
        """(panels,) the node at which each begins: the last of the panel before, or one more where that was cut."""
        cut = self.end_of >= self.length_min.size
        return np.concatenate([[0], np.cumsum(GAPS + cut[:-1])]).astype(np.int64)


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
    places = np.multiply.outer(panels.length_min, nodes_and_weights()[0])
    nodes = int(panels.first_node[-1]) + GAPS + 1
    walk = NodeLevels(system, panels.length_of, panels.end_of, panels.rate_mg_per_min, places, panels.cut_min, nodes)
    speed = np.full(LANES, per_min[0])
    growing, staying, fading = (np.empty((*minutes.shape, LANES)) for minutes in (places, panels.end_min, panels.inside_min))
    above, total, grown = np.empty(LANES), np.empty(LANES), np.empty((GAPS + 1, LANES))
    effect = np.empty((at_min.size, system.patients))
    for some, levels in walk.blocks():
        present = some.stop - some.start
        speed[:present] = per_min[some]
        driven = np.broadcast_to(drive(levels, some), (present, walk.nodes)).T
        read = np.pad(driven, ((0, 0), (0, LANES - present))) if present < LANES else np.ascontiguousarray(driven)
        _exponentials(places, speed, growing)
        _exponentials(panels.end_min, -speed, staying)
        _exponentials(panels.inside_min, -speed, fading)
        turnover(
            read, speed, panels.first_node, panels.length_of, panels.end_of, panels.asked, panels.weights, panels.whole,
            growing, staying, fading, baseline, some.start, above, total, grown, effect,
        )  # fmt: skip
    return effect.T


def _exponentials(minutes: Array, per_min: Array, into: Array) -> None:
    """into[..., lane] = e^(minutes * per_min[lane])."""
    np.exp(np.multiply.outer(minutes, per_min, out=into), out=into)


def panels_of(given: Input, at_min: Array, first_min: float, longest_min: float) -> Panels:
    """The panels from minute 0 to the last asked time, or one first panel."""
    last = max(float(at_min[-1]), first_min)
    bends = [0.0, *(edge for edge in given.edges_min if SAME_STEP < edge < last - SAME_STEP), last]
    spans = [round(end - begin, SPAN_NOISE) for begin, end in itertools.pairwise(bends)]
    lengths = _lengths(Counter(spans), first_min, longest_min)
    known: dict[float, tuple[list[int], list[int]]] = {}
    cut_min: list[float] = []
    cut_in: list[int] = []
    length_of: list[int] = []
    end_of: list[int] = []
    rates: list[float] = []
    for stretch, ((begin, end), span) in enumerate(zip(itertools.pairwise(bends), spans, strict=True), start=1):
        if span not in known or stretch == len(spans):
            filled, left = _filled(span, lengths)
            ends = list(filled)
            if left < lengths[filled[-1]] - SAME_STEP and stretch < len(spans):
                ends[-1] = len(lengths) + len(cut_min)
                cut_min.append(left)
                cut_in.append(filled[-1])
            known[span] = filled, ends
        length_of += known[span][0]
        end_of += known[span][1]
        rates += [_rate(given, (begin + end) / 2.0)] * len(known[span][0])
    length, of, ends_at = np.asarray(lengths), _places(length_of), np.asarray([*lengths, *cut_min])[end_of]
    begins = np.concatenate([[0.0], np.cumsum(ends_at)])
    asked = np.clip(np.searchsorted(begins, at_min, side="left") - 1, 0, of.size - 1).astype(np.int64)
    inside, within = at_min - begins[asked], length[of[asked]]
    weights = _partial(inside / within) * within[:, np.newaxis]
    return Panels(length, np.asarray(cut_min), _places(cut_in), of, _places(end_of), np.asarray(rates), asked, weights, inside)


def _places(values: list[int]) -> Places:
    return np.asarray(values, dtype=np.int64)


def _lengths(spans: Counter[float], first_min: float, longest_min: float) -> list[float]:
    """The row of lengths, the first at most `first_min`, that fills all spans with the fewest panels, and cuts the fewest of them."""
    rows = [_row(first_min, longest_min)]
    for span, _ in spans.most_common(FITTED_SPANS):
        filled, _ = _filled(span, rows[0])
        rows.append(_row(first_min * span / sum(rows[0][length] for length in filled), longest_min))

    def cost(row: list[float]) -> tuple[int, int, float]:
        filled = {span: _filled(span, row) for span in spans}
        cut = sum(left < row[lengths[-1]] - SAME_STEP for lengths, left in filled.values())
        return sum(many * len(filled[span][0]) for span, many in spans.items()), cut, -row[0]

    return min(rows, key=cost)


def _row(first_min: float, longest_min: float) -> list[float]:
    distinct = 1 + int(math.log(max(longest_min, first_min) / first_min, GROWTH) + SAME_STEP)
    return [first_min * float(GROWTH) ** power for power in range(distinct)]


def _filled(span_min: float, lengths: Sequence[float]) -> tuple[list[int], float]:
    """The panels of one span, each longer than the one before until the longest; the last is the shortest that covers what is left.

    returns  which lengths, and how much of the last is used
    """
    filled: list[int] = []
    left = span_min
    while not filled or left > SAME_STEP:
        next_one = min(len(filled), len(lengths) - 1)
        if left <= lengths[next_one] + SAME_STEP:
            return [*filled, next(place for place, length in enumerate(lengths) if left <= length + SAME_STEP)], left
        filled.append(next_one)
        left -= lengths[next_one]
    return filled, lengths[filled[-1]]


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

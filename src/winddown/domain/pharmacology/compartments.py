"""Amounts in every compartment, in closed form, for any linear system under piecewise-constant input.

With the input rate as one more state that stands still, x' = A x + b u becomes y' = M y and y(t + h) = exp(M h) y(t): exact for any
h, with no special case when two rates coincide, when a rate is zero, or when the pump is off. M has no negative entry off its
diagonal, so exp(M h) is computed by uniformisation and squaring with sums of non-negative terms only: nothing cancels, and small
late concentrations keep their relative accuracy. Never the textbook partial fractions 1/(a - b): docs/adr/0007.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from winddown.domain.pharmacology.linear import Array, LinearSystem
from winddown.domain.refusals import OutOfRange

REACH = 16.0  # a step is halved until its largest row sum is at most this; each halving costs a bit of relative accuracy
WIDTH = 8  # powers of the matrix that are kept
CHUNKS = 9  # of WIDTH terms each, at most
STEPS_AWAY = 8  # the longest way from a state to another that is asked to keep every digit
OMITTED = 1e-17  # of such an entry, by the first term that is left out
SLOWEST_PER_MIN = 2.0**-60  # the least speed by which a step is measured
BLOCK = 256  # points advanced by one multiplication; bounds memory, not accuracy
LANES = 128  # patients that the compiled arithmetic takes side by side
SAME_STEP = 1e-9  # minutes; two times closer than this are one time
STEP_NOISE = 2e-11  # minutes; what subtracting times of four weeks leaves: two steps closer than this are one step


def _farthest(chunks: int) -> float:
    """The largest reach times step for which so many chunks are enough.

    An entry that lies d steps away begins with the d-th term; what is left out after n terms is less than x^(n - d) / (n - d)! of it.
    """
    behind = WIDTH * chunks - STEPS_AWAY + 1
    return REACH if chunks == CHUNKS else float((OMITTED * math.factorial(behind)) ** (1.0 / behind))


FARTHEST = np.array([_farthest(chunks) for chunks in range(1, CHUNKS + 1)])


@dataclass(frozen=True)
class Input:
    """Piecewise-constant input: from `edges_min[i]` to `edges_min[i+1]` at `rates_mg_per_min[i]`; zero before and after.

    edges_min         (k + 1,) increasing, the first not before 0
    rates_mg_per_min  (k,) not negative
    """

    edges_min: tuple[float, ...]
    rates_mg_per_min: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.rates_mg_per_min and len(self.edges_min) != len(self.rates_mg_per_min) + 1:
            raise OutOfRange(because="An input needs one more edge than it has rates.", code="input_shape")
        if any(not math.isfinite(rate) or rate < 0 for rate in self.rates_mg_per_min):
            raise OutOfRange(because="An input rate must be a number of at least 0 mg/min.", code="input_rate")
        if any(later <= earlier for earlier, later in zip(self.edges_min, self.edges_min[1:], strict=False)):
            raise OutOfRange(because="The edges of an input must increase.", code="input_edges")

    @cached_property
    def arrays(self) -> tuple[Array, Array]:
        """Edges and rates as the kernels take them."""
        return np.asarray(self.edges_min, dtype=np.float64), np.asarray(self.rates_mg_per_min, dtype=np.float64)


@dataclass(frozen=True)
class Run:
    """`count` equal steps of `step_min` under one rate, starting where the last run ended."""

    step_min: float
    count: int
    rate_mg_per_min: float


def amounts(system: LinearSystem, given: Input, at_min: Array) -> Array:
    """Amounts in every state.

    at_min   (m,) minutes, not decreasing, the first not before 0; nothing is in the body at 0
    returns  (n, d, m) mg
    refuses  OutOfRange for times that go backwards
    """
    check_times(at_min)
    knots = _knots(given, at_min)
    states = _along(system, _runs(given, knots), len(knots))
    return np.ascontiguousarray(states[:, :-1, _places(knots, at_min)])


def concentrations(system: LinearSystem, given: Input, at_min: Array) -> dict[str, Array]:
    """Each output's course: analyte -> (n, m) ng/mL. Same arguments and refusals as `amounts`."""
    states = amounts(system, given, at_min)
    return {
        name: states[:, system.index(output.state), :] * output.ng_per_ml_per_mg[:, np.newaxis] for name, output in system.outputs.items()
    }


def check_times(at_min: Array) -> None:
    """refuses OutOfRange for no times, for what is no number, for times before the first drop or going backwards"""
    if at_min.ndim != 1 or at_min.size == 0 or not np.all(np.isfinite(at_min)):
        raise OutOfRange(because="Ask for at least one time, each a number of minutes.", code="times")
    if at_min[0] < 0 or np.any(np.diff(at_min) < 0):
        raise OutOfRange(because="Times count in minutes from the start of the infusion and do not go backwards.", code="times")


def _knots(given: Input, at_min: Array) -> Array:
    """Every time at which the state is needed: 0, the asked times, the edges before the last of them."""
    edges = np.asarray([edge for edge in given.edges_min if edge < at_min[-1]])
    return without_repeats(np.concatenate([[0.0], edges, at_min]))


def without_repeats(times_min: Array) -> Array:
    """Times in order, those closer than SAME_STEP counted once. (np.unique would load the masked arrays, 50 ms of a cold start.)"""
    merged = np.sort(times_min)
    return np.asarray(merged[np.concatenate([[True], np.diff(merged) > SAME_STEP])])


def _places(knots: Array, at_min: Array) -> np.ndarray:
    return np.searchsorted(knots, at_min + SAME_STEP, side="right") - 1


def _runs(given: Input, knots: Array) -> list[Run]:
    """Group consecutive equal steps under one rate. The step is the run's mean spacing: a rounded difference would drift."""
    steps = np.diff(knots)
    if steps.size == 0:
        return []
    rates = _rate_within(given, knots[:-1] + steps / 2)
    breaks = np.flatnonzero((np.abs(np.diff(steps)) > STEP_NOISE) | (np.diff(rates) != 0)) + 1
    bounds = [0, *breaks.tolist(), steps.size]
    return [
        Run(float(knots[end] - knots[begin]) / (end - begin), end - begin, float(rates[begin])) for begin, end in itertools.pairwise(bounds)
    ]


def _rate_within(given: Input, middles: Array) -> Array:
    if not given.rates_mg_per_min:
        return np.zeros_like(middles)
    place = np.searchsorted(np.asarray(given.edges_min), middles, side="right") - 1
    padded = np.asarray([*given.rates_mg_per_min, 0.0, 0.0])
    return padded[np.where(place < 0, -1, np.minimum(place, len(given.rates_mg_per_min)))]


def _along(system: LinearSystem, runs: Sequence[Run], knots: int) -> Array:
    """(n, d + 1, knots): the state at every knot; the last row is the input rate."""
    advance = Propagators(system)
    path = np.zeros((system.patients, len(system.states) + 1, knots))
    filled = 1
    for run in runs:
        start = path[:, :, filled - 1 : filled].copy()
        start[:, -1, :] = run.rate_mg_per_min
        _fill(path, filled, start, run.count, advance.powers(run.step_min))
        filled += run.count
    return path


def _fill(path: Array, begin: int, start: Array, count: int, powers: Callable[[int], Array]) -> None:
    """Write `count` points after `start`, doubling the known length with each multiplication; powers(i) advances 2**i steps."""
    done, known = 0, start
    while done < count:
        ahead = powers(known.shape[2].bit_length() - 1) @ known[:, :, : count - done]
        path[:, :, begin + done : begin + done + ahead.shape[2]] = ahead
        done += ahead.shape[2]
        known = ahead if known.shape[2] == BLOCK else np.concatenate([known, ahead], axis=2)


class Propagators:
    """exp(M h) of one system for any step h, by uniformisation and squaring; every term is non-negative.

    With q a power of two above the fastest leaving rate of a patient, exp(M h) = exp(-q h) exp((M + q) h), and (M + q) has no negative
    entry. Its first powers are shared by all steps; the Taylor polynomial is evaluated WIDTH powers at a time (Paterson and Stockmeyer).
    What rounding took from a slow state beside a large q is given back: four weeks at many per minute keep their digits.
    source  performance.md 4.5; Moler and Van Loan 2003, section 3
    """

    def __init__(self, system: LinearSystem) -> None:
        size = len(system.states) + 1
        matrix = np.zeros((system.patients, size, size))
        matrix[:, :-1, :-1] = system.rates
        matrix[:, system.index(system.entry), -1] = 1.0
        diagonal = np.arange(size)
        own_per_min = matrix[:, diagonal, diagonal]
        fraction, exponent = np.frexp(np.maximum(-own_per_min.min(axis=1), SLOWEST_PER_MIN))
        self.leaving_per_min: Array = np.ldexp(np.where(fraction == 0.5, 0.5, 1.0), exponent)
        matrix[:, diagonal, diagonal] += self.leaving_per_min[:, np.newaxis]
        lost = own_per_min - (matrix[:, diagonal, diagonal] - self.leaving_per_min[:, np.newaxis])
        self.rounded_per_min: Array = (lost[:, :, np.newaxis] + lost[:, np.newaxis, :]) / 2.0
        self.reach_per_min = float(matrix.sum(axis=1).max())
        powers = [np.broadcast_to(np.eye(size), matrix.shape), matrix]
        while len(powers) <= WIDTH:
            powers.append(powers[-1] @ matrix)
        self.first_powers: Array = np.stack(powers)
        self._known: dict[float, list[Array]] = {}

    def powers(self, step_min: float) -> Callable[[int], Array]:
        """i -> the propagator over 2**i steps, each computed once."""
        known = self._known.setdefault(round(step_min, 10), [])

        def power(doublings: int) -> Array:
            if not known:
                known.append(self._over(step_min))
            while len(known) <= doublings:
                known.append(_kept_exact(known[-1] @ known[-1]))
            return known[doublings]

        return power

    def _over(self, step_min: float) -> Array:
        """(n, d + 1, d + 1): halve the step until the series converges at once, then square back."""
        halvings = max(0, math.ceil(math.log2(self.reach_per_min * step_min / REACH)))
        short_min = step_min / 2**halvings
        stay = np.exp(-self.leaving_per_min * short_min)
        result = self._series(short_min) * stay[:, np.newaxis, np.newaxis]
        result = _kept_exact(result + result * (self.rounded_per_min * short_min))
        for _ in range(halvings):
            result = _kept_exact(result @ result)
        return result

    def _series(self, short_min: float) -> Array:
        """Taylor polynomial of exp((M + q) h), highest powers first, as long as the fastest patient needs it."""
        needed = 1 + int((self.reach_per_min * short_min > FARTHEST[:-1]).sum())
        coefficients = [short_min**degree / math.factorial(degree) for degree in range(WIDTH * needed)]
        shape = self.first_powers.shape
        chunks = (np.reshape(coefficients, (needed, WIDTH)) @ self.first_powers[:WIDTH].reshape(WIDTH, -1)).reshape(needed, *shape[1:])
        total: Array = chunks[-1]
        for chunk in range(needed - 2, -1, -1):
            total = total @ self.first_powers[WIDTH]
            total += chunks[chunk]
        return total


def _kept_exact(propagator: Array) -> Array:
    """The input rate stands still exactly; rounding must not let it drift over thousands of steps."""
    propagator[:, -1, :] = 0.0
    propagator[:, -1, -1] = 1.0
    return propagator


def summed(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Join the outputs of systems that run side by side; the same name in two systems is added."""
    total: dict[str, Array] = {}
    for part in parts:
        for name, values in part.items():
            total[name] = total[name] + values if name in total else values
    return total

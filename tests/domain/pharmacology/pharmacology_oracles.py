"""Other roads to the same numbers: a 50-digit matrix exponential, whole-number arithmetic of 700 bits, and a stiff ODE solver."""

from __future__ import annotations

import csv
import math
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import mpmath
import numpy as np
from scipy.integrate import solve_ivp

from winddown.domain.pharmacology import regimen
from winddown.domain.pharmacology.compartments import Input
from winddown.domain.pharmacology.linear import LinearSystem
from winddown.domain.pharmacology.regimen import Schedule

BITS = 700  # behind the point: two hundred decimal places
SPAN = 64.0  # rate times step of one Taylor step

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as file:
        return list(csv.DictReader(file))


def schedule_of(form: str, words: str, weight_kg: float) -> Schedule:
    """ "0.5mg/kg over 40min", or steps."""
    words = words.split(" (")[0]
    if " over " in words:
        dose, over = words.split(" over ")
        return regimen.dose_over(form, dose, over, weight_kg=weight_kg)
    return regimen.steps(form, words, weight_kg=weight_kg)


def pieces(given: Input, until: float) -> list[tuple[float, float, float]]:
    """(from, to, rate) without a gap from 0 to `until`."""
    edges = [0.0, *given.edges_min, until]
    rates = [0.0, *given.rates_mg_per_min, 0.0]
    cut = [(begin, min(end, until), rate) for (begin, end), rate in zip(pairwise(edges), rates, strict=True)]
    return [(begin, end, rate) for begin, end, rate in cut if end > begin]


def in_fifty_digits(system: LinearSystem, given: Input, at_min: float, patient: int = 0) -> list[float]:
    """Every state at one time, by mpmath's matrix exponential of the augmented matrix, piece by piece."""
    size = len(system.states)
    with mpmath.workdps(50):
        state = mpmath.zeros(size + 1, 1)
        for begin, end, rate in pieces(given, at_min):
            matrix = mpmath.zeros(size + 1)
            for i in range(size):
                for j in range(size):
                    matrix[i, j] = mpmath.mpf(float(system.rates[patient, i, j]))
            matrix[system.states.index(system.entry), size] = mpmath.mpf(rate)
            state[size] = 1
            state = mpmath.expm(matrix * (mpmath.mpf(end) - mpmath.mpf(begin))) * state
        return [float(state[i]) for i in range(size)]


def in_whole_numbers(system: LinearSystem, given: Input, at_min: float, patient: int = 0) -> list[float]:
    """Every state at one time, by a Taylor series of the vector itself in integers: no matrix function, no rounding that could matter."""
    rows = [[(j, _fixed(value)) for j, value in enumerate(row) if value != 0.0] for row in system.rates[patient].tolist()]
    reach = max(math.fsum(abs(value) for value in row) for row in system.rates[patient].tolist()) + 1e-9
    state = [0] * len(rows)
    for begin, end, rate in pieces(given, at_min):
        span, count = _fixed(end) - _fixed(begin), max(1, math.ceil(reach * (end - begin) / SPAN))
        for step in range(count):
            length = span // count if step < count - 1 else span - (count - 1) * (span // count)
            state = _taylor(rows, state, _fixed(rate), system.index(system.entry), length)
    return [amount / 2**BITS for amount in state]


def _taylor(rows: list[list[tuple[int, int]]], state: list[int], rate: int, entry: int, length: int) -> list[int]:
    term, total, degree = state, state, 1
    while degree < 150 or any(abs(part) > 1 for part in term):
        flow = [sum(value * term[j] for j, value in row) >> BITS for row in rows]
        if degree == 1:
            flow[entry] += rate
        term = [(part * length >> BITS) // degree for part in flow]
        total = [whole + part for whole, part in zip(total, term, strict=True)]
        degree += 1
    return total


def _fixed(number: float) -> int:
    exact = Fraction(float(number))
    return (exact.numerator << BITS) // exact.denominator


def by_ode(system: LinearSystem, given: Input, at_min: np.ndarray, patient: int = 0) -> np.ndarray:
    """(d, m) by scipy's Radau at 1e-10, restarted at every change of rate."""
    entry = np.zeros(len(system.states))
    entry[system.states.index(system.entry)] = 1.0
    matrix = system.rates[patient]
    state = np.zeros(len(system.states))
    found = np.zeros((len(system.states), at_min.size))
    for begin, end, rate in pieces(given, float(at_min[-1])):
        inside = np.flatnonzero((at_min > begin) & (at_min <= end))
        solved = solve_ivp(
            lambda _t, x, rate=rate: matrix @ x + entry * rate,
            (begin, end),
            state,
            method="Radau",
            jac=matrix,
            rtol=1e-10,
            atol=1e-13,
            t_eval=np.unique([*at_min[inside], end]),
        )
        found[:, inside] = solved.y[:, : inside.size]
        state = solved.y[:, -1]
    return found

"""The work that we and the peers are given: plain numbers, so that every environment can read it.

Three compartments, an effect site and a metabolite of two: eleven parameters, log-normal with a spread of 0.3. No figure of a drug: the
shape and the size of the work are what counts.
"""

from __future__ import annotations

import numpy as np

TYPICAL = {
    "V1": 4.41, "k10": 0.438, "k12": 0.592, "k13": 0.590, "k21": 0.247, "k31": 0.0146, "ke0": 0.25,
    "CLm": 1.0, "Vm": 100.0, "k12m": 0.02, "k21m": 0.01,
}  # fmt: skip
STATES = ("plasma", "fast", "slow", "metabolite", "metabolite_deep", "site")
SPREAD = 0.3
DAYS = (0, 2, 4, 7, 9, 11)
MINUTES_PER_DAY = 1440.0


def patients(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """The first n of ten thousand: patient 3 is the same person in every size."""
    random = np.random.default_rng(seed)
    return {name: value * np.exp(SPREAD * random.standard_normal(10_000))[:n] for name, value in TYPICAL.items()}


def rates(who: dict[str, np.ndarray]) -> np.ndarray:
    """(n, 6, 6) per minute, of amounts in STATES; the site follows plasma."""
    n = who["V1"].size
    matrix = np.zeros((n, 6, 6))
    for source, target, speed in (
        (0, 1, who["k12"]), (1, 0, who["k21"]), (0, 2, who["k13"]), (2, 0, who["k31"]), (0, 3, who["k10"]), (3, 4, who["k12m"]),
        (4, 3, who["k21m"]), (3, None, who["CLm"] / who["Vm"]), (5, None, who["ke0"]),
    ):  # fmt: skip
        matrix[:, source, source] -= speed
        if target is not None:
            matrix[:, target, source] += speed
    matrix[:, 5, 0] = who["ke0"]
    return matrix


def month() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W1: six infusions of 35 mg over 40 min in eleven days; 2,329 times over 28 days. Edges, rates in mg/min, times in minutes."""
    edges = np.array([minute for day in DAYS for minute in (MINUTES_PER_DAY * day, MINUTES_PER_DAY * day + 40.0)])
    given = np.array([35.0 / 40.0 if number % 2 == 0 else 0.0 for number in range(edges.size - 1)])
    windows = [np.arange(281.0) + MINUTES_PER_DAY * day for day in DAYS]
    return edges, given, np.unique(np.concatenate([*windows, np.arange(0.0, 28 * MINUTES_PER_DAY + 1, 60.0)]))


def afternoon() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W2: twelve rates of 20 min, 1,441 times ten seconds apart."""
    return np.arange(13) * 20.0, np.linspace(0.3, 1.4, 12), np.linspace(0.0, 240.0, 1441)


SLOW = {
    "EC50": 0.4, "T50": 0.4, "gamma": 2.0, "Smax": 5.0, "ktol": float(np.log(2)) / 720.0, "kout": float(np.log(2)) / (11 * MINUTES_PER_DAY),
}  # fmt: skip
SLOW_AT = np.arange(337) * 360.0


def slow_effects(n: int) -> dict[str, np.ndarray]:
    """W4: what R' = kout (1 + Smax S - R) and T' = ktol (Ce - T) need, S = Ce^gamma / ((EC50 (1 + T/T50))^gamma + Ce^gamma)."""
    random = np.random.default_rng(9)
    return {name: value * np.exp(SPREAD * random.standard_normal(10_000))[:n] for name, value in SLOW.items()}


FITTED = ("V1", "k10", "k12", "k13", "k21", "k31")
FIT_AT = np.array([5.0, 20.0, 40.0, 50.0, 80.0, 140.0, 260.0, 500.0])
FIT_MG_PER_MIN, FIT_OVER_MIN, FIT_ERROR = 35.0 / 40.0, 40.0, 0.15


def sampled(n: int) -> np.ndarray:
    """W3: (n, 8) levels in mg/L after 35 mg over 40 min at FIT_AT, with a log-normal scatter; the courses by eigenvectors of the flows."""
    who = patients(n, seed=3)
    matrix = rates(who)[:, :3, :3]
    speed, vectors = np.linalg.eig(matrix)
    given = np.linalg.solve(vectors, np.broadcast_to(np.array([FIT_MG_PER_MIN, 0.0, 0.0])[:, None], (n, 3, 1)))[..., 0]
    during = np.minimum(FIT_AT, FIT_OVER_MIN)[:, None]
    after = np.maximum(FIT_AT - FIT_OVER_MIN, 0.0)[:, None]
    grown = np.expm1(speed[:, None, :] * during) / speed[:, None, :] * np.exp(speed[:, None, :] * after)
    exact = ((grown * given[:, None, :]) * vectors[:, None, 0, :]).sum(axis=2).real / who["V1"][:, None]
    return exact * np.exp(FIT_ERROR * np.random.default_rng(4).standard_normal((10_000, FIT_AT.size))[:n])


def pieces(edges: np.ndarray, given: np.ndarray, last: float) -> list[tuple[float, float, float]]:
    """(from, to, rate) without a gap."""
    bounds, found = [*edges.tolist(), last], [*given.tolist(), 0.0]
    return [(a, min(b, last), rate) for a, b, rate in zip(bounds, bounds[1:], found, strict=False) if min(b, last) > a]

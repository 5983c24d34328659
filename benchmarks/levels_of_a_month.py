"""W1: 10,000 patients, six infusions, 2,329 times over 28 days, three outputs stored; and on two threads beside the time of storing alone.

`python benchmarks/levels_of_a_month.py`
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import numpy as np
import side_by_side as side
import workloads as work
from work_shape import shape

from winddown.domain.pharmacology import engine

PATIENTS = 10_000


def wall(act: Callable[[], object]) -> float:
    """The best of five by the wall: the machine is shared, and the floor is taken in the same minute."""
    act()
    took = []
    for _ in range(5):
        begun = perf_counter()
        act()
        took.append(perf_counter() - begun)
    return min(took)


def on_two_threads(asked: tuple, cores: set[int]) -> None:
    """Against writing the same memory with nothing to compute, float64 and float32."""
    os.sched_setaffinity(0, cores)
    system, given, times = asked
    rows = []
    for kind in (np.float64, np.float32):
        out = np.zeros((3, PATIENTS, times.size), kind)
        halves = out[:, : PATIENTS // 2], out[:, PATIENTS // 2 :]
        with ThreadPoolExecutor(2) as pool:
            floor = wall(lambda halves=halves, pool=pool: list(pool.map(lambda half: half.fill(1.0), halves)))
        ours = wall(lambda out=out: engine.compiled_levels(system, given, times, out, threads=2))
        rows.append({"stored as": kind.__name__, "storing s": f"{floor:.3f}", "ours s": f"{ours:.3f}", "over": f"{ours / floor:.1f}"})
        if kind is np.float64:
            side.kept_goal("W1: two threads over storing alone", ours / floor, 2.5, peer="the store floor", accuracy="-", at_most=True)
    side.told(f"W1 on two threads over the time of storing alone, {len(cores)} cores; goal 2.5", rows)


def main() -> None:
    cores = os.sched_getaffinity(0)
    side.on_one_core()
    engine.warm()
    system, given, times = shape(PATIENTS, work.month())
    out = np.zeros((3, PATIENTS, times.size))
    levels = engine.compiled_levels(system, given, times, out)
    found = np.stack([levels[name][:3][:, list(side.CHECKED)] for name in ("plasma", "metabolite", "site")], axis=2)
    wrong = side.furthest(found, side.reference("W1", 3))
    side.compared(
        "W1",
        "W1: milliseconds of one core per patient, 2,329 times x 3 outputs over 28 days",
        lambda: side.ours(lambda: engine.compiled_levels(system, given, times, out), PATIENTS, 3),
        wrong,
        {"roadrunner": (10, 3, 700.0), "scipy": (3, 3, None), "diffrax": (50, 1, 1500.0)},
    )
    on_two_threads((system, given, times), cores)


if __name__ == "__main__":
    main()

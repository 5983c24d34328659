"""5, 50 and 95% of 10,000 patients at 2,329 times without keeping them, against the same kernels and numpy's quantiles.

`python benchmarks/bands.py`
"""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import numpy as np
import side_by_side as side
import workloads as work
from work_shape import shape

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.linear import LinearSystem, Output
from winddown.domain.pharmacology.quantiles import Counter, Tally

PATIENTS, AT_ONCE, FRACTIONS = 10_000, 500, (0.05, 0.5, 0.95)


def part(system: LinearSystem, first: int) -> LinearSystem:
    cut = slice(first, first + AT_ONCE)
    outputs = {name: Output(output.state, output.ng_per_ml_per_mg[cut]) for name, output in system.outputs.items()}
    return replace(system, rates=system.rates[cut], outputs=outputs)


def main() -> None:
    side.on_one_core()
    engine.warm()
    system, given, times = shape(PATIENTS, work.month())
    buffer = np.zeros((3, AT_ONCE, times.size))

    def streamed() -> list[np.ndarray]:
        counters = [Counter.empty(times.size) for _ in range(3)]
        for first in range(0, PATIENTS, AT_ONCE):
            courses = engine.compiled_levels(part(system, first), given, times, buffer).values()
            for counter, course in zip(counters, courses, strict=True):
                counter.add(course)
        return [Tally(counter.counts).quantiles(FRACTIONS) for counter in counters]

    mine = side.ours(streamed, 1, 3)
    begun = process_time()
    whole = engine.compiled_levels(system, given, times)
    simulated = process_time() - begun
    exact = [np.quantile(course, FRACTIONS, axis=0) for course in whole.values()]
    sorted_s = process_time() - begun
    pairs = zip(streamed(), exact, strict=True)
    errors = np.concatenate([np.abs(found[known] / right[known] - 1) for found, right in pairs for known in (right > 1e-9 * right.max(),)])
    p99, accuracy = float(np.quantile(errors, 0.99)), f"p99 {np.quantile(errors, 0.99):.2%}"
    side.kept_goal("Bands: times faster", sorted_s / min(mine), 30.0, peer="simulate, then np.quantile", accuracy=accuracy)
    side.kept_goal("Bands: error at p99, %", 100 * p99, 0.5, peer="np.quantile", accuracy=accuracy, at_most=True)
    side.told(
        "Bands: 5, 50 and 95% of 3 outputs x 2,329 times of 10,000 patients, seconds of one core",
        [
            {
                "simulate and sort s": f"{sorted_s:.2f} (of it simulating {simulated:.2f})",
                "ours s": f"{min(mine):.2f}",
                "ratio": f"{sorted_s / min(mine):.1f}",
                "goal": 30.0,
                "error median": f"{np.median(errors):.4%}",
                "error p99": f"{p99:.4%}",
                "goal p99": "0.5%",
            }
        ],
    )


if __name__ == "__main__":
    main()

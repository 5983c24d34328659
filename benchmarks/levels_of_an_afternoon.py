"""W2: one patient, twelve rates, 1,441 times, from the list of rates to arrays. `python benchmarks/levels_of_an_afternoon.py`"""

from __future__ import annotations

import numpy as np
import side_by_side as side
import workloads as work
from work_shape import shape

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.compartments import concentrations

REPEATS = 500


def main() -> None:
    side.on_one_core()
    engine.warm()
    system, given, times = shape(1, work.afternoon())
    levels = engine.levels(system, given, times)
    found = np.stack([levels[name][:, list(side.CHECKED)] for name in ("plasma", "metabolite", "site")], axis=2)
    wrong = side.furthest(found, side.reference("W2", 1))

    def often() -> None:
        for _ in range(REPEATS):
            engine.levels(system, given, times)

    side.compared(
        "W2",
        "W2: milliseconds of one core, one patient, 12 rates, 1,441 times x 3 outputs, through the public call",
        lambda: side.ours(often, REPEATS, 5),
        wrong,
        {"roadrunner": (1, 9, 200.0), "pas": (1, 5, 700.0), "scipy": (1, 5, None), "diffrax": (1, 3, None)},
    )
    slow = side.ours(lambda: concentrations(system, given, times), 1, 9)
    print(f"The numpy road, which pages and a cold command use: {min(slow) * 1e3:.2f} ms")


if __name__ == "__main__":
    main()

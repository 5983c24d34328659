"""W1: 10,000 patients, six infusions, 2,329 times over 28 days, three outputs stored. `python benchmarks/levels_of_a_month.py`"""

from __future__ import annotations

import numpy as np
import side_by_side as side
import workloads as work
from work_shape import shape

from winddown.domain.pharmacology import engine

PATIENTS = 10_000


def main() -> None:
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


if __name__ == "__main__":
    main()

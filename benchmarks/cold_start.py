"""A prediction from a cold process, and that it loads neither numba nor scipy. `python benchmarks/cold_start.py`"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from time import perf_counter

import side_by_side as side

WORDS = ["--weight-kg", "70", "--dose", "0.5mg/kg", "--over", "40min", "--at", "10,20,40,60min", "--json"]
LOOK = (
    "import sys; from winddown.commands.main import main; main(['predict', *sys.argv[1:]]); "
    "print([m for m in ('numba', 'scipy') if m in sys.modules], file=sys.stderr)"
)


def main() -> None:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "winddown.commands.main", "predict", *WORDS]
    wall, used = [], []
    for _ in range(9):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        subprocess.run(command, env=environment, capture_output=True, check=True)
        wall.append(perf_counter() - begun)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    loaded = subprocess.run(
        [sys.executable, "-c", LOOK, *WORDS], env=environment, capture_output=True, text=True, check=True
    ).stderr.strip()
    side.kept_goal("A cold `winddown predict`, s of wall", statistics.median(wall), 1.0, peer="-", accuracy="-", at_most=True)
    side.told(
        "A cold `winddown predict`, one thread",
        [
            {
                "wall s": f"{statistics.median(wall):.2f}",
                "processor s": f"{statistics.median(used):.2f}",
                "goal wall s": 1.0,
                "heavy libraries loaded": loaded,
            }
        ],
    )


if __name__ == "__main__":
    main()

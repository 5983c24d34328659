"""How much of two workers a trial uses: tasks of 20,000 patients, alone, on a cluster of two, in two processes.

`python benchmarks/trial_workers.py [--patients 320000]`

The same trial each time, one thread in every worker and library, every worker warm (its kernels loaded and compiled), and alone and
together in turn, so that whatever else the machine does falls on both. Efficiency is the time alone over twice the time of two; on a
machine of two cores the scheduler and whoever adds up take their share of the same two.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tomllib
from pathlib import Path
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = os.environ["NUMBA_NUM_THREADS"] = "1"

import side_by_side as side

from winddown.commands.trial_work import parts
from winddown.domain.trials.definition import Trial, trial
from winddown.domain.trials.run import CHUNK

FILE = Path(__file__).resolve().parent.parent / "docs" / "trials" / "slow-or-fast.toml"
ROUNDS = 3
# Dask tells its workers to hand memory back at once; a trial asks for it again a moment later, and half of its time goes to the system.
KEPT_MEMORY = {"MALLOC_TRIM_THRESHOLD_": "1073741824", "MALLOC_MMAP_THRESHOLD_": "1073741824"}


def seconds(asked: Trial, workers: int, cluster: str | None) -> float:
    begun = perf_counter()
    for _ in parts(asked, with_rows=False, workers=workers, cluster=cluster):
        pass
    return perf_counter() - begun


def main() -> None:
    import dask
    from distributed import LocalCluster

    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--patients", type=int, default=320_000, help="a multiple of 40,000 gives both workers the same")
    patients: int = told.parse_args().patients
    asked = trial(tomllib.loads(FILE.read_text(encoding="utf-8"))).sized(patients)
    dask.config.set({f"distributed.nanny.pre-spawn-environ.{name}": value for name, value in KEPT_MEMORY.items()})
    alone: list[float] = []
    two: list[float] = []
    seconds(asked.sized(CHUNK), 1, None)
    processes = seconds(asked, 2, None)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        seconds(asked.sized(8 * CHUNK), 1, cluster.scheduler_address)
        for _ in range(ROUNDS):
            alone.append(seconds(asked, 1, None))
            two.append(seconds(asked, 1, cluster.scheduler_address))
    one = statistics.median(alone)
    rows = [
        {
            "who": name,
            "seconds": f"{took:.1f}",
            "patients/s": f"{patients / took:,.0f}",
            "efficiency": f"{one / took / 2:.2f}",
            "goal": 0.8,
        }
        for name, took in (("cluster of two, warm", statistics.median(two)), ("two processes, start included", processes))
    ]
    each = ", ".join(f"{first:.1f} and {second:.1f}" for first, second in zip(alone, two, strict=True))
    efficiency = one / statistics.median(two) / 2
    side.kept_goal("Two workers: efficiency", efficiency, 0.8, peer="one process of the same", accuracy="same numbers")
    side.told(
        f"A trial of {patients:,} patients, two arms, eight outcomes; alone {one:.1f} s, {patients / one:,.0f} patients/s "
        f"(alone and two, round by round: {each} s)",
        rows,
    )


if __name__ == "__main__":
    main()

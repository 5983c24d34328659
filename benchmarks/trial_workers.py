"""How much of two workers a trial uses: tasks of 20,000 patients, alone, in two processes, on a cluster of two.

`python benchmarks/trial_workers.py`
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from time import perf_counter

import side_by_side as side

from winddown.commands.trial_work import parts
from winddown.domain.trials.definition import Trial, trial

FILE = Path(__file__).resolve().parent.parent / "docs" / "trials" / "slow-or-fast.toml"
PATIENTS = 160_000


def seconds(asked: Trial, workers: int, cluster: str | None) -> float:
    begun = perf_counter()
    for _ in parts(asked, with_rows=False, workers=workers, cluster=cluster):
        pass
    return perf_counter() - begun


def main() -> None:
    from distributed import LocalCluster

    asked = trial(tomllib.loads(FILE.read_text(encoding="utf-8"))).sized(PATIENTS)
    seconds(asked.sized(20_000), 1, None)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        address = cluster.scheduler_address
        seconds(asked.sized(80_000), 1, address)
        before, two, after = seconds(asked, 1, None), seconds(asked, 1, address), seconds(asked, 1, None)
    processes = seconds(asked, 2, None)
    alone = (before + after) / 2
    rows = [
        {
            "who": name,
            "seconds": f"{took:.1f}",
            "patients/s": f"{PATIENTS / took:,.0f}",
            "efficiency": f"{alone / took / 2:.2f}",
            "goal": 0.8,
        }
        for name, took in (("cluster of two, warm", two), ("two processes, start included", processes))
    ]
    side.told(
        f"A trial of {PATIENTS:,} patients, two arms, eight outcomes; "
        f"alone {alone:.1f} s ({before:.1f} and {after:.1f}), {PATIENTS / alone:,.0f} patients/s",
        rows,
    )


if __name__ == "__main__":
    main()

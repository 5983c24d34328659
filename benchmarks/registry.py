"""A registry of many practices: what its relapse curve costs embedded, and the same expression on two workers of a cluster.

`python benchmarks/registry.py [--millions 2 20] [--spark] [--delete]`: makes a synthetic registry (100 answers a patient; nobody real)
under build/registry, once, in pieces and with a progress bar; then measures on DuckDB with two threads, and with --spark on Spark with
two local workers, and compares the curves. The definition is a practice's own: two answers in a row. Spark needs Java 17 and the packages
of benchmarks/spark/requirements.txt. --delete takes each registry away again after it was measured.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from winddown.analytics import registry

HERE = Path(__file__).resolve().parent.parent / "build" / "registry"
PER_PATIENT, CHUNK, SEED = 100, 20_000, 7
CORES = 2
SCHEDULE = np.concatenate([np.arange(-6, 1), np.arange(1, 29), np.arange(32, 33 + 4 * 104, 4)])


def made(millions: float) -> Path:
    """The registry of so many million answers, made if it is not there."""
    folder = HERE / f"{millions:g}M"
    patients = round(millions * 1e6 / PER_PATIENT)
    if (folder / "done.json").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "answers").mkdir(parents=True)
    (folder / "followed").mkdir()
    begun, rows = time.perf_counter(), 0
    with Progress("answers", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("answers", total=patients * PER_PATIENT)
        for number, first in enumerate(range(0, patients, CHUNK)):
            some = chunk(first, min(CHUNK, patients - first))
            parquet.write_table(some, folder / "answers" / f"{number:04d}.parquet", compression="zstd")
            parquet.write_table(looked_at(some), folder / "followed" / f"{number:04d}.parquet", compression="zstd")
            rows += some.num_rows
            bar.update(task, completed=rows)
    (folder / "done.json").write_text(json.dumps({"patients": patients, "answers": rows, "made_s": round(time.perf_counter() - begun, 1)}))
    return folder


def chunk(first: int, count: int) -> pa.Table:
    """Some patients: pain before, a gain that fades, evenings that are missing, people who stop answering. Drawn from a seed."""
    chance = np.random.default_rng([SEED, first])
    base = np.clip(chance.normal(7, 1.2, count), 2, 10)
    gain, fades = np.clip(chance.normal(0.35, 0.3, count), 0, 0.95), chance.exponential(60, count) + 10
    stops = np.where(chance.random(count) < 0.35, chance.exponential(120, count) + 5, 1e9)
    day = np.broadcast_to(SCHEDULE, (count, len(SCHEDULE)))
    level = base[:, None] * (1 - np.where(day > 0, gain[:, None] * np.exp(-((np.maximum(day, 0) / fades[:, None]) ** 2)), 0))
    score = np.clip(np.rint(level + chance.normal(0, 0.8, level.shape)), 0, 10).astype(np.int8)
    kept = (day <= stops[:, None]) & (chance.random(day.shape) < 0.905)
    who = np.broadcast_to(np.arange(first, first + count, dtype=np.int32)[:, None], day.shape)
    return pa.table({"series_id": who[kept], "day": day[kept].astype(np.int16), "score": score[kept]})


def looked_at(answers: pa.Table) -> pa.Table:
    """One infusion on day 0 and nothing after it; looked at until the last day of the schedule."""
    who = pc.unique(answers["series_id"])
    of = len(who)
    began, until = pa.array(np.zeros(of, np.int16)), pa.array(np.full(of, SCHEDULE[-1] + 1, np.int16))
    return pa.table({"series_id": who, "began": began, "until": until, "retreated": pa.array(np.zeros(of, bool))})


def took(deed: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Least wall time of a few, and what came of the last."""
    best, found = math.inf, None
    for _ in range(times):
        begun = time.perf_counter()
        found = deed()
        best = min(best, time.perf_counter() - begun)
    return best, found


def measured(connection: Any, folder: Path, keep: Callable[[ibis.Table, str], ibis.Table], times: int) -> dict[str, Any]:
    """The curve straight from the answers; from the same answers packed by patient; and from what was read of each series."""
    answers = connection.read_parquet(str(folder / "answers" / "*.parquet"), table_name="answers")
    followed = connection.read_parquet(str(folder / "followed" / "*.parquet"), table_name="followed")

    def curve(read: ibis.Table) -> pa.Table:
        return connection.to_pyarrow(registry.relapse_curve(read))

    curve(registry.series(answers.limit(1000), followed.limit(100)))
    straight_s, straight = took(lambda: curve(registry.series(answers, followed)), times)
    packing_s, packed = took(lambda: keep(registry.packed(answers), "packed"), 1)
    packed_s, again = took(lambda: curve(registry.series(packed, followed)), times)
    kept = keep(registry.series(packed, followed), "read")
    curve_s, same = took(lambda: curve(kept), times)
    assert straight.equals(again)
    assert straight.equals(same)
    shares = connection.to_pyarrow(registry.response_shares(kept)).to_pylist()[0]
    spent = {"straight_s": straight_s, "packing_s": packing_s, "packed_s": packed_s, "curve_s": curve_s}
    return {**spent, "curve": straight.to_pydict(), "shares": shares}


def embedded(folder: Path, times: int = 3) -> dict[str, Any]:
    """DuckDB inside this process, with two threads."""
    connection = ibis.duckdb.connect(threads=CORES)

    def keep(found: ibis.Table, name: str) -> ibis.Table:
        connection.to_parquet(found, folder / f"{name}.parquet")
        return connection.read_parquet(folder / f"{name}.parquet", table_name=name)

    return measured(connection, folder, keep, times)


def on_spark(folder: Path) -> dict[str, Any]:
    """Spark with two local workers, each a process of its own with one core."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = (
        SparkSession.builder.master("local-cluster[2,1,2048]").config("spark.executor.memory", "2g").config("spark.ui.enabled", "false")
    )
    session = builder.config("spark.sql.shuffle.partitions", "8").config("spark.driver.host", "127.0.0.1").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    connection = ibis.pyspark.connect(session)

    def keep(found: ibis.Table, name: str) -> ibis.Table:
        connection._register_udfs(found)  # compile alone does not tell the engine of our function
        session.sql(connection.compile(found)).write.mode("overwrite").parquet(str(folder / f"{name}-spark"))
        return connection.read_parquet(str(folder / f"{name}-spark"), table_name=name)

    try:
        return measured(connection, folder, keep, 1)
    finally:
        session.stop()


def furthest_apart(one: dict[str, list[Any]], two: dict[str, list[Any]]) -> float:
    """The largest difference of any number of the two curves; counts must be the same."""
    for name in ("day", "at_risk", "lost", "left"):
        assert [int(each) for each in one[name]] == [int(each) for each in two[name]], name
    pairs = [pair for name in ("survival", "error", "low", "high") for pair in zip(one[name], two[name], strict=True)]
    return max((abs(a - b) for a, b in pairs if a is not None and b is not None), default=0.0)


def told(engine: str, folder: Path, found: dict[str, Any]) -> str:
    rows = json.loads((folder / "done.json").read_text())
    million = rows["answers"] / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return (
        f"| {million:.1f} | {rows['patients']:,} | {engine} | {found['straight_s']:.2f} | {found['straight_s'] / million:.3f} | "
        f"{found['packing_s']:.2f} | {found['packed_s']:.2f} | {found['packed_s'] / million:.3f} | {1000 * found['curve_s']:.0f} | "
        f"{memory:.1f} |"
    )


HEADING = (
    "| million answers | patients | engine | answers to curve, s | s per million | packing by patient once, s | "
    "packed answers to curve, s | s per million | series to curve, ms | memory at most, GB |\n|---|---|---|---|---|---|---|---|---|---|"
)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--millions", type=float, nargs="+", default=[2, 20])
    words.add_argument("--spark", action="store_true")
    words.add_argument("--delete", action="store_true")
    asked = words.parse_args()
    print(HEADING)
    for millions in asked.millions:
        folder = made(millions)
        here = embedded(folder, 3 if millions <= 20 else 1)
        print(told("DuckDB, 2 threads", folder, here), flush=True)
        if asked.spark:
            there = on_spark(folder)
            print(told("Spark, 2 workers", folder, there), flush=True)
            apart = furthest_apart(here["curve"], there["curve"])
            assert here["shares"] == there["shares"]
            print(f"the two curves differ by at most {apart:.1e}; counts are equal; {here['shares']}", flush=True)
        if asked.delete:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()

"""A registry of many practices: what its relapse curve costs embedded, and the same expression on two workers of a cluster.

`python benchmarks/registry.py [--millions 2 20] [--spark]`: makes a synthetic registry (100 answers a patient; nobody real) under
build/registry, once, with a progress bar; then measures on DuckDB with two threads, and with --spark on Spark with two local workers, and
compares the curves. Spark needs Java 17 and the packages of benchmarks/spark/requirements.txt.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
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
    folder.mkdir(parents=True)
    begun, rows = time.perf_counter(), 0
    with Progress("answers", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("answers", total=patients * PER_PATIENT)
        for number, first in enumerate(range(0, patients, CHUNK)):
            some = chunk(first, min(CHUNK, patients - first))
            parquet.write_table(some, folder / f"{number:04d}.parquet", compression="zstd")
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
    return pa.table({"patient_id": who[kept], "day": day[kept].astype(np.int16), "score": score[kept]})


def took(deed: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Least wall time of a few, and what came of the last."""
    best, found = math.inf, None
    for _ in range(times):
        begun = time.perf_counter()
        found = deed()
        best = min(best, time.perf_counter() - begun)
    return best, found


def measured(connection: Any, answers: ibis.Table, keep: Callable[[ibis.Table], ibis.Table], times: int) -> dict[str, Any]:
    """Answers to series (kept), series to curve, and the curve straight from the answers."""
    reading_s, followed = took(lambda: keep(registry.series(answers)), times)
    curve_s, curve = took(lambda: connection.to_pyarrow(registry.relapse_curve(followed)), times)
    whole_s, straight = took(lambda: connection.to_pyarrow(registry.relapse_curve(registry.series(answers))), times)
    assert straight.num_rows == curve.num_rows
    shares = connection.to_pyarrow(registry.response_shares(followed)).to_pylist()[0]
    return {"series_s": reading_s, "curve_s": curve_s, "straight_s": whole_s, "curve": curve.to_pydict(), "shares": shares}


def embedded(folder: Path, times: int = 3) -> dict[str, Any]:
    """DuckDB inside this process, with two threads."""
    connection = ibis.duckdb.connect(threads=CORES)
    answers = connection.read_parquet(str(folder / "*.parquet"), table_name="answers")

    def keep(found: ibis.Table) -> ibis.Table:
        connection.to_parquet(found, HERE / "followed.parquet")
        return connection.read_parquet(HERE / "followed.parquet", table_name="followed")

    return measured(connection, answers, keep, times)


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
    answers = connection.read_parquet(str(folder / "*.parquet"), table_name="answers")
    kept = HERE / "followed-spark"

    def keep(found: ibis.Table) -> ibis.Table:
        session.sql(connection.compile(found)).write.mode("overwrite").parquet(str(kept))
        return connection.read_parquet(str(kept), table_name="followed")

    try:
        return measured(connection, answers, keep, 1)
    finally:
        session.stop()


def furthest_apart(one: dict[str, list[Any]], two: dict[str, list[Any]]) -> float:
    """The largest difference of any number of the two curves; counts must be the same."""
    for name in ("day", "at_risk", "lost", "left"):
        assert [int(each) for each in one[name]] == [int(each) for each in two[name]], name
    pairs = [pair for name in ("survival", "error", "low", "high") for pair in zip(one[name], two[name], strict=True)]
    return max((abs(a - b) for a, b in pairs if a is not None and b is not None), default=0.0)


def told(millions: float, engine: str, folder: Path, found: dict[str, Any]) -> str:
    rows = json.loads((folder / "done.json").read_text())
    each = found["straight_s"] / (rows["answers"] / 1e6)
    return (
        f"| {rows['answers'] / 1e6:.1f} | {rows['patients']:,} | {engine} | {found['series_s']:.2f} | {1000 * found['curve_s']:.0f} | "
        f"{found['straight_s']:.2f} | {each:.3f} |"
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--millions", type=float, nargs="+", default=[2, 20])
    words.add_argument("--spark", action="store_true")
    asked = words.parse_args()
    print("| million answers | patients | engine | answers to series, s | series to curve, ms | answers to curve, s | s per million |")
    print("|---|---|---|---|---|---|---|")
    for millions in asked.millions:
        folder = made(millions)
        here = embedded(folder, 3 if millions <= 20 else 1)
        print(told(millions, "DuckDB, 2 threads", folder, here), flush=True)
        if asked.spark:
            there = on_spark(folder)
            print(told(millions, "Spark, 2 workers", folder, there), flush=True)
            apart = furthest_apart(here["curve"], there["curve"])
            assert here["shares"] == there["shares"]
            print(f"the two curves differ by at most {apart:.1e}; counts are equal; {here['shares']}", flush=True)


if __name__ == "__main__":
    main()

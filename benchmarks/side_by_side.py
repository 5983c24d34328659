"""One core each, in turn, in the same minutes: our processor seconds beside a peer's, with the accuracy of both.

Processor time, not wall time, because other programs may use the machine; the load average is printed. Loading, compiling and one
warm run are not counted on either side. The reference is scipy's matrix exponential, piece by piece, which no side uses.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import process_time

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"
RESULTS = HERE / "results"

import numpy as np  # noqa: E402 - needs the path above
import workloads as work  # noqa: E402 - needs the path above
from scipy.linalg import expm  # noqa: E402 - needs the path above

GOALS: list[dict[str, str]] = []
TURNS, QUICK_TURNS = 3, 9  # more where a turn takes a second: so short a time may be one of either speed
CHECKED = (10, 300, 900, -1)


def on_one_core() -> None:
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]})


def ours(act: Callable[[], object], patients: int, rounds: int = 5) -> list[float]:
    """Processor seconds per patient of each round, after a warm one."""
    act()
    took = []
    for _ in range(rounds):
        begun = process_time()
        act()
        took.append((process_time() - begun) / patients)
    return took


def peer(name: str, what: str, patients: int, rounds: int) -> dict[str, object]:
    """A peer's answer, from its own environment; empty when it does not run here."""
    return asked_of("answer.py", name, what, patients, rounds)


def asked_of(script: str, *words: object) -> dict[str, object]:
    """What a script of `peers/` prints, run in the peers' environment; empty when it does not run here."""
    if not PEERS.exists():
        raise SystemExit("No peers: `make bench` makes their environment.")
    command = [str(PEERS), str(HERE / "peers" / script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{' '.join(map(str, words))} did not run: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    return json.loads(done.stdout.strip().splitlines()[-1])


def reference(what: str, patients: int) -> np.ndarray:
    """(patients, checked, 3) amounts of parent, metabolite and effect site."""
    edges, given, times = {"W1": work.month, "W2": work.afternoon}[what]()
    rates, found = work.rates(work.patients(patients)), []
    for matrix in rates:
        whole = np.zeros((7, 7))
        whole[:6, :6], whole[0, 6] = matrix, 1.0
        rows = []
        for minute in times[list(CHECKED)]:
            state = np.zeros(7)
            for begin, end, rate in work.pieces(edges, given, minute):
                state[6] = rate
                state = expm(whole * (end - begin)) @ state
            rows.append(state[[0, 3, 5]])
        found.append(rows)
    return np.array(found)


def furthest(found: object, exact: np.ndarray) -> float:
    """Largest error as a share of the peak of its line among the checked times."""
    values = np.array(found)
    return float((np.abs(values - exact[: len(values)]) / exact.max(axis=1, keepdims=True)[: len(values)]).max())


def told(claim: str, rows: list[dict[str, object]]) -> None:
    """Print a table and keep it with date, machine and load."""
    names = list(rows[0])
    width = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in names}
    print(f"{claim}; {datetime.now(tz=UTC):%Y-%m-%d %H:%M} UTC, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("  ".join(f"{name:<{width[name]}}" for name in names))
    for row in rows:
        print("  ".join(f"{row[name]!s:<{width[name]}}" for name in names))
    RESULTS.mkdir(exist_ok=True)
    kept = {"claim": claim, "at": datetime.now(tz=UTC).isoformat(), "load": os.getloadavg()[0], "rows": rows}
    (RESULTS / f"{Path(sys.argv[0]).stem}.json").write_text(json.dumps(kept, indent=1))


def kept_goal(target: str, measured: float, goal: float, *, peer: str, accuracy: str, at_most: bool = False) -> None:
    """One line of the table that `make bench` ends with; at_most: the goal is not to be exceeded."""
    met = measured <= goal if at_most else measured >= goal
    GOALS.append(
        {
            "target": target,
            "measured": f"{measured:,.3g}" if measured < 1000 else f"{measured:,.0f}",
            "goal": f"{'at most' if at_most else 'at least'} {goal:,g}",
            "met": "met" if met else "MISSED",
            "accuracy": accuracy,
            "peer": peer,
            "date": f"{datetime.now(tz=UTC):%Y-%m-%d %H:%M}",
            "machine": machine(),
        }
    )
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{Path(sys.argv[0]).stem}.goals.json").write_text(json.dumps(GOALS, indent=1))


def machine() -> str:
    """Processor, cores and how busy they were."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    return f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


@dataclass(frozen=True)
class Beside:
    """Seconds per patient of both, and how many times faster ours is: medians over the turns. answer: the peer's last, empty if none."""

    ours: float
    peer: float
    ratio: float
    answer: dict[str, object]


def in_turn(mine: Callable[[], list[float]], ask: Callable[[], dict[str, object]], turns: int = TURNS) -> Beside:
    """Ours, the peer, ours again, and so on: a turn's ratio is of the peer and of ours just before and after it.

    The speed of a shared machine changes from one minute to the next, so a ratio over several minutes would be one of two speeds.
    """
    ours_s, peer_s, ratios, before = [], [], [], mine()
    answer: dict[str, object] = {}
    for _ in range(turns):
        answer = ask()
        after = mine()
        ours_s.append(statistics.median([*before, *after]))
        if not answer:
            break
        peer_s.append(statistics.median(answer["seconds"]))
        ratios.append(peer_s[-1] / ours_s[-1])
        before = after
    none = float("nan")
    return Beside(statistics.median(ours_s), statistics.median(peer_s or [none]), statistics.median(ratios or [none]), answer)


def compared(what: str, claim: str, mine: Callable[[], list[float]], wrong: float, peers: dict[str, tuple[int, int, float | None]]) -> None:
    """Ours and each peer in turn. peers: name -> (patients, rounds, goal); a peer's number is per patient, so sizes may differ."""
    exact, rows = reference(what, 3), []
    for name, (patients, rounds, goal) in peers.items():
        beside = in_turn(mine, partial(peer, name, what, patients, rounds), QUICK_TURNS if patients == 1 and rounds >= 5 else TURNS)
        answer, us = beside.answer, beside.ours
        if not answer:
            rows.append(
                {
                    "peer": name,
                    "peer ms": "did not run",
                    "ours ms": f"{us * 1e3:.4f}",
                    "ratio": "",
                    "goal": goal or "",
                    "peer error": "",
                    "our error": "",
                }
            )
            continue
        error = furthest(answer["checked"], exact) if np.any(answer["checked"]) else None
        rows.append(
            {
                "peer": name,
                "peer ms": f"{beside.peer * 1e3:.2f}",
                "ours ms": f"{us * 1e3:.4f}",
                "ratio": f"{beside.ratio:,.0f}",
                "goal": goal or "",
                "peer error": "another drug" if error is None else f"{error:.0e}",
                "our error": f"{wrong:.0e}",
            }
        )
        if goal:
            accuracy = f"ours {wrong:.0e}, peer {'another drug' if error is None else f'{error:.0e}'}"
            kept_goal(f"{what}: times faster, one core each", beside.ratio, goal, peer=name, accuracy=accuracy)
    told(claim, rows)

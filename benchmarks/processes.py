"""What the processes of a running service cost: processor time by role, sampled, and the largest memory seen."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import psutil


class Cost:
    """Processor seconds of each named process. PostgreSQL's own children are summed by what they say they do."""

    def __init__(self, named: dict[str, int], data: Path) -> None:
        self._named = named
        self._postmaster = int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        self._first: dict[tuple[str, int], float] = {}
        self._newest: dict[tuple[str, int], float] = {}
        self.memory_mb: dict[str, float] = defaultdict(float)
        self._begun = time.monotonic()
        self.look(first=True)

    def look(self, *, first: bool = False) -> None:
        for name, process in self._processes():
            try:
                times, memory = process.cpu_times(), process.memory_info().rss
            except psutil.Error:
                continue
            spent = times.user + times.system
            self._first.setdefault((name, process.pid), spent if first else 0.0)
            self._newest[name, process.pid] = spent
            self.memory_mb[name] = max(self.memory_mb[name], memory / 1e6)

    def _processes(self):
        for name, pid in self._named.items():
            if psutil.pid_exists(pid):
                yield name, psutil.Process(pid)
        for child in psutil.Process(self._postmaster).children():
            yield _words(child), child

    def percent(self) -> dict[str, float]:
        """Percent of one processor, by name, since the beginning."""
        spent: dict[str, float] = defaultdict(float)
        for (name, pid), newest in self._newest.items():
            spent[name] += newest - self._first[name, pid]
        length = time.monotonic() - self._begun
        return {name: round(100 * seconds / length, 1) for name, seconds in sorted(spent.items())}


def _words(child: psutil.Process) -> str:
    """`postgres: winddown_device winddown 127.0.0.1(40022) idle` becomes `postgres winddown_device`."""
    try:
        words = " ".join(child.cmdline()).removeprefix("postgres: ").split()
    except psutil.Error:
        words = []
    return f"postgres {words[0]}" if words else "postgres"

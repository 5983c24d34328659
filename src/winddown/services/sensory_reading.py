"""Tests as their pages read them. Rows are never changed, so what was worked out once holds until a test gets another row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from winddown.domain.sensory.answers import Standing
from winddown.domain.sensory.results import Results, results_of
from winddown.record.models import SensoryTest
from winddown.record.queries import sensory as queries

KEPT = 2_000


@dataclass(frozen=True)
class Reading:
    """Where a test stands, and what it came to so far."""

    status: str
    done: int
    of: int
    results: Results


_read: dict[tuple[int, int], Reading] = {}


def read(tests: Iterable[SensoryTest]) -> dict[int, Reading]:
    """Readings by test. One query when nothing was written since the last time, three otherwise, however many tests."""
    newest = queries.newest_entries([test.pk for test in tests])
    fresh = [key for key in newest.items() if key not in _read]
    if fresh:
        told = queries.standings_of([test for test, _ in fresh])
        _keep({key: _reading(told[key[0]]) for key in fresh})
    return {key[0]: found for key in newest.items() if (found := _read.get(key))}


def _reading(told: Standing) -> Reading:
    return Reading(told.status, told.done_count, len(told.plan.steps), results_of(told))


def _keep(fresh: dict[tuple[int, int], Reading]) -> None:
    """The oldest readings make room; a memory that is full begins anew rather than grow."""
    if len(_read) + len(fresh) > KEPT:
        _read.clear()
    _read.update(fresh)

"""The demonstration can be started at any hour: what the start gate asks is asked on the day of the start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import house

house.ready()

from winddown.commands.fiction.visit import before_the_start  # noqa: E402 - Django must be set up first


@pytest.mark.parametrize(
    ("starts", "gate"),
    [((4, 59), (4, 47)), ((5, 0), (5, 0)), ((5, 5), (5, 0)), ((5, 12), (5, 0)), ((5, 13), (5, 1)), ((17, 0), (16, 48))],
)
def test_the_gate_is_passed_on_the_day_of_the_start(starts, gate):
    """New York's midnight is 05:00 UTC in November."""
    at = datetime(2026, 11, 23, *starts, tzinfo=UTC)
    assert before_the_start(at, "America/New_York") == datetime(2026, 11, 23, *gate, tzinfo=UTC)
    assert timedelta() <= at - before_the_start(at, "America/Chicago") <= timedelta(minutes=12)

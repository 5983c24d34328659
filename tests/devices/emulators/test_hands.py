"""What the hands make of a pump program."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from winddown.devices.emulators.hands import turned

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
PROGRAM = {"started_at": START.isoformat(), "steps": [[0, "52.5"], [40, "0"]]}


def test_a_new_rate_replaces_what_was_planned_and_ends_with_the_ordered_volume():
    told = turned(PROGRAM, kind="rate_changed", rate_ml_per_h="35", at=START + timedelta(minutes=20), left_ml=Decimal("17.5"))
    assert told["steps"] == [[0, "52.5"], [20.0, "35"], [50.0, "0"]]


def test_a_hold_stops_the_pump_until_it_is_resumed():
    held = turned(PROGRAM, kind="held", rate_ml_per_h="", at=START + timedelta(minutes=10), left_ml=Decimal("26.25"))
    assert held["steps"] == [[0, "52.5"], [10.0, "0"]]
    resumed = turned(held, kind="resumed", rate_ml_per_h="52.5", at=START + timedelta(minutes=15), left_ml=Decimal("26.25"))
    assert resumed["steps"] == [[0, "52.5"], [10.0, "0"], [15.0, "52.5"], [45.0, "0"]]


def test_a_start_begins_a_fresh_program():
    told = turned({"started_at": None, "steps": []}, kind="started", rate_ml_per_h="52.5", at=START, left_ml=Decimal(35))
    assert told == {"started_at": START.isoformat(), "steps": [[0.0, "52.5"], [40.0, "0"]]}

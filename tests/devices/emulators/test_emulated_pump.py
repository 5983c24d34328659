"""What the pump says of its program, looked at every half second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from winddown.devices.emulators.program import Program, Step
from winddown.devices.emulators.pump import Pump, Report

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


def program(*steps: tuple[int, str], volume: str | None = "35") -> Program:
    return Program(
        weight_kg=Decimal(70),
        started_at=START,
        volume_ml=None if volume is None else Decimal(volume),
        steps=tuple(Step(Decimal(minute), Decimal(rate)) for minute, rate in steps),
    )


def said(pump: Pump, from_min: float, to_min: float) -> list[Report]:
    halves = range(round(from_min * 120), round(to_min * 120) + 1)
    return [report for half in halves for report in pump.reports(START + timedelta(seconds=half / 2))]


def events(reports: list[Report]) -> list[tuple[str, float, str, str]]:
    """Event, minute, what flows, what was infused."""
    return [
        (report.event, (report.happened_at - START) / timedelta(minutes=1), str(report.state.rate_ml_per_h), str(report.state.infused_ml))
        for report in reports
        if report.event
    ]


def test_whole_script_is_told_at_the_minutes_of_the_program() -> None:
    pump = Pump(program((0, "30"), (10, "60"), (20, "0"), (25, "60"), (35, "0")))
    assert events(said(pump, -1, 60)) == [
        ("started", 0, "30", "0.00"),
        ("transitioning", 10, "30", "5.00"),
        ("started", 10, "60", "5.00"),
        ("stopped", 20, "0", "15.00"),
        ("started", 25, "60", "15.00"),
        ("stopped", 35, "0", "25.00"),
    ]


def test_empty_bag_is_a_completion() -> None:
    assert events(said(Pump(program((0, "52.5"))), 0, 60))[-1] == ("completed", 40, "0", "35.00")
    assert events(said(Pump(program((0, "52.5"), (40, "0"))), 0, 60))[-1] == ("completed", 40, "0", "35.00")


def test_status_comes_every_minute_with_what_flows_and_what_is_left() -> None:
    statuses = [report for report in said(Pump(program((0, "60"))), 0, 5) if report.event is None]
    assert [(str(report.state.infused_ml), str(report.state.remaining_ml)) for report in statuses] == [
        (f"{minute}.00", f"{35 - minute}.00") for minute in range(6)
    ]


def test_pump_switched_on_within_a_running_program_says_its_status_and_no_event() -> None:
    reports = said(Pump(program((0, "60"))), 10, 10)
    assert [(report.event, str(report.state.rate_ml_per_h)) for report in reports] == [(None, "60")]


def test_edit_of_a_running_program_is_told_even_when_its_minute_has_just_passed() -> None:
    pump = Pump(program((0, "30")))
    said(pump, 0, 10)
    pump.program = replace(pump.program, steps=(*pump.program.steps, Step(Decimal("9.9"), Decimal(45))))
    assert [(event, minute, rate) for event, minute, rate, _ in events(said(pump, 10.1, 10.2))] == [
        ("transitioning", 9.9, "30"),
        ("started", 9.9, "45"),
    ]


def test_pump_without_a_program_says_that_nothing_flows() -> None:
    (status,) = Pump(Program(weight_kg=Decimal(70))).reports(START)
    assert (status.event, status.state.rate_ml_per_h, status.state.infused_ml) == (None, 0, 0)

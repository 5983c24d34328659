"""Pump programs: exact volumes, the empty bag, the file that changes while it is read."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from winddown.devices.emulators.program import Program, ProgramFile, Step, from_data, load
from winddown.domain.refusals import Refusal

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


def program(steps: list[tuple[str, str]], volume: str | None = None) -> Program:
    return Program(
        weight_kg=Decimal(70),
        started_at=START,
        volume_ml=None if volume is None else Decimal(volume),
        steps=tuple(Step(Decimal(minute), Decimal(rate)) for minute, rate in steps),
    )


@given(
    some.lists(some.tuples(some.integers(1, 60), some.integers(0, 2000)), min_size=1, max_size=6),
    some.integers(0, 400),
)
def test_infused_volume_is_the_integral_of_the_rates(lengths: list[tuple[int, int]], asked: int) -> None:
    steps, minute, integral = [], 0, Fraction(0)
    for number, (length, tenths) in enumerate(lengths):
        steps.append((str(minute), str(Decimal(tenths) / 10)))
        last = number == len(lengths) - 1
        integral += Fraction(tenths, 600) * max(0, (asked if last else min(asked, minute + length)) - minute)
        minute += length
    infused = program(steps).infused_ml(START + timedelta(minutes=asked))
    assert abs(Fraction(infused) - integral) < Fraction(1, 10**20)


def test_bag_that_runs_empty_stops_the_pump_at_that_moment() -> None:
    running = program([("0", "60"), ("10", "30")], volume="15")
    assert running.running() == (Step(Decimal(0), Decimal(60)), Step(Decimal(10), Decimal(30)), Step(Decimal(20), Decimal(0)))
    assert running.infused_ml(START + timedelta(hours=5)) == Decimal(15)


def test_bag_that_is_empty_at_a_step_takes_no_part_in_it() -> None:
    assert program([("0", "60"), ("10", "30")], volume="10").running()[-1] == Step(Decimal(10), Decimal(0))


def test_nothing_runs_before_the_start_or_without_one() -> None:
    assert program([("0", "60")]).step_at(START - timedelta(seconds=1)) is None
    assert Program(weight_kg=Decimal(70)).infused_ml(START) == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "weight_missing"),
        ({"steps": []}, "weight_missing"),
        ({"weight_kg": 70, "stepps": []}, "unknown_program_key"),
        ({"weight_kg": 70, "sex": "F"}, "unknown_sex"),
        ({"weight_kg": 70, "started_at": "2026-03-01T14:00:00"}, "started_at"),
        ({"weight_kg": 70, "started_at": "noon"}, "started_at"),
        ({"weight_kg": 70, "steps": [[0]]}, "step_shape"),
        ({"weight_kg": 70, "steps": [[5, "1"], [5, "2"]]}, "steps"),
        ({"weight_kg": 70, "steps": 7}, "program_shape"),
        ({"weight_kg": 70, "baseline": {"systolic": "high"}}, "program_shape"),
        ({"weight_kg": 70, "baseline": {"mood": 7}}, "unknown_baseline"),
    ],
)
def test_program_that_is_not_understood_is_refused_by_name(data: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        from_data(data)
    assert refused.value.code == code


def write(path: Path, text: str, at: int) -> None:
    path.write_text(text)
    os.utime(path, (at, at))


def test_changed_file_is_read_again_and_a_broken_one_leaves_the_last_program_in_force(tmp_path: Path) -> None:
    path = tmp_path / "program.json"
    write(path, json.dumps({"weight_kg": "70"}), 1000)
    file = ProgramFile(path)
    assert not file.refreshed()
    write(path, json.dumps({"weight_kg": "71"}), 2000)
    assert file.refreshed() and file.program.weight_kg == 71
    write(path, '{"weight_kg": ', 3000)
    assert not file.refreshed() and file.program.weight_kg == 71 and "not JSON" in file.problem
    write(path, json.dumps({"weight_kg": "72"}), 4000)
    assert file.refreshed() and file.program.weight_kg == 72 and file.problem == ""
    path.unlink()
    assert not file.refreshed() and file.program.weight_kg == 72


def test_missing_file_is_refused() -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        load(Path("/nowhere/program.json"))

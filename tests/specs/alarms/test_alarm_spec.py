"""The page `what-rings.md` is the test: each row feeds readings second by second."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.specs.tables import rows
from winddown.domain.alarms.condition import Baseline
from winddown.domain.alarms.evaluate import News, OpenAlarm, apply, evaluate
from winddown.domain.alarms.window import Sample, Window
from winddown.domain.sessions.supervision import default_supervision, read_supervision

PAGE = Path(__file__).with_name("what-rings.md")
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BASELINE = Baseline(systolic=120, diastolic=75, pulse_rate=70, respiratory_rate=14, spo2=98, etco2=36, moaas=5, cadss6=0)
LIMITS = read_supervision(default_supervision("pain")).alarms


def readings(words: str) -> dict[int, float]:
    found: dict[int, float] = {}
    for first, last, value in re.findall(r"(\d+)(?:-(\d+))?:(-?[\d.]+)", words):
        found.update({second: float(value) for second in range(int(first), int(last or first) + 1)})
    return found


def rung(kind: str, values: dict[int, float], clock: int) -> tuple[str, str]:
    """The tier of the open alarm at the clock, and the words that brought it there."""
    window, alarms, last = Window(), (), None
    for second in sorted({*values, clock}):
        if second in values:
            window = window.with_sample(kind, Sample(START + timedelta(seconds=second), values[second]))
        news: list[News] = evaluate(LIMITS, BASELINE, window, alarms, START + timedelta(seconds=second))
        alarms: tuple[OpenAlarm, ...] = apply(alarms, news)
        last = news[-1] if news else last
    assert len(alarms) <= 1
    return (alarms[0].tier, last.because) if alarms and last else ("-", "")


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: f"{row['Kind']} {row['Readings']}")
def test_the_alarm_says_what_the_page_says(row):
    assert rung(row["Kind"], readings(row["Readings"]), int(row["Clock"])) == (row["Tier"], row["It says"])


def test_every_condition_of_the_protocol_has_a_row_on_the_page():
    told = {row["It says"].split(":")[0] for row in rows(PAGE)}
    assert {condition.words.rstrip(":") for condition in LIMITS.conditions} - told == set()

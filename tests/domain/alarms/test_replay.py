"""Two real recordings through the stream and the alarms: how often they would ring, and what was held back."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from winddown.domain.alarms.condition import Baseline
from winddown.domain.alarms.defaults import default_limits
from winddown.domain.alarms.evaluate import Raised, Watching
from winddown.domain.alarms.replay import Summary, summarize
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.reading import Reading

RECORDINGS = Path(__file__).with_name("recordings")
START = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = {
    "HR (bpm)": "heart_rate",
    "PULSE (bpm)": "pulse_rate",
    "RESP (pm)": "respiratory_rate",
    "SpO2 (%)": "spo2",
    "NBPSys (mmHg)": "systolic",
    "NBPDias (mmHg)": "diastolic",
    "NBPMean (mmHg)": "mean_pressure",
    "ABPSys (mmHg)": "arterial_systolic",
    "ABPDias (mmHg)": "arterial_diastolic",
    "ABPMean (mmHg)": "arterial_mean",
}
WATCHED = Watching(
    since=dict.fromkeys(("heart_rate", "pulse_rate", "spo2", "respiratory_rate"), START),
    every_s=dict.fromkeys(("heart_rate", "pulse_rate", "spo2", "respiratory_rate"), 60),
)


def recording(name: str) -> list[Reading]:
    found = []
    with (RECORDINGS / name).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            at = START + timedelta(minutes=float(row["t_min"]))
            for column, kind in COLUMNS.items():
                if row.get(column):
                    found.append(
                        Reading(
                            f"min {row['t_min']} {kind}", kind, float(row[column]), KINDS[kind].unit, at, at, "monitor", device="bedside"
                        )
                    )
    return found


def replayed(name: str, baseline: Baseline) -> Summary:
    return summarize(recording(name), limits=default_limits(), baseline=baseline, watching=WATCHED, tick_s=20)


@pytest.fixture(scope="module")
def short() -> Summary:
    return replayed("mimic3wfdb_s25047.csv", Baseline(systolic=100, diastolic=55))


@pytest.fixture(scope="module")
def long() -> Summary:
    return replayed("mimic3wfdb_s00001.csv", Baseline(systolic=120, diastolic=60))


def zeros(name: str, kinds: tuple[str, ...]) -> Counter[str]:
    return Counter(reading.kind for reading in recording(name) if reading.kind in kinds and reading.value == 0)


@pytest.mark.parametrize("name", ["mimic3wfdb_s25047.csv", "mimic3wfdb_s00001.csv"])
def test_every_zero_of_a_probe_is_held_back_with_a_reason_and_nothing_is_lost(name, request):
    found: Summary = request.getfixturevalue("short" if "25047" in name else "long")
    print(f"\n{name}\n{found.as_text()}")
    kinds = ("heart_rate", "pulse_rate", "spo2")
    held = Counter(each.reading.kind for each in found.held_back if each.reading.value == 0 and each.reading.kind in kinds)
    assert held == zeros(name, kinds)
    assert all(each.because for each in found.held_back)
    assert found.readings == len(recording(name))


def test_the_counts_of_the_published_notice_come_out_again(short):
    zero = Counter(each.reading.kind for each in short.held_back if each.reading.value == 0)
    assert (zero["heart_rate"], zero["pulse_rate"], zero["spo2"]) == (28, 8, 11)


def test_a_pulse_of_277_that_the_next_reading_repeats_is_alarmed_and_not_explained_away(short):
    told = [each.because for each in short.news if each.value in (277, 272.8)]
    assert told == ["Pulse fast: 277 /min, limit 130, for 20 s"]


def test_a_probe_that_is_off_for_hours_is_an_alarm_and_not_a_quiet_screen(long):
    keys = {each.key for each in long.news if isinstance(each, Raised)}
    assert "spo2_silent" in keys


def test_no_pressure_at_the_hold_limit_is_ever_held_back(short, long):
    for found in (short, long):
        assert [each for each in found.held_back if each.reading.kind == "systolic" and (each.reading.value or 0) >= 180] == []


def test_how_often_each_alarm_rings_on_the_recordings(short, long):
    """Re-recorded only in a commit of its own that says why. Both are intensive-care patients; the short one ends with dying leads."""
    assert short.raised == {
        "systolic_low": 6,
        "pulse_low": 2,
        "breaths_low": 3,
        "spo2_low": 5,
        "systolic_high": 4,
        "diastolic_high": 3,
        "pulse_high": 5,
        "spo2_silent": 1,
        "pulse_silent": 1,
    }
    assert long.raised == {"spo2_silent": 9, "breaths_low": 80, "systolic_high": 2, "pulse_silent": 3, "pulse_low": 6, "spo2_low": 1}
    assert (round(short.per_chair_hour, 1), round(long.per_chair_hour, 1)) == (25.4, 3.1)


def test_the_same_recording_gives_the_same_page(short):
    assert replayed("mimic3wfdb_s25047.csv", Baseline(systolic=100, diastolic=55)).as_text() == short.as_text()

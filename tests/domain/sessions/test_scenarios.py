"""Every scenario file plays through the domain and does what it expects; a wrong expectation is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from winddown.domain.refusals import OutOfRange, UnknownWord
from winddown.domain.sessions import plain
from winddown.domain.sessions.scenario import from_json
from winddown.domain.sessions.scenario_run import run

FOLDER = Path(__file__).parents[3] / "scenarios"
FILES = sorted(FOLDER.glob("*.json"))


def plain_scenario() -> dict:
    return json.loads((FOLDER / "pressure_rises_at_20_min.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_scenario_does_what_it_expects(file):
    scenario = from_json(file.read_text(encoding="utf-8"))
    assert scenario.name == file.stem
    assert run(scenario).failures == ()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_scenario_goes_through_json_unchanged(file):
    scenario = from_json(file.read_text(encoding="utf-8"))
    assert from_json(json.dumps(plain.write(scenario))) == scenario


@pytest.mark.parametrize(
    ("part", "row", "failure"),
    [
        (
            "alarms",
            {"at_min": 21.5, "what": "raised", "key": "spo2_low", "tier": "stop"},
            "alarms: expected spo2_low raised at tier stop at 21.5 min, got nothing more",
        ),
        ("status", {"at_min": 26, "status": "running"}, "status at 26 min: expected running, got held"),
        ("dose", {"at_min": 26, "mg": "22.7"}, "dose at 26 min: expected 22.7 mg, got 22.8 mg programmed, 22.8 mL."),
        ("advice", {"at_min": 26, "keys": ["third_hold"]}, "advice at 26 min: expected ('third_hold',), got ()"),
        ("gate", {"at_min": -1, "line": "pump", "state": "done"}, "gate at -1 min: expected pump done, got missing"),
        ("labels", {"kind": "spo2", "label": "late", "count": 1}, "labels: expected 1 spo2 late, got 0"),
    ],
)
def test_a_wrong_expectation_fails_and_says_what_happened(part, row, failure):
    data = plain_scenario()
    data["expect"][part] = [*data["expect"].get(part, []), row]
    assert run(from_json(json.dumps(data))).failures == (failure,)


def test_a_ring_that_was_not_expected_is_a_failure_too():
    data = plain_scenario()
    data["expect"]["alarms"] = data["expect"]["alarms"][:-1]
    expected = "alarms: expected nothing more, got diastolic_high cleared at tier hold at 31 min"
    assert run(from_json(json.dumps(data))).failures == (expected,)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"patience": 3}, UnknownWord),
        ({"track": "surgery"}, UnknownWord),
        ({"monitored": {"cardiac_output": 0}}, UnknownWord),
        ({"tick_s": 0}, OutOfRange),
    ],
)
def test_what_the_format_does_not_know_is_refused(change, refusal):
    with pytest.raises(refusal):
        from_json(json.dumps({**plain_scenario(), **change}))


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_file_that_is_no_scenario_is_refused(text):
    with pytest.raises(OutOfRange):
        from_json(text)

"""`winddown replay` as a process: what it prints, and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).resolve().parent.parent.parent / "scenarios"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("WINDDOWN_")}


def replay(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "winddown.commands.main", "replay", *map(str, words)]
    return subprocess.run(command, env=CLEAN, capture_output=True, text=True, check=False)


def test_a_scenario_that_goes_as_expected_exits_with_0_and_tells_its_story_and_alarms():
    done = replay(SCENARIOS / "late_pump_message.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "   20.00 min  rate reported: rate ml per h 60, device pump 2 (written 8 min later)\n" in done.stdout
    assert "   28.00 min  cuff overdue raised, notify, medium: " in done.stdout
    assert done.stdout.endswith("As the file expects.\n")


def test_a_difference_exits_with_1_and_names_it(tmp_path):
    scenario = json.loads((SCENARIOS / "late_pump_message.json").read_text())
    scenario["expect"]["dose"][0]["mg"] = "99.9"
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(scenario))
    done = replay(file)
    assert done.returncode == 1
    assert "Differs from what the file expects:\n  dose at 25 min: expected 99.9 mg, got " in done.stdout


def test_the_result_is_json_when_asked_for():
    done = replay(SCENARIOS / "late_pump_message.json", "--json")
    told = json.loads(done.stdout)
    assert (told["name"], told["as_expected"], told["differences"]) == ("late_pump_message", True, [])
    late = next(event for event in told["story"] if event["kind"] == "rate_reported")
    assert (late["at_min"], late["written_after_min"], late["data"]["rate_ml_per_h"]) == (20, 8, "60")
    assert [(alarm["at_min"], alarm["key"], alarm["what"]) for alarm in told["alarms"]] == [
        (28, "cuff_overdue", "raised"),
        (30, "cuff_overdue", "cleared"),
    ]


@pytest.mark.parametrize("text", ["{}", "no json", '{"name": "x", "surprise": 1}'])
def test_a_file_that_is_no_scenario_is_refused_with_the_reason(tmp_path, text):
    file = tmp_path / "wrong.json"
    file.write_text(text)
    done = replay(file)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Refused: ")


def test_a_file_that_is_not_there_is_refused_and_no_file_at_all_is_wrong_usage(tmp_path):
    done = replay(tmp_path / "nothing.json")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Refused: The scenario {tmp_path / 'nothing.json'} cannot be read: No such file or directory.\n")
    assert replay("--nonsense", "x").returncode == 2

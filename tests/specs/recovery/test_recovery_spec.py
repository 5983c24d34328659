"""The page `what-opens-the-door.md` is the test: each row changes one thing of a visit that is ready to end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.specs.recovery.recovered_visit import NOON_LESS_A_QUARTER, STORY, TEN, Visit, changed
from tests.specs.tables import rows
from winddown.domain.recovery.gate import RECORDED, override_of, verdict

PAGE = Path(__file__).with_name("what-opens-the-door.md")
NOW = TEN + timedelta(minutes=NOON_LESS_A_QUARTER)


def test_with_everything_recorded_the_gate_says_so_and_nothing_more():
    found = verdict(Visit().lines())
    assert (found.words, found.may_leave) == (RECORDED, True)
    assert "safe" not in RECORDED.lower()


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["Change"])
def test_the_gate_says_what_the_page_says(row):
    lines = changed(row["Change"]).lines()
    line = next(line for line in lines if line.key == row["Line"])
    assert (line.state, line.sentence) == (row["State"], row["It says"])
    assert verdict(lines).may_leave == (row["State"] == "done")


@pytest.mark.parametrize("key", [key for key in STORY if key not in ("checked_in", "made_ready", "started", "baseline")])
def test_no_criterion_can_be_left_out(key):
    assert not verdict(changed(f"without {key}").lines()).may_leave


@pytest.mark.parametrize(
    ("second", "data", "leaves"),
    [
        ("Lee", {"reason": "lives next door"}, True),
        (None, {"reason": "lives next door"}, False),
        ("Kim", {"reason": "x"}, False),
        ("Lee", {"reason": ""}, False),
    ],
)
def test_an_override_needs_a_reason_and_a_second_name_and_is_told(second, data, leaves):
    visit = changed("without escort_present")
    visit.second = second
    visit.story["gate_overridden"] = (104, "gate_overridden", data)
    found = verdict(visit.lines(), override_of(visit.events(), at=NOW))
    assert (found.recorded, found.may_leave) == (False, leaves)
    assert ("Overridden by Kim and Lee: lives next door" in found.words) == leaves


def test_an_override_from_before_the_start_does_not_open_the_door():
    visit = changed("without escort_present")
    visit.second = "Lee"
    visit.story["gate_overridden"] = (-3, "gate_overridden", {"reason": "start review accepted"})
    assert override_of(visit.events(), at=NOW) is None

"""The page `what-stops-a-start.md` is the test: each row changes one thing of a complete visit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.specs.start_gate.complete_visit import FACTS, TEN, Case, changed
from tests.specs.tables import rows
from winddown.domain.sessions.gate_line import Acceptance, all_done

PAGE = Path(__file__).with_name("what-stops-a-start.md")


def test_a_complete_visit_has_every_line_done():
    assert {key: line.state for key, line in Case().lines().items() if line.state != "done"} == {}


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["Change"])
def test_the_gate_says_what_the_page_says(row):
    line = changed(row["Change"]).lines()[row["Line"]]
    assert (line.state, line.sentence) == (row["State"], row["It says"])


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["Change"])
def test_every_line_that_is_not_done_closes_the_gate_and_says_what_to_do(row):
    lines = changed(row["Change"]).lines()
    assert all_done(lines.values()) == (row["State"] == "done")
    assert [line.key for line in lines.values() if line.state != "done" and not line.do] == []


@pytest.mark.parametrize("kind", [kind for kind in FACTS if kind != "checked_in"])
def test_no_fact_can_be_left_out(kind):
    assert not all_done(changed(f"without {kind}").lines().values())


def test_an_acceptance_needs_a_name_and_a_reason_and_covers_only_the_pressure_it_saw():
    case = changed("baseline_taken systolic=150")
    for by, because, minutes in (("", "known", 0), ("Dr. Reyes", " ", 0), ("Dr. Reyes", "known", -11)):
        case.acceptances = [Acceptance("baseline_systolic", by, because, TEN + timedelta(minutes=minutes))]
        assert case.lines()["baseline_systolic"].state == "review"
    case.acceptances = [Acceptance("baseline_systolic", "Dr. Reyes", "known", TEN)]
    assert case.lines()["baseline_systolic"].accepted == "accepted by Dr. Reyes: known"

"""The page `what-stops-a-start.md` is the test: each row changes one thing of a complete visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.specs.start_gate.complete_visit import FACTS, RULES, TEN, Case, changed
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


@pytest.mark.parametrize(
    ("minutes_ago", "says"),
    [
        (4, "70 kg today, order 70 kg, 0.0 % apart, limit 10 %."),
        (10, "70 kg on 1 Mar 2026, 10 min ago, order 70 kg, 0.0 % apart, limit 10 %."),
        (360, "70 kg on 1 Mar 2026, 360 min ago, order 70 kg, 0.0 % apart, limit 10 %."),
        (361, "No weight of today."),
    ],
)
def test_a_weight_of_before_midnight_counts_for_six_hours(minutes_ago, says):
    past_midnight = TEN - timedelta(hours=9, minutes=55)
    case = Case(minutes_before={"weight_measured": minutes_ago + 595})
    assert case.lines(at=past_midnight)["weight"].sentence == says


def test_a_protocol_that_names_no_age_takes_only_a_weight_of_the_day():
    block = replace(RULES.start_gate, weight_age_h=None)
    past_midnight = TEN - timedelta(hours=9, minutes=55)
    line = Case(minutes_before={"weight_measured": 605}).lines(at=past_midnight, rules=block)["weight"]
    assert (line.state, line.sentence) == ("missing", "No weight of today.")


def test_an_acceptance_needs_a_name_and_a_reason_and_covers_only_the_pressure_it_saw():
    case = changed("baseline_taken systolic=150")
    for by, because, minutes in (("", "known", 0), ("Dr. Reyes", " ", 0), ("Dr. Reyes", "known", -11)):
        case.acceptances = [Acceptance("baseline_systolic", by, because, TEN + timedelta(minutes=minutes))]
        assert case.lines()["baseline_systolic"].state == "review"
    case.acceptances = [Acceptance("baseline_systolic", "Dr. Reyes", "known", TEN)]
    assert case.lines()["baseline_systolic"].accepted == "accepted by Dr. Reyes: known"

"""The page `what-screening-says.md` is the test: each row changes one thing of an ordinary patient."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.specs.screening.ordinary_patient import changed, found
from tests.specs.tables import rows
from winddown.domain.screening.rule import NOTHING_FIRED, judge_all, verdict
from winddown.domain.screening.rules import RULES

PAGE = Path(__file__).with_name("what-screening-says.md")
ONLY_ASKS = {"mind.clinician"}


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: f"{row['Rule']} {row['Change']}")
def test_the_rule_says_what_the_page_says(row):
    finding = found(row["Rule"], row["Change"])
    said = {"exclude": "excludes"}.get(finding.severity, finding.severity) if finding.outcome == "fired" else finding.outcome
    assert (said, finding.sentence or "-") == (row["Outcome"], row["It says"])


def test_no_rule_fires_on_the_ordinary_patient_and_the_verdict_says_no_more_than_that():
    findings = judge_all(RULES, changed(""))
    assert [finding.rule for finding in findings if finding.outcome in ("fired", "missing")] == []
    assert verdict(findings) == NOTHING_FIRED == "No rule fired on the data entered."


def test_every_rule_has_a_row_that_fires_and_one_that_does_not():
    told = {rule.id: [row["Outcome"] for row in rows(PAGE) if row["Rule"] == rule.id] for rule in RULES}
    fires = {rule for rule, outcomes in told.items() if set(outcomes) & {"excludes", "review", "caution"}}
    keeps_still = {rule for rule, outcomes in told.items() if "quiet" in outcomes}
    every = {rule.id for rule in RULES}
    assert (every - fires, every - keeps_still) == (ONLY_ASKS, set())

"""The manual page is the test: every row of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.specs.tables import rows
from winddown.domain.suicide_safety import red_words
from winddown.domain.suicide_safety.follow import Sitting, what_follows
from winddown.domain.suicide_safety.triage import triage

PAGE = Path(__file__).with_name("what-an-answer-sets-off.md")
YES = {"y": True, "n": False, "-": None}


def answers(row):
    keys = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5", "6": "6", "within 3 months": "6_recent"}
    return {key: YES[row[column]] for column, key in keys.items() if row.get(column)}


@pytest.mark.parametrize("row", rows(PAGE, "The screener (C-SSRS)"), ids=str)
def test_the_screener_means_what_the_page_says(row):
    found = triage(answers(row))
    assert found.level == row["Level"]
    assert row["Why"] in found.because


@pytest.mark.parametrize("row", rows(PAGE, "Since the last contact"), ids=str)
def test_the_screener_since_the_last_contact_means_what_the_page_says(row):
    found = triage(answers(row), since_contact=True)
    assert found.level == row["Level"]
    assert row["Why"] in found.because


@pytest.mark.parametrize("row", rows(PAGE, "The question inside another questionnaire"), ids=str)
def test_a_question_inside_another_instrument_opens_what_the_page_says(row):
    item = {"phq-9": "9", "qids-sr16": "12", "madrs": "10", "gad-7": "1"}[row["Instrument"]]
    values = {"1": 0.0} | ({} if row["Answer"] == "-" else {item: float(row["Answer"])})
    opens = what_follows(row["Instrument"], values, {}, Sitting(row["Can be screened"] == "yes")).opens
    told = [(task.kind, task.urgency, str(round(task.within.total_seconds() / 60))) for task in opens]
    assert told == ([] if row["Task"] == "none" else [(row["Task"], row["Urgency"], row["Minutes"])])


@pytest.mark.parametrize("row", rows(PAGE, "Words in a text"), ids=lambda row: row["Text"])
def test_the_words_of_a_text_are_what_the_page_says(row):
    assert (red_words.worst(red_words.find(row["Text"])) or "-") == row["Level"], red_words.find(row["Text"])

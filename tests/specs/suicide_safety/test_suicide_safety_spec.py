"""The manual page is the test: every row of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.specs.tables import rows
from winddown.domain.suicide_safety import red_words
from winddown.domain.suicide_safety.follow import Sitting, what_follows
from winddown.domain.suicide_safety.language import unread
from winddown.domain.suicide_safety.lists import LISTS
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


@pytest.mark.parametrize("row", rows(PAGE, "Words in Arabic"), ids=lambda row: row["Text"])
def test_arabic_words_of_a_text_are_what_the_page_says(row):
    assert (red_words.worst(red_words.find(row["Text"])) or "-") == row["Level"], red_words.find(row["Text"])


@pytest.mark.parametrize("row", rows(PAGE, "Words that ask for a call"), ids=lambda row: row["Text"])
def test_words_that_ask_for_a_call_open_what_the_page_says(row):
    opens = what_follows("", {}, {"text": row["Text"]}, Sitting(False)).opens
    told = [(each.kind, each.urgency, str(round(each.within.total_seconds() / 60))) for each in opens]
    wanted = [] if row["Task"] == "none" else list(zip(*(row[name].split(", ") for name in ("Task", "Urgency", "Minutes")), strict=True))
    assert told == wanted


@pytest.mark.parametrize("row", rows(PAGE, "A language that is not searched"), ids=lambda row: f"{row['Page']}: {row['Text']}")
def test_a_language_without_a_list_is_never_silence(row):
    opens = what_follows("", {}, {"text": row["Text"]}, Sitting(False), language=row["Page"]).opens
    assert [each.kind for each in opens if each.kind == "unread_language"] == (["unread_language"] if row["Unread"] == "yes" else [])


@pytest.mark.parametrize("phrase", [phrase for each in LISTS.values() for phrase in each.phrases], ids=lambda phrase: phrase.like)
def test_every_phrase_is_found_in_the_sentence_that_shows_it(phrase):
    hits = [hit for hit in red_words.find(phrase.like) if hit.about == phrase.about]
    assert phrase.level in {hit.level for hit in hits}
    assert not any(unread(phrase.like, each) for each in ("", "en"))

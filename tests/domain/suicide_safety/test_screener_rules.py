"""The triage against a second, differently written judge over every possible screener, and what no text may do."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.refusals import UnknownWord
from winddown.domain.suicide_safety import red_words
from winddown.domain.suicide_safety.crisis import COUNTRIES, country_of
from winddown.domain.suicide_safety.follow import QUESTIONS, Sitting, what_follows
from winddown.domain.suicide_safety.triage import LEVELS, triage

EVERY = list(product((True, False, None), repeat=7))


def second_judge(one, two, three, four, five, six, recent) -> str:
    """The table of the clinical page read line by line, as sets: the most severe line that holds."""
    lines = {
        "high": [four is True, five is True, six is True and recent is not False],
        "moderate": [three is True, six is True and recent is False],
        "low": [one is True, two is True],
    }
    needed = [one, two, six] + ([three, four, five] if two else [])
    if any(lines["high"]) or None in needed:
        return "high"
    return next((level for level in ("moderate", "low") if any(lines[level])), "none")


def test_every_one_of_the_2187_screeners_is_judged_as_the_table_says():
    keys = ("1", "2", "3", "4", "5", "6", "6_recent")
    assert [triage(dict(zip(keys, each, strict=True))).level for each in EVERY] == [second_judge(*each) for each in EVERY]


def test_turning_any_no_into_a_yes_never_lowers_the_level():
    keys = ("1", "2", "3", "4", "5", "6", "6_recent")
    for each in EVERY:
        told = dict(zip(keys, each, strict=True))
        for key in keys:
            if told[key] is False:
                assert LEVELS.index(triage(told | {key: True}).level) >= LEVELS.index(triage(told).level)


def test_losing_an_answer_never_lowers_the_level_of_a_screener_that_was_not_none_low_by_skip():
    keys = ("1", "2", "6", "6_recent")
    for each in EVERY:
        told = dict(zip(("1", "2", "3", "4", "5", "6", "6_recent"), each, strict=True))
        for key in keys:
            if told[key] is False:
                assert LEVELS.index(triage(told | {key: None}).level) >= LEVELS.index(triage(told).level)


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader(text):
    for hit in red_words.find(text):
        assert hit.level in ("red", "read")


@given(st.sampled_from(["I want to die", "quiero morir", "thinking of suicide"]), st.text(alphabet="abc xyz", max_size=60))
def test_what_stands_after_a_red_phrase_does_not_hide_it(phrase, rest):
    assert red_words.worst(red_words.find(f"{phrase}. {rest}")) == "red"


@given(
    st.dictionaries(st.sampled_from([str(n) for n in range(1, 17)]), st.sampled_from([0.0, 1.0, 2.0, 3.0])),
    st.sampled_from(sorted(QUESTIONS)),
    st.booleans(),
)
def test_an_answer_above_the_limit_always_opens_something_whatever_else_was_answered(values, instrument, can_screen):
    question = QUESTIONS[instrument]
    opens = what_follows(instrument, values, {}, Sitting(can_screen)).opens
    value = values.get(question.item)
    assert bool(opens) == (value is None or value >= question.positive_from)


def test_a_total_entered_by_hand_says_nothing_about_single_questions():
    assert what_follows("phq-9", {"total": 20.0}, {}, Sitting(True)).opens == ()


def test_every_country_has_an_emergency_number_and_a_line_and_an_unknown_one_stops():
    for country in COUNTRIES.values():
        assert country.emergency.dial
        assert country.lines
    with pytest.raises(UnknownWord):
        country_of("ZZ")


def test_the_united_states_have_988_by_call_and_text_and_911():
    country = country_of("US")
    assert country.emergency.dial == "911"
    assert [(line.dial, line.ways) for line in country.lines] == [("988", ("call", "text"))]

"""Properties that hold for every instrument, whatever is answered; and what counts as a change."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winddown.domain.instruments import INSTRUMENTS, instrument_of
from winddown.domain.instruments.change import moved
from winddown.domain.instruments.instrument import Instrument
from winddown.domain.instruments.scoring import score

EVERY = list(INSTRUMENTS.values())
RUBBISH = st.sampled_from(
    [None, "", " ", "x", "٣", "1,5", "NaN", "1e400", "-0", "0.5", "1", "3", 2, -1, 0, 11, 120, 2.5, float("nan"), True, (), [], {}]
)


def allowed(item):
    if item.kind == "choice":
        return st.sampled_from([choice.value for choice in item.choices])
    if item.kind == "words":
        return st.text(max_size=20)
    return st.floats(item.low, item.high)


@st.composite
def answered(draw, *, form: Instrument | None = None, complete: bool = False):
    form = form or draw(st.sampled_from(EVERY))
    asked = [item for item in form.items if complete or draw(st.booleans())]
    return form, {item.key: draw(allowed(item)) for item in asked}


@given(
    st.sampled_from(EVERY), st.dictionaries(st.sampled_from([*"123456789", "total", "average", "any", "beetle", ""]), RUBBISH, max_size=12)
)
@settings(max_examples=400)
def test_no_set_of_answers_breaks_an_instrument_or_leaves_its_range(form, answers):
    scored = score(form, answers)
    assert scored.value is None or form.low <= scored.value <= form.high
    assert scored.value is not None or scored.why != ""
    assert not (scored.odd and scored.value is not None)


@given(answered())
@settings(max_examples=400)
def test_allowed_answers_are_never_odd_and_stay_in_range(told):
    form, answers = told
    scored = score(form, answers)
    assert scored.odd == ()
    assert scored.value is None or form.low <= scored.value <= form.high


@given(answered(complete=True), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_of_the_answers_does_not_matter(told, shuffle: random.Random):
    form, answers = told
    rows = list(answers.items())
    shuffle.shuffle(rows)
    first, second = score(form, answers), score(form, dict(rows))
    assert (first.value, first.band, first.findings) == (second.value, second.band, second.findings)


@given(answered(form=instrument_of("phq-9"), complete=True), st.sets(st.sampled_from("123456789"), min_size=1, max_size=4))
@settings(max_examples=200)
def test_filling_in_follows_the_mean_of_what_was_answered(told, left_out):
    form, answers = told
    have = {key: value for key, value in answers.items() if key not in left_out}
    scored = score(form, have)
    if len(left_out) > 2:
        assert scored.value is None
        assert set(scored.lacking) == left_out
    else:
        mean = sum(value for key, value in have.items() if key in "123456789") / (9 - len(left_out))
        assert abs(scored.value - 9 * mean) <= 0.5
        assert scored.prorated


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.key)
def test_what_ships_with_words_has_them_in_both_languages_and_what_is_owned_ships_none(form):
    if form.license.kind == "permission":
        owned = [item.key for item in form.items if item.words]
        assert owned == []
    else:
        assert form.languages == ("en", "es")
        lacking = [
            (item.key, choice.value)
            for item in form.items
            for choice in item.choices
            if not (choice.words.get("en") and choice.words.get("es"))
        ]
        assert lacking == []
        assert {translation.language for translation in form.translations} == {"en", "es"}


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.key)
def test_bands_cover_the_whole_range_in_order(form):
    starts = [band.start.value for band in form.bands]
    assert all(one < other for one, other in pairwise(starts))
    if starts:
        assert starts[0] == form.low
        assert starts[-1] <= form.high


def test_a_fall_is_better_where_high_is_bad_and_worse_where_high_is_good():
    assert moved(instrument_of("pain-nrs"), baseline=8, now=5).way == "better"
    assert moved(instrument_of("mood"), baseline=8, now=5).way == "worse"


@pytest.mark.parametrize(
    ("key", "baseline", "now", "important", "reliable", "response", "remission"),
    [
        ("phq-9", 18, 9, True, True, True, False),
        ("phq-9", 18, 13, True, False, False, False),
        ("phq-9", 18, 4, True, True, True, True),
        ("phq-9", 4, 2, False, False, None, True),
        ("gad-7", 15, 11, True, True, None, None),
        ("pain-nrs", 8, 6, True, None, False, None),
        ("pain-nrs", 4, 2.7, True, None, True, None),
        ("pain-nrs", 2, 1, False, None, None, None),
        ("crps-severity", 14, 10, None, False, None, None),
        ("crps-severity", 14, 9, None, True, None, None),
        ("pgic", 4, 2, None, None, None, None),
        ("madrs", 30, 10, None, None, True, True),
    ],
)
def test_a_change_is_judged_by_published_figures_and_unknown_is_not_no(key, baseline, now, important, reliable, response, remission):
    found = moved(instrument_of(key), baseline=baseline, now=now)
    assert (found.important, found.reliable, found.response, found.remission) == (important, reliable, response, remission)


def test_a_percent_of_a_low_baseline_is_not_given():
    assert moved(instrument_of("pain-nrs"), baseline=1, now=0).percent is None
    assert moved(instrument_of("pain-nrs"), baseline=0, now=5).percent is None
    assert moved(instrument_of("pain-nrs"), baseline=8, now=4).percent == -50

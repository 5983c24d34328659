"""Consent without a database: the plain text format, the hash, what a sitting lacks, and exact intervals against another road."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.consent.packaged import ABOUT, packaged
from winddown.domain.consent.rates import RISKS, interval, table
from winddown.domain.consent.reading import Step, fold
from winddown.domain.consent.text import ConsentText, TextUnclear, alike, parse, write
from winddown.domain.refusals import OutOfRange

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TREATMENT = packaged("treatment")
TEXT = parse(TREATMENT["en"])


@pytest.mark.parametrize("about", sorted(ABOUT))
def test_shipped_texts_read_back_as_themselves_and_say_the_same_in_both_languages(about):
    texts = [parse(source) for source in packaged(about).values()]
    for text in texts:
        assert parse(write(text)) == text
        assert ConsentText.from_data(text.as_data()) == text
    assert alike(*texts)


def test_the_figures_stand_in_the_text_of_the_treatment():
    assert all(any(paragraph.has_figures for paragraph in parse(source).paragraphs) for source in TREATMENT.values())


def test_one_changed_letter_is_another_hash():
    other = parse(TREATMENT["en"].replace("It is not a cure", "It is a cure").replace("it is not a cure", "it is a cure"))
    assert other.sha256 != TEXT.sha256
    assert len(TEXT.sha256) == 64


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("# Consent to treatment with ketamine by infusion", ""), "needs a title"),
        (("## day: What happens", "## what: What happens"), "Two paragraphs have one key"),
        (("? drive: When may you", "? nowhere: When may you"), "No paragraph 'nowhere'"),
        (("! off_label: ", "! other: "), "'off_label' is missing"),
        (("+ The next day", "- The next day"), "exactly one right one"),
        (("## feel: What you may feel", "## What you may feel"), "needs a key"),
    ],
)
def test_a_text_that_cannot_be_signed_is_refused_with_what_is_wrong(change, said):
    with pytest.raises(TextUnclear) as refused:
        parse(TREATMENT["en"].replace(*change))
    assert said in str(refused.value)


def test_a_text_with_two_questions_is_refused():
    with pytest.raises(TextUnclear, match="has 3 questions; this one has 2"):
        parse(TREATMENT["en"].split("? risks:")[0])


def step(kind, minute=0, **data):
    return Step(kind, AT + timedelta(minutes=minute), data)


def right(place):
    return step("answered", question=place, choice=TEXT.questions[place].right)


def wrong(place):
    return step("answered", question=place, choice=(TEXT.questions[place].right + 1) % len(TEXT.questions[place].choices))


def test_a_new_sitting_lacks_everything():
    assert fold(TEXT, []).missing == ("question_0", "question_1", "question_2", "off_label", "regulator")
    assert fold(TEXT, []).seconds is None


def test_a_wrong_answer_opens_its_paragraph_and_a_right_one_closes_it():
    once = fold(TEXT, [right(0), wrong(1)])
    assert once.reopened == (TEXT.questions[1].paragraph,)
    assert "question_1" in once.missing
    twice = fold(TEXT, [right(0), wrong(1), right(1)])
    assert (twice.reopened, twice.tries) == ((), 3)
    assert "question_1" not in twice.missing


def test_each_statement_has_its_own_time_and_the_first_one_counts():
    told = [step("acknowledged", 1, statement="off_label"), step("acknowledged", 4, statement="regulator")]
    reading = fold(TEXT, [*told, step("acknowledged", 9, statement="off_label")])
    assert reading.acknowledged == {"off_label": AT + timedelta(minutes=1), "regulator": AT + timedelta(minutes=4)}


def test_seconds_in_sight_add_up_and_never_go_backwards():
    assert fold(TEXT, [step("read", seconds=40), step("read", seconds=-9), step("read", seconds=25)]).seconds == 65


def test_nothing_is_missing_when_all_is_done():
    done = [right(0), right(1), right(2), step("acknowledged", statement="off_label"), step("acknowledged", statement="regulator")]
    assert fold(TEXT, done).missing == ()


def upper_tail(count, of, share):
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(count, of + 1))


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.30850), (5, 50, 0.03327, 0.21814), (81, 263, 0.25271, 0.36766), (15, 148, 0.05784, 0.16169), (10, 10, 0.69150, 1.0)],
)
def test_the_interval_is_the_published_exact_one(count, of, low, high):
    """81/263, 15/148: Newcombe 1998 (Stat Med 17:857), table of methods, exact without mid-P; the rest by tables of the binomial."""
    found = interval(count, of)
    assert found.low == pytest.approx(low, abs=6e-4)
    assert found.high == pytest.approx(high, abs=6e-4)


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(1, of), st.just(of))))
def test_at_the_lower_end_the_chance_of_as_many_or_more_is_two_and_a_half_percent(pair):
    count, of = pair
    assert upper_tail(count, of, interval(count, of).low) == pytest.approx(0.025, abs=1e-9)


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_counted_share_is_always_inside(count, more):
    found = interval(count, count + more)
    assert 0 <= found.low <= count / (count + more) <= found.high <= 1


def test_nothing_counted_says_nothing_and_a_count_that_cannot_be_stops():
    assert (interval(0, 0).low, interval(0, 0).high) == (0.0, 1.0)
    with pytest.raises(OutOfRange):
        interval(3, 2)


def test_no_risk_is_left_out_of_the_table_and_none_is_invented():
    lines = table({"nausea": 3}, 40)
    assert [line.risk for line in lines] == list(RISKS)
    assert {line.risk.key: line.count for line in lines if line.risk.counted} == {"pressure": 0, "stopped": 0, "perception": 0, "nausea": 3}
    assert all(line.count is None and line.share is None for line in lines if not line.risk.counted)
    assert all(line.share is None for line in table({}, 0))

"""Reminders over histories that nobody planned: they slow down, change the way, end, and begin anew with one answer."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from winddown.domain.followup.reminders import GIVES_UP_AFTER, Asked, decide, ignored

FIRST = date(2026, 3, 1)


def lived(answers, days=400):
    """A life of so many days: on each asked day the patient answers or not, as the list says. The history and every decision."""
    history, decisions, told = [], [], iter(answers)
    for number in range(days):
        today = FIRST + timedelta(days=number)
        decision = decide(history, today=today)
        decisions.append((today, decision))
        if decision.ask:
            history.append(Asked(today, next(told, False)))
    return history, decisions


@settings(max_examples=120, deadline=None)
@given(some.lists(some.booleans(), max_size=200))
def test_whatever_is_answered_it_ends_and_a_silent_patient_is_asked_at_most_ten_times(answers):
    history, decisions = lived(answers)
    assert decisions[-1][1].gives_up
    after = [asked.day for asked in history if not any(other.answered and other.day >= asked.day for other in history)]
    assert len(after) == GIVES_UP_AFTER
    gaps = [(later - earlier).days for earlier, later in pairwise(after)]
    assert gaps == sorted(gaps) and max(gaps) == 7


@settings(max_examples=120, deadline=None)
@given(some.lists(some.booleans(), max_size=60))
def test_one_answer_begins_anew(answers):
    history, _decisions = lived([*answers, True], days=30)
    answered = [asked.day for asked in history if asked.answered]
    for day in answered:
        following = decide([asked for asked in history if asked.day <= day], today=day + timedelta(days=1))
        assert (following.ask, following.other_way, following.again) == (True, False, True)


@pytest.mark.parametrize(
    ("silent", "asks", "other_way", "again"),
    [
        (0, True, False, True),
        (1, True, False, True),
        (2, True, True, False),
        (3, True, True, False),
        (4, False, True, False),
        (7, False, False, False),
    ],
)
def test_the_day_after_so_many_silent_days(silent, asks, other_way, again):
    history = [Asked(FIRST + timedelta(days=number), False) for number in range(silent)]
    decision = decide(history, today=FIRST + timedelta(days=silent))
    assert decision.ask is asks
    if asks:
        assert (decision.other_way, decision.again) == (other_way, again)


@settings(max_examples=60, deadline=None)
@given(some.permutations([Asked(FIRST + timedelta(days=n), n == 3) for n in range(7)]))
def test_the_order_in_which_history_is_told_changes_nothing(history):
    assert ignored(history) == 3

"""Tasks without a database: who is told next, what closing needs, who watches. The clock is handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, UnknownWord
from winddown.domain.tasks import lifecycle
from winddown.domain.tasks.escalation import Ladder, Step, Told, due, whom
from winddown.domain.tasks.kinds import KINDS, SUICIDE_KINDS, Closing, check_closing, kind_of
from winddown.domain.tasks.roster import LONGEST_WATCH, Duty, Watch, gaps, on_call, watch_until, watching

NIGHT = datetime(2026, 3, 8, 2, 14, tzinfo=UTC)
ANNA, BEN, DIRECTOR = 11, 12, 90


def after(minutes: float) -> datetime:
    return NIGHT + timedelta(minutes=minutes)


def whole_night(told: Told, on: list[int], directors: list[int], minutes: int) -> list[tuple[int, int | None]]:
    """Who is told at which minute when nobody ever answers, looking once a minute."""
    found = []
    for minute in range(minutes + 1):
        step = due(Ladder(), told, on, directors, after(minute))
        if step:
            found.append((minute, step.staff_id))
            told = Told(step.step, after(minute))
    return found


def test_unanswered_it_goes_to_the_second_after_five_minutes_then_to_the_director_then_round_again():
    told_first = Told(1, NIGHT)
    assert whole_night(told_first, [ANNA, BEN], [DIRECTOR], 20) == [(5, BEN), (10, DIRECTOR), (15, ANNA), (20, BEN)]


def test_with_nobody_on_call_the_director_is_told_at_once():
    assert due(Ladder(), Told(0, NIGHT), [], [DIRECTOR], NIGHT) == Step(DIRECTOR, 1, True, "nobody is on call")


def test_a_director_who_is_on_call_stands_once_in_the_line():
    assert [whom(step, [ANNA, DIRECTOR], [DIRECTOR])[0] for step in range(4)] == [ANNA, DIRECTOR, ANNA, DIRECTOR]


def test_with_nobody_at_all_it_still_says_that_it_goes_on():
    step = due(Ladder(), Told(1, NIGHT), [], [], after(5))
    assert step is not None
    assert step.staff_id is None


def test_an_acknowledgement_stops_the_line_until_no_call_was_recorded_for_half_an_hour():
    seen = Told(1, NIGHT, acknowledged=True, acted_at=after(1))
    assert due(Ladder(), seen, [ANNA, BEN], [DIRECTOR], after(30)) is None
    assert due(Ladder(), seen, [ANNA, BEN], [DIRECTOR], after(31)) == Step(BEN, 2, False, "acknowledged, but no call was recorded in time")


@given(st.integers(0, 30), st.lists(st.integers(1, 5), unique=True), st.lists(st.integers(6, 8), unique=True))
def test_everybody_in_the_line_is_reached_and_nobody_twice_before_all_were_told(start, on, directors):
    line = [whom(step, on, directors)[0] for step in range(start, start + len(on) + len(directors))]
    assert sorted(filter(None, line)) == sorted([*on, *directors])


@pytest.mark.parametrize("minutes", [0, 121, -5])
def test_steps_shorter_than_a_minute_or_longer_than_two_hours_are_refused(minutes):
    with pytest.raises(OutOfRange):
        Ladder(next_after_min=Figure(minutes, "min", "a test", "derived"))


def test_a_ladder_survives_being_kept_as_data():
    steps = Ladder(next_after_min=Figure(3, "min", "a test", "derived"))
    assert Ladder.from_data(steps.as_data()) == steps


CALL = {"called": "the patient, by phone", "called_at": after(3), "next_check_at": after(600), "words": "safe tonight"}


@pytest.mark.parametrize(("kind", "left_out"), [*product(sorted(SUICIDE_KINDS), CALL)])
def test_no_suicide_task_closes_without_who_when_what_and_the_next_check(kind, left_out):
    for outcome in KINDS[kind].outcomes:
        told = {name: value for name, value in CALL.items() if name != left_out}
        with pytest.raises(Missing) as refused:
            check_closing(KINDS[kind], Closing(outcome, **told), opened_at=NIGHT, at=after(10))
        assert refused.value.where == left_out
        check_closing(KINDS[kind], Closing(outcome, **CALL), opened_at=NIGHT, at=after(10))


def test_a_task_of_any_kind_needs_an_outcome_of_its_own_table():
    for kind in KINDS.values():
        with pytest.raises(Missing):
            check_closing(kind, Closing("", **CALL), opened_at=NIGHT, at=after(10))
        with pytest.raises(Missing):
            check_closing(kind, Closing("a word of nobody", **CALL), opened_at=NIGHT, at=after(10))


@pytest.mark.parametrize(
    ("change", "where"),
    [({"called_at": after(11)}, "called_at"), ({"called_at": after(-1)}, "called_at"), ({"next_check_at": after(10)}, "next_check_at")],
)
def test_a_call_in_the_future_or_before_the_task_and_a_check_in_the_past_are_refused(change, where):
    with pytest.raises(OutOfRange) as refused:
        check_closing(kind_of("suicide_risk"), Closing("safe_plan", **(CALL | change)), opened_at=NIGHT, at=after(10))
    assert refused.value.where == where


def test_a_next_check_is_a_kind_that_exists():
    assert {kind.next_check for kind in KINDS.values()} - {""} <= set(KINDS)


def test_an_unknown_kind_stops():
    with pytest.raises(UnknownWord):
        kind_of("something")


def test_closed_is_the_end():
    happenings = {happening for _, happening in lifecycle.NEXT}
    for happening in happenings:
        with pytest.raises(NotAllowed):
            lifecycle.next_status("closed", happening)


def test_whoever_gets_a_task_must_acknowledge_it_anew():
    for happening in ("handed_on", "escalated", "raised"):
        assert lifecycle.next_status("acknowledged", happening) == "open"


EVENING = Duty(ANNA, 1, after(-360), after(360))
SECOND = Duty(BEN, 2, after(-360), after(360))


def test_on_call_is_by_rank_and_the_end_of_a_duty_is_the_start_of_the_next():
    morning = Duty(BEN, 1, after(360), after(900))
    assert on_call([SECOND, EVENING], NIGHT) == (ANNA, BEN)
    assert on_call([EVENING, morning], after(360)) == (BEN,)


def test_a_watch_ends_with_the_duty_and_after_twelve_hours_at_most():
    assert watch_until([EVENING], ANNA, NIGHT) == after(360)
    assert watch_until([EVENING], BEN, NIGHT) == NIGHT + LONGEST_WATCH
    week = Duty(ANNA, 1, after(-10), after(7 * 24 * 60))
    assert watch_until([week], ANNA, NIGHT) == NIGHT + LONGEST_WATCH


def test_a_watch_that_is_over_is_nobody():
    watch = Watch(ANNA, after(-60), after(0))
    assert watching([watch], after(-1)) == (watch,)
    assert watching([watch], NIGHT) == ()


def test_a_hole_in_the_roster_is_named_from_its_first_to_its_last_minute():
    assert gaps([EVENING, Duty(BEN, 1, after(400), after(500))], NIGHT, after(480)) == [(after(360), after(400))]
    assert gaps([], NIGHT, after(10)) == [(NIGHT, after(10))]
    assert gaps([EVENING, SECOND], NIGHT, after(300)) == []

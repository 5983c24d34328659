"""Four questions, calling hours, the wait list and the letters at the door, without a clock or a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.booking import arrival, calling_hours, safety_questions
from winddown.domain.booking.hours import OpeningHours
from winddown.domain.booking.wishes import Wish, in_turn, offer_ends
from winddown.domain.refusals import Missing, OutOfRange

NEW_YORK = ZoneInfo("America/New_York")
NO = dict.fromkeys(safety_questions.QUESTIONS, "no")
HOURS = OpeningHours("America/New_York", {day: ((time(8), time(12)), (time(13), time(17))) for day in range(5)})


def local(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize("question", safety_questions.QUESTIONS)
@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_every_answer_but_a_plain_no_asks_for_a_person(question: str, answer: str) -> None:
    assert safety_questions.asks_for_a_person(NO | {question: answer}) == (question,)


def test_four_times_no_asks_for_nobody_and_a_missing_answer_is_refused_by_name() -> None:
    assert safety_questions.asks_for_a_person(NO) == ()
    with pytest.raises(Missing) as refused:
        safety_questions.complete(dict.fromkeys(safety_questions.QUESTIONS[:2], "no"))
    assert refused.value.where == safety_questions.QUESTIONS[2]
    with pytest.raises(Missing):
        safety_questions.complete(NO | {"psychosis": "maybe"})


def test_crisis_help_stands_beside_psychosis_and_substances_and_not_beside_pregnancy() -> None:
    shown = {name for name in NO if safety_questions.shows_crisis_help(NO | {name: "yes"})}
    assert shown == {"psychosis", "substances"}


@pytest.mark.parametrize(
    ("part", "at", "begins", "ends"),
    [
        ("soon", local(8, 9, 30), local(8, 9, 30), local(8, 12)),
        ("soon", local(8, 11, 50), local(8, 13), local(8, 17)),
        ("morning", local(8, 14), local(9, 8), local(9, 12)),
        ("afternoon", local(8, 7), local(8, 13), local(8, 17)),
        ("soon", local(12, 18), local(15, 8), local(15, 12)),
    ],
)
def test_a_call_back_falls_into_open_hours_of_the_wished_part_of_the_day(part: str, at: datetime, begins: datetime, ends: datetime) -> None:
    found = calling_hours.next_call(HOURS, part, at=at)
    assert (found[0], min(found[1], ends)) == (begins, ends)


def test_a_place_that_never_opens_cannot_promise_a_call() -> None:
    with pytest.raises(OutOfRange):
        calling_hours.next_call(OpeningHours("America/New_York", {}), "soon", at=local(8, 9))


def test_the_wait_list_asks_by_priority_then_by_age_and_only_whom_the_time_suits() -> None:
    start = local(9, 9)  # a Tuesday
    since = datetime(2026, 6, 1, tzinfo=UTC)
    wishes = [
        Wish(1, 2, since),
        Wish(2, 1, since + timedelta(days=1)),
        Wish(3, 2, since - timedelta(days=1)),
        Wish(4, 1, since, places=frozenset({"elsewhere"})),
        Wish(5, 1, since, weekdays=frozenset({4})),
        Wish(6, 1, since, earliest=time(9, 15)),
        Wish(7, 3, since, places=frozenset({"here"}), weekdays=frozenset({1}), earliest=time(9), latest=time(9)),
    ]
    assert [wish.key for wish in in_turn(wishes, "here", "America/New_York", start)] == [2, 3, 1, 7]


def test_an_offer_ends_after_half_an_hour_or_an_hour_before_the_visit_and_is_not_made_too_late() -> None:
    at = local(9, 8)
    assert offer_ends(at + timedelta(hours=5), at=at) == at + timedelta(minutes=30)
    assert offer_ends(at + timedelta(minutes=91), at=at) == at + timedelta(minutes=30)
    assert offer_ends(at + timedelta(minutes=89), at=at) is None


def test_letters_at_the_door_are_three_without_vowels_and_forgive_how_they_are_typed() -> None:
    found = {arrival.letters(number.to_bytes(8, "big")) for number in range(8000)}
    assert len(found) == 8000
    assert not any(set(each) & set("AEIOUY") for each in found)
    assert arrival.typed(" b-c d ") == "BCD"


def test_nobody_arrives_the_day_before() -> None:
    start = local(9, 9)
    assert arrival.may_arrive(start, at=start - timedelta(hours=2))
    assert not arrival.may_arrive(start, at=start - timedelta(hours=24))
    assert not arrival.may_arrive(start, at=start + timedelta(hours=3))


def _weekday_hours() -> dict[int, tuple[tuple[time, time], ...]]:
    return {day: ((time(8), time(17)),) for day in range(7)}


# The clocks of the three change on different days, and one of them on the other side of the equator: where the year turns in its summer.
ZONES = ("America/New_York", "Europe/Madrid", "Australia/Sydney")


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_slots_keeps_its_wall_clock_over_both_changes_and_never_overlaps(zone: str) -> None:
    """Judged from outside: a plain walk over the days in local time, without a word of the program's own."""
    from winddown.domain.booking.slots import Need, Resource, free_slots

    hours, first = OpeningHours(zone, _weekday_hours()), date(2026, 1, 1)
    days = [first + timedelta(days=number) for number in range(365)]
    spans = [span for day in days for span in hours.open_spans(day)]
    chair = Resource("chair:1", "chair", tuple(spans))
    found = [
        slot.start
        for span in spans
        for slot in free_slots([span], [Need("chair", 0, 60)], [Resource("chair:1", "chair", (span,))], step_min=60, earliest=spans[0][0])
    ]
    expected = [datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)) for day in days for hour in range(8, 17)]
    assert [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in found] == [at.replace(tzinfo=None) for at in expected]
    assert found == [at.astimezone(UTC) for at in expected]
    assert len({(at - at.replace(tzinfo=ZoneInfo(zone))) for at in found}) >= 1
    offsets = {at.astimezone(ZoneInfo(zone)).utcoffset() for at in found}
    assert len(offsets) == 2  # both sides of both changes were walked
    assert chair.available[0] == spans[0]

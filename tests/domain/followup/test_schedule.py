"""The schedule over every hour, zone and day: what must hold whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from winddown.domain.followup import schedule
from winddown.domain.followup.schedule import Due, Home, packaged, slots
from winddown.domain.refusals import OutOfRange, UnknownWord

ZONES = ("America/New_York", "America/Los_Angeles", "Europe/Madrid", "Australia/Lord_Howe", "America/Phoenix", "Asia/Kathmandu")
OPENED = datetime(2026, 1, 5, 9, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(some.sampled_from(ZONES), some.integers(0, 23), some.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)))
def test_every_evening_is_its_own_day_at_the_hour_and_none_overlaps(zone, hour, ended):
    ended = ended.replace(tzinfo=UTC)
    found = slots(
        (Due("evening", "session", tuple(range(1, 15)), 1),), course_opened_at=ended, sessions_ended_at=[ended], home=Home(zone, hour)
    )
    there = [slot.opens_at.astimezone(ZoneInfo(zone)) for slot in found]
    assert [each.date() for each in there] == [ended.astimezone(ZoneInfo(zone)).date() + timedelta(days=n) for n in range(1, 15)]
    assert all(each.hour == hour or not _exists(each.date(), hour, zone) for each in there)
    for one, other in pairwise(found):
        assert one.closes_at == other.opens_at
        assert timedelta(hours=23) <= one.closes_at - one.opens_at <= timedelta(hours=25)


def _exists(day: date, hour: int, zone: str) -> bool:
    """Whether the clock there shows this hour on this day: asked of the calendar by going to UTC and back."""
    wall = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    return wall.astimezone(UTC).astimezone(ZoneInfo(zone)).hour == hour


def test_a_day_counts_from_an_infusion_only_until_the_next_one():
    first, second = OPENED + timedelta(days=3), OPENED + timedelta(days=8)
    found = slots(packaged("pain"), course_opened_at=OPENED, sessions_ended_at=[second, first], home=Home("UTC", 19))
    evenings = [(slot.opens_at - OPENED).days for slot in found if slot.form_set.key == "evening"]
    assert evenings[:6] == [4, 5, 6, 7, 9, 10]
    assert len(evenings) == len(set(evenings))


def test_a_missed_evening_is_missed_once_its_day_is_over_and_an_open_one_is_not():
    home = Home("UTC", 19)
    found = slots(packaged("pain"), course_opened_at=OPENED, sessions_ended_at=[OPENED], home=home)
    at = lambda day, hour: home.at(date(2026, 1, 5) + timedelta(days=day), hour)  # noqa: E731 - a short word for a moment
    assert schedule.missed(found, "mood", [at(1, 20)], at=at(3, 19)) == (at(2, 19),)
    assert schedule.missed(found, "pcl-5", [], at=at(90, 0)) == ()


@pytest.mark.parametrize(
    ("answered", "asked", "soon"),
    [
        ("2026-05-04 21:00", "2026-05-18 19:00", False),
        ("2026-05-05 07:00", "2026-05-18 19:00", True),
        ("2026-02-25 23:30", "2026-03-11 00:10", False),
    ],
)
def test_two_weeks_are_fourteen_of_the_patients_own_days(answered, asked, soon):
    zone = ZoneInfo("America/New_York")
    given_at, at = (datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) for text in (answered, asked))
    assert schedule.too_soon([given_at], 14, Home("America/New_York"), at=at) is soon


def test_a_form_that_was_never_allowed_to_be_asked_is_not_missing():
    home = Home("UTC", 19)
    rows = (Due("two_weeks", "session", (14, 28), 7),)
    found = slots(rows, course_opened_at=OPENED, sessions_ended_at=[OPENED], home=home)
    late = OPENED + timedelta(days=20)
    told = {"at": OPENED + timedelta(days=60), "home": home}
    everything = schedule.missed(found, "phq-9", [late], interval_days=0, **told)
    assert [slot.day for slot in found if slot.opens_at in everything] == [date(2026, 2, 2)]
    long = schedule.missed(found, "phq-9", [late], interval_days=30, **told)
    assert long == ()


def test_a_schedule_survives_being_stored_and_an_unknown_word_stops():
    for track in ("pain", "mood"):
        assert schedule.from_data(schedule.as_data(packaged(track))) == packaged(track)
        assert schedule.from_data(schedule.packaged_block(track)["rows"]) == packaged(track)
    row = {"form_set": "evening", "anchor": "session", "days": [1], "open_days": 1}
    for change in ({"form_set": "midnight"}, {"anchor": "moon"}, {"every_day": 3}):
        with pytest.raises(UnknownWord):
            schedule.from_data([row | change])
    for change in ({"days": [2, 1]}, {"days": []}, {"days": [-1]}, {"open_days": 0}, {"at_hour": 24}, {"until_day": 9999}):
        with pytest.raises(OutOfRange):
            schedule.from_data([row | change])
    with pytest.raises(UnknownWord):
        packaged("sleep")

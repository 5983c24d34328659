"""Feeds for other programs, arrival by three letters, and planned against used chair time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories.diary import open_diary
from winddown.domain.refusals import NotAllowed
from winddown.record.scope import at_practice

NOW = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def local(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.fixture
def clinic(urls):
    """The same hour on the wall a week before and a week after the clocks go back."""
    from winddown.services import booking

    house = factories.house(urls)
    with at_practice(house.id):
        house.kind = open_diary(house, date(2026, 10, 19), now=NOW)
        house.patient = factories.patient(house, now=NOW, family_name="Ketaminish")
        told = {"now": NOW, "by": house.front_desk, "patient": house.patient}
        house.rows = [booking.book(house.kind, house.location, start, **told) for start in (local(10, 27, 9), local(11, 3, 9))]
    return house


def instants(text: bytes) -> list[tuple[datetime, datetime]]:
    """A second reader: vobject, whose parser and zones are not icalendar's."""
    import vobject

    file = vobject.readOne(text.decode())
    return sorted((event.dtstart.value.astimezone(UTC), event.dtend.value.astimezone(UTC)) for event in file.vevent_list)


def test_two_readers_see_the_same_instants_on_both_sides_of_the_clock_change(clinic) -> None:
    from icalendar import Calendar

    from winddown.services import feeds

    with at_practice(clinic.id):
        feed = feeds.make(chair=clinic.chairs[0], by=clinic.front_desk, now=NOW)
        text = feeds.written(feed, now=NOW)
    expected = [(start, start + timedelta(minutes=90)) for start in (local(10, 27, 9), local(11, 3, 9))]
    events = Calendar.from_ical(text).walk("VEVENT")
    assert sorted((each.decoded("dtstart"), each.decoded("dtend")) for each in events) == expected
    assert instants(text) == expected
    assert [start.astimezone(NEW_YORK).hour for start, _end in expected] == [9, 9]
    for word in (b"Ketaminish", b"Infusion", b"nurse", b"patient"):
        assert word not in text


def test_a_persons_feed_has_their_visits_and_shifts_and_dies_when_taken_back(clinic) -> None:
    from winddown.services import feeds

    with at_practice(clinic.id):
        feed = feeds.make(staff=clinic.nurse, by=clinic.nurse, now=NOW)
        titles = [entry.title for entry in feeds.entries(feed, now=NOW)]
        assert (titles.count("Visit"), titles.count("Shift")) == (2, 20)
        with pytest.raises(NotAllowed):
            feeds.make(staff=clinic.nurse, by=clinic.front_desk, now=NOW)
        feeds.revoke(feed, by=clinic.nurse, now=NOW)
        with pytest.raises(NotAllowed) as refused:
            feeds.opened(feed.ref)
        assert refused.value.code == "link_gone"


def test_three_letters_at_the_door_mark_the_visit_of_now_and_no_other(clinic) -> None:
    from winddown.services import arrivals

    first, second = clinic.rows
    with at_practice(clinic.id):
        at = local(10, 27, 8)
        for wrong in ("", "AAA", arrivals.letters_of(second)):
            with pytest.raises(NotAllowed):
                arrivals.by_letters(clinic.location, wrong, now=at)
        assert arrivals.by_letters(clinic.location, arrivals.letters_of(first).lower(), now=at).status == "arrived"
        assert arrivals.by_letters(clinic.location, arrivals.letters_of(first), now=at).pk == first.pk
        with pytest.raises(NotAllowed):
            arrivals.by_link(second, now=at)


def test_a_check_in_at_the_chair_marks_the_booking_arrived(clinic) -> None:
    from winddown.services import sessions

    with at_practice(clinic.id):
        order = factories.order(clinic, clinic.patient, now=NOW)
        session = sessions.plan(order, clinic.chairs[0], local(10, 27, 9), minutes=60, by=clinic.nurse, now=NOW)
        sessions.check_in(session, by=clinic.nurse, now=local(10, 27, 9))
        clinic.rows[0].refresh_from_db()
        assert clinic.rows[0].status == "arrived"


def test_chair_time_counts_open_planned_and_used_by_week(clinic) -> None:
    from winddown.services import booking, chair_use, sessions

    with at_practice(clinic.id):
        order = factories.order(clinic, clinic.patient, now=NOW)
        session = sessions.plan(order, clinic.chairs[0], local(10, 27, 9), minutes=60, by=clinic.nurse, now=NOW)
        sessions.check_in(session, by=clinic.nurse, now=local(10, 27, 9))
        booking.cancel(clinic.rows[1], because="ill", now=NOW, by=clinic.front_desk)
        (monday, week), (_, after) = chair_use.weeks(clinic.location, date(2026, 10, 26), 2, now=local(10, 27, 11))
    assert monday == date(2026, 10, 26)
    # Two chairs, seven days of nine hours; one visit of an hour and a half, and two hours in the chair until now.
    assert (week.open_h, week.planned_h, week.used_h) == (126.0, 1.5, 2.0)
    assert (after.planned_h, after.used_h) == (0, 0)

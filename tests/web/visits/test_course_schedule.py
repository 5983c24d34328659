"""The schedule of a course: what stands, what is over and why, and the nearest free times that the protocol's spacing allows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories.diary import open_diary
from tests.web.people.desk import queries, signed_in, words_of
from winddown.domain.booking.series import Spacing, nearest
from winddown.record.models import Booking
from winddown.record.scope import at_practice
from winddown.services import booking, orders

NOW = datetime.now(tz=UTC)
MONDAY = NOW.date() + timedelta(days=7 - NOW.weekday())


def at(house, days: int, hour: int) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=days), time(hour), ZoneInfo(house.location.time_zone)).astimezone(UTC)


@pytest.fixture
def planned(house):
    """One visit moved by an hour, one cancelled with its reason, one missed."""
    with at_practice(house.id):
        house.kind = open_diary(house, MONDAY, now=NOW)
        patient = factories.patient(house, now=NOW)
        told = {"indication": "CRPS", "planned_sessions": 6, "by": house.prescriber, "now": NOW}
        house.course = orders.open_course(patient, factories.protocol(house, now=NOW), **told)
        told = {"now": NOW, "by": house.front_desk}
        made = [booking.book(house.kind, house.location, at(house, day, 9), patient=patient, **told) for day in (0, 1, 2)]
        booking.move(made[0], house.location, at(house, 0, 11), seen=made[0].version, **told)
        booking.cancel(made[1], because="a cold", **told)
        booking.cancel(made[2], because="did not come", kind="missed", **told)
    return house


def test_each_visit_stands_with_what_became_of_it(planned):
    page = words_of(signed_in(planned, "front_desk").get(f"/courses/{planned.course.ref}/schedule/"))
    lines = re.findall(r"<li class=\"wd-level-.*?</li>", page, re.DOTALL)
    assert ["booked" in lines[0], "11:00" in lines[0], "moved, at first" in lines[0]] == [True] * 3
    assert "a cold" in lines[1]
    assert "did not come" in lines[2]
    assert [re.search(r"vs-number\">(.)", line)[1] for line in lines] == ["1", "–", "–"]
    assert page.count('class="vs-open"') == planned.course.planned_sessions - 1
    assert planned.course.indication not in page


def test_an_open_visit_is_booked_with_one_tap_at_a_time_that_the_spacing_allows(planned):
    desk = signed_in(planned, "front_desk")
    page = desk.get(f"/courses/{planned.course.ref}/schedule/").content.decode()
    start = re.search(r'name="start" value="([^"]+)"', page)[1]
    told = {"patient": str(planned.course.patient.ref), "kind": planned.kind.key, "start": start}
    assert desk.post("/calendar/book/", told).status_code == 302
    with at_practice(planned.id):
        assert Booking.objects.filter(status="booked").count() == 2


def test_the_page_costs_the_same_with_one_visit_and_with_four(planned):
    desk, path = signed_in(planned, "front_desk"), f"/courses/{planned.course.ref}/schedule/"
    before = queries(desk, path)
    with at_practice(planned.id):
        for day in (3, 4, 7):
            booking.book(
                planned.kind, planned.location, at(planned, day, 9), now=NOW, by=planned.front_desk, patient=planned.course.patient
            )
    assert queries(desk, path) == before


def test_of_many_free_times_those_nearest_to_the_wish_are_named_and_none_too_soon():
    rule, before = Spacing(min_hours=24, max_days=14, wish_days=7), datetime(2026, 3, 2, 15, tzinfo=UTC)
    starts = [before + timedelta(hours=hours) for hours in (3, 24, 150, 168, 180, 400)]
    assert nearest(before, rule, starts, 3) == tuple(before + timedelta(hours=hours) for hours in (150, 168, 180))
    assert nearest(before, rule, starts[:1], 3) == ()

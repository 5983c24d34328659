"""The pages of the calendar as the front desk uses them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories.diary import open_diary
from tests.web.people.desk import queries, signed_in, words_of
from winddown.record.scope import at_practice


@pytest.fixture
def clinic(urls):
    house = factories.house(urls, chairs=3)
    now = datetime.now(tz=UTC)
    house.monday = now.date() + timedelta(days=7 - now.weekday())
    with at_practice(house.id):
        house.infusion = open_diary(house, house.monday, now=now, nurse_lanes=3)
        house.patient = factories.patient(house, now=now)
        factories.order(house, house.patient, now=now)
    house.desk = signed_in(house, "front_desk")
    return house


def at(clinic, hour: int, minute: int = 0, days: int = 0) -> datetime:
    zone = ZoneInfo(clinic.location.time_zone)
    day = clinic.monday + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def button(clinic, start: datetime) -> str:
    return f"{clinic.location.ref}|{start.isoformat()}"


def book(clinic, start: datetime, **more):
    told = {"kind": "infusion", "patient": str(clinic.patient.ref), "start": button(clinic, start)} | more
    return clinic.desk.post("/calendar/book/", told)


def bookings(clinic):
    from winddown.record.models import Booking

    with at_practice(clinic.id):
        return list(Booking.objects.order_by("span").select_related("location"))


def test_a_booked_visit_stands_in_the_day_of_its_chair(clinic) -> None:
    assert book(clinic, at(clinic, 10)).status_code == 302
    page = words_of(clinic.desk.get(f"/calendar/?day={clinic.monday}"))
    assert clinic.patient.name in page
    assert "10:00–11:30" in page
    assert 'rowspan="6"' in page


def test_who_may_not_read_names_sees_that_a_chair_is_taken_and_not_by_whom(clinic) -> None:
    book(clinic, at(clinic, 10))
    page = words_of(signed_in(clinic, "drug_officer").get(f"/calendar/?day={clinic.monday}"))
    assert "10:00–11:30" in page
    assert clinic.patient.family_name not in page


def test_a_time_that_was_taken_meanwhile_is_refused_in_words_and_what_was_typed_stays(clinic) -> None:
    for _ in range(3):
        assert book(clinic, at(clinic, 10)).status_code == 302
    answer = book(clinic, at(clinic, 10), patient="", name="Casey Invented", phone="555-0142")
    assert answer.status_code == 422
    page = words_of(answer)
    assert "No free chair and no free nurse at Sandusky at that time." in page or "No free chair" in page
    assert 'value="Casey Invented"' in page


@pytest.mark.parametrize("start", ["", "nonsense", "x|y", "00000000-0000-0000-0000-000000000000|2026-01-01T10:00:00+00:00"])
def test_a_booking_without_a_real_time_is_refused(clinic, start: str) -> None:
    answer = clinic.desk.post("/calendar/book/", {"kind": "infusion", "patient": str(clinic.patient.ref), "start": start})
    assert answer.status_code == 422
    assert "Choose one of the free times." in words_of(answer)


def test_a_series_is_booked_at_one_go_and_shows_its_rule(clinic) -> None:
    book(clinic, at(clinic, 9), series="1", count="6", anywhere="1")
    made = bookings(clinic)
    assert len(made) == 6
    page = words_of(clinic.desk.get(f"/bookings/{made[0].ref}/"))
    assert "Series of 6 visits" in page
    assert "The spacing keeps the protocol's rule." in page


def test_a_move_to_a_chair_goes_to_that_chair_and_a_stale_move_says_so(clinic) -> None:
    book(clinic, at(clinic, 9))
    (made,) = bookings(clinic)
    told = {"start": button(clinic, at(clinic, 13)), "chair": str(clinic.chairs[2].ref), "version": "0"}
    assert clinic.desk.post(f"/bookings/{made.ref}/move/", told).status_code == 302
    with at_practice(clinic.id):
        assert made.holds.get(active=True, kind="chair").chair == clinic.chairs[2]
    again = clinic.desk.post(f"/bookings/{made.ref}/move/", told | {"start": button(clinic, at(clinic, 15))})
    assert again.status_code == 422
    assert "Somebody moved this visit meanwhile." in words_of(again)


def test_a_cancelled_visit_keeps_its_reason_and_frees_its_time(clinic) -> None:
    book(clinic, at(clinic, 9))
    (made,) = bookings(clinic)
    assert clinic.desk.post(f"/bookings/{made.ref}/cancel/", {"because": ""}).status_code == 422
    clinic.desk.post(f"/bookings/{made.ref}/cancel/", {"because": "Patient is ill"})
    assert "Patient is ill" in words_of(clinic.desk.get(f"/bookings/{made.ref}/"))
    assert "rowspan" not in words_of(clinic.desk.get(f"/calendar/?day={clinic.monday}"))


def test_an_administrator_puts_people_on_shift_and_closes_a_place(clinic) -> None:
    admin = signed_in(clinic, "administrator")
    told = {"place": str(clinic.location.ref), "staff": clinic.nurse_2.pk, "role": "nurse", "lanes": "2", "weeks": "1"}
    shift = told | {"day": str(clinic.monday), "begins": "08:00", "ends": "12:00"}
    assert admin.post("/calendar/shifts/", shift).status_code == 302
    assert "is on another shift" in words_of(admin.post("/calendar/shifts/", shift))
    closure = {"place": str(clinic.location.ref), "first": f"{clinic.monday}T08:00", "last": f"{clinic.monday}T12:00", "words": "Training"}
    assert admin.post("/calendar/closures/", closure).status_code == 302
    assert "Closed 08:00–12:00: Training" in words_of(clinic.desk.get(f"/calendar/?day={clinic.monday}"))
    assert book(clinic, at(clinic, 9)).status_code == 422


def test_the_number_of_queries_does_not_grow_with_the_visits(clinic) -> None:
    paths = (f"/calendar/?day={clinic.monday}", f"/calendar/book/?day={clinic.monday}&kind=infusion")
    book(clinic, at(clinic, 8))
    few = [queries(clinic.desk, path) for path in paths]
    for hour in (8, 10, 12, 14):
        book(clinic, at(clinic, hour, 15))
    assert [queries(clinic.desk, path) for path in paths] == few

"""The pages of the calendar as the front desk uses them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from tests import factories
from tests.factories.diary import open_diary
from tests.web.people.desk import anyone, queries, signed_in, words_of
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


def test_an_infusion_leads_each_person_to_what_they_may_open(clinic) -> None:
    with at_practice(clinic.id):
        visit = factories.session(clinic, start=at(clinic, 10))
        own = reverse("patient_page", args=[visit.patient.ref])
    day = f"/calendar/?place={clinic.location.ref}&day={clinic.monday}"
    ways = {role: signed_in(clinic, role) for role in ("front_desk", "nurse", "administrator")}
    shown = {role: way.get(day).content.decode() for role, way in ways.items()}
    chart = reverse("session", args=[visit.ref])
    assert own in shown["front_desk"] and chart not in shown["front_desk"]
    assert ways["front_desk"].get(own).status_code == 200
    assert chart in shown["nurse"]
    assert chart not in shown["administrator"] and own not in shown["administrator"]


def test_a_time_that_was_taken_meanwhile_is_refused_in_words_and_what_was_typed_stays(clinic) -> None:
    for number in range(3):
        assert book(clinic, at(clinic, 10), patient="", name=f"Invented {number}").status_code == 302
    answer = book(clinic, at(clinic, 10), patient="", name="Casey Invented", phone="555-0142")
    assert answer.status_code == 422
    page = words_of(answer)
    assert "No free chair and no free nurse and no free prescriber at Sandusky at that time." in page
    assert 'value="Casey Invented"' in page


@pytest.mark.parametrize(
    "start",
    ["", "nonsense", "x|y", f"{'x' * 36}|2026-01-01T10:00:00+00:00", "00000000-0000-0000-0000-000000000000|2026-01-01T10:00:00+00:00"],
)
def test_a_booking_without_a_real_time_is_refused(clinic, start: str) -> None:
    answer = clinic.desk.post("/calendar/book/", {"kind": "infusion", "patient": str(clinic.patient.ref), "start": start})
    assert answer.status_code == 422
    assert "Choose one of the free times." in words_of(answer)
    assert clinic.desk.get(f"/calendar/book/?patient={'x' * 36}").status_code == 200


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
        assert book(clinic, at(clinic, hour, 15), patient="", name=f"Invented {hour}").status_code == 302
    assert [queries(clinic.desk, path) for path in paths] == few


def own_link(clinic) -> str:
    from winddown.services import links

    with at_practice(clinic.id):
        link = links.make(patient=clinic.patient, purpose="booking", now=datetime.now(tz=UTC), by=clinic.front_desk)
        return links.path_of(link)


def tomorrow(clinic) -> datetime:
    """A visit of tomorrow, whatever weekday: with a shift of its own."""
    from winddown.services import booking, calendar

    now = datetime.now(tz=UTC)
    start = (now + timedelta(hours=25)).replace(minute=0, second=0, microsecond=0)
    local = start.astimezone(ZoneInfo(clinic.location.time_zone)).replace(hour=10)
    with at_practice(clinic.id):
        if local.date() < clinic.monday:
            for person, role in ((clinic.nurse_2, "nurse"), (clinic.prescriber_2, "prescriber")):
                calendar.put_on_shift(
                    person, clinic.location, local.date(), time(8), time(17), role=role, lanes=2, by=clinic.administrator, now=now
                )
        booking.book(clinic.infusion, clinic.location, local, now=now, by=clinic.front_desk, patient=clinic.patient)
    return local


YES = {"fasting": "yes", "escort": "yes", "well": "yes", "escort_name": "Fictional Friend"}


def test_silence_the_evening_before_is_red_and_an_answer_by_link_is_not(clinic) -> None:
    start = tomorrow(clinic)
    list_of_the_day = f"/calendar/morning/?day={start.date()}"
    assert "no answer: ask about food, escort and health" in words_of(clinic.desk.get(list_of_the_day))
    phone, path = anyone(), own_link(clinic) + "booking/"
    assert "Three questions before you come" in words_of(phone.get(path))
    (made,) = bookings(clinic)
    assert phone.post(f"{path}{made.ref}/answer/", YES).status_code == 302
    page = words_of(clinic.desk.get(list_of_the_day))
    assert "no answer" not in page
    assert "Fictional Friend" in page
    phone.post(f"{path}{made.ref}/answer/", YES | {"well": "no"})
    assert "not well: call" in words_of(clinic.desk.get(list_of_the_day))


def test_an_answer_with_a_hole_is_refused_and_says_which(clinic) -> None:
    tomorrow(clinic)
    (made,) = bookings(clinic)
    answer = anyone().post(f"{own_link(clinic)}booking/{made.ref}/answer/", {"fasting": "yes"})
    assert answer.status_code == 422
    assert "Answer all three." in words_of(answer)


def test_a_patient_moves_and_cancels_by_link(clinic) -> None:
    book(clinic, at(clinic, 9, days=8))
    (made,) = bookings(clinic)
    phone, path = anyone(), own_link(clinic) + f"booking/{made.ref}/"
    offered = words_of(phone.get(f"{path}move/"))
    told = [f'value="{button(clinic, at(clinic, 13, days=days))}"' in offered for days in (4, 7, 8, 11, 14)]
    assert told == [False, True, True, True, False]
    assert phone.post(f"{path}move/", {"start": button(clinic, at(clinic, 13, days=8)), "version": "0"}).status_code == 302
    assert bookings(clinic)[0].span.lower == at(clinic, 13, days=8).astimezone(UTC)
    phone.post(f"{path}cancel/")
    assert bookings(clinic)[0].status == "cancelled"


def test_one_patients_link_shows_nothing_of_another(clinic) -> None:
    now = datetime.now(tz=UTC)
    with at_practice(clinic.id):
        other = factories.patient(clinic, now=now)
    book(clinic, at(clinic, 9, days=1), patient=str(other.ref))
    (made,) = bookings(clinic)
    phone, path = anyone(), own_link(clinic) + "booking/"
    assert "No visit is booked" in words_of(phone.get(path))
    for act in ("answer/", "cancel/", "move/", "visit.ics"):
        assert phone.post(f"{path}{made.ref}/{act}", YES).status_code == 404


def test_the_calendar_file_says_when_and_where_and_not_why(clinic) -> None:
    from icalendar import Calendar

    book(clinic, at(clinic, 9, days=1))
    (made,) = bookings(clinic)
    raw = anyone().get(f"{own_link(clinic)}booking/{made.ref}/visit.ics").content
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert event.decoded("dtstart") == made.span.lower
    assert event.decoded("dtend") == made.span.upper
    assert b"nfusion" not in raw.replace(clinic.practice.name.encode(), b"")
    assert clinic.patient.family_name.encode() not in raw


def test_the_morning_list_asks_a_fixed_number_of_questions(clinic) -> None:
    path = f"/calendar/morning/?day={clinic.monday}"
    book(clinic, at(clinic, 8))
    few = queries(clinic.desk, path)
    with at_practice(clinic.id):
        people = [factories.patient(clinic, now=datetime.now(tz=UTC)) for _ in range(3)]
    for place, person in enumerate(people):
        assert book(clinic, at(clinic, 10 + 2 * place), patient=str(person.ref)).status_code == 302
    assert queries(clinic.desk, path) == few

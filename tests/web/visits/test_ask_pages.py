"""The public edge of booking, asked by visitors: four questions, times of two places, one winner of fifty, nothing about others."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest

from tests import factories
from tests.factories.diary import open_diary
from tests.web.people.desk import anyone, queries, signed_in, words_of
from winddown.domain.booking import safety_questions
from winddown.record.scope import at_practice
from winddown.services import clock

NO = dict.fromkeys(safety_questions.QUESTIONS, "no")
CALLER = {"given_name": "Casey", "family_name": "Invented", "phone": "+1 419 555 0142"}


@pytest.fixture
def clinic(urls):
    from winddown.record.models import Practice
    from winddown.services import calendar

    house = factories.house(urls)
    now = clock.now()
    with at_practice(house.id):
        monday = now.date() + timedelta(days=14 - now.weekday())
        house.kind = open_diary(house, monday, now=now)
        house.kind.public = True
        house.kind.save(update_fields=["public"])
        house.slug = Practice.objects.get(pk=house.id).slug
        house.start = calendar.free(house.kind, [house.location], monday, 1, now=now)[house.location][4].start
    return house


def passed(clinic, visitor, answers=NO):
    """The address of the page of times, or the page that follows other answers."""
    return visitor.post(f"/clinic/{clinic.slug}/book/", answers)


def asked(clinic, visitor, url, number=0):
    told = CALLER | {"phone": f"+1 419 555 {number:04d}", "key": str(uuid4()), "pass": re.search("pass=([^&]+)", url)[1]}
    start = f"{clinic.location.ref}|{clinic.start.isoformat()}"
    return visitor.post(f"/clinic/{clinic.slug}/book/times/", told | {"start": start}, REMOTE_ADDR=f"192.0.2.{number % 250}")


def test_times_are_shown_only_after_four_answers_and_never_after_a_yes(clinic) -> None:
    visitor = anyone()
    bare = visitor.get(f"/clinic/{clinic.slug}/book/times/")
    assert (bare.status_code, bare["Location"]) == (302, f"/clinic/{clinic.slug}/book/")
    assert passed(clinic, visitor, {"pressure": "no"}).status_code == 422
    sent_on = passed(clinic, visitor, NO | {"psychosis": "yes"})
    assert sent_on.status_code == 200
    words = words_of(sent_on)
    assert "Somebody speaks with you first" in words
    assert 'name="start"' not in words
    assert "988" in words
    forged = re.search('name="pass" value="([^"]+)"', words)[1]
    told = CALLER | {"pass": forged, "key": str(uuid4()), "start": f"{clinic.location.ref}|{clinic.start.isoformat()}"}
    address = f"/clinic/{clinic.slug}/book/times/"
    for answer in (visitor.get(address, {"pass": forged}), visitor.post(address, told)):
        assert "Somebody speaks with you first" in words_of(answer)
        assert 'name="start"' not in words_of(answer)


def test_of_fifty_at_the_public_page_one_keeps_the_time_and_forty_nine_are_told(clinic) -> None:
    from django.db import connection

    from winddown.record.models import Booking

    url, together = passed(clinic, anyone())["Location"], Barrier(25)

    def visit(number: int):
        try:
            together.wait(timeout=60)
            return asked(clinic, anyone(), url, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(25) as pool:
        answers = list(pool.map(visit, range(50)))
    kept = [answer for answer in answers if answer.status_code == 302]
    told = [answer for answer in answers if answer.status_code == 422 and "That time is no longer free." in words_of(answer)]
    assert (len(kept), len(told)) == (1, 49)
    with at_practice(clinic.id):
        assert Booking.objects.filter(status="held").count() == 1


def test_the_kept_page_cannot_confirm_and_names_nobody(clinic) -> None:
    from winddown.record.models import Booking, Message

    visitor = anyone()
    kept = asked(clinic, visitor, passed(clinic, visitor)["Location"])
    page = words_of(visitor.get(kept["Location"]))
    assert "Invented" not in page
    assert visitor.post(kept["Location"].replace("/v/kept/", "/v/") + "confirm/").status_code == 404
    with at_practice(clinic.id):
        link = Message.objects.get(kind="visit_kept").link
    assert "Confirm your visit" in words_of(visitor.get(link))
    assert visitor.post(link + "confirm/").status_code == 302
    with at_practice(clinic.id):
        assert Booking.objects.get().status == "booked"
    assert "BEGIN:VEVENT" in words_of(visitor.get(link + "visit.ics"))
    assert visitor.post(link + "cancel/").status_code == 302
    assert "This visit is cancelled" in words_of(visitor.get(link))


def test_a_post_from_another_site_and_a_filled_trap_are_refused(clinic) -> None:
    visitor = anyone()
    assert visitor.post(f"/clinic/{clinic.slug}/book/", NO, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 422
    url = passed(clinic, visitor)["Location"]
    told = CALLER | {
        "pass": re.search("pass=([^&]+)", url)[1],
        "website": "spam",
        "start": f"{clinic.location.ref}|{clinic.start.isoformat()}",
    }
    assert visitor.post(f"/clinic/{clinic.slug}/book/times/", told).status_code == 422
    assert anyone().get("/clinic/no-such-clinic/book/").status_code == 404


def test_the_desk_opens_a_record_with_one_tap_and_answers_calls(clinic) -> None:
    from winddown.record.models import Booking, Patient, VisitRequest

    visitor, desk = anyone(), signed_in(clinic, "front_desk")
    asked(clinic, visitor, passed(clinic, visitor)["Location"])
    with at_practice(clinic.id):
        row = Booking.objects.get()
    page = words_of(desk.get(f"/bookings/{row.ref}/"))
    assert "Psychosis: No" in page
    desk.post(f"/bookings/{row.ref}/admit/", {"sex": "female", "birth_date": "1980-05-05"})
    with at_practice(clinic.id):
        assert Patient.objects.get(family_name="Invented").bookings.get() == row
    sealed = re.search('name="pass" value="([^"]+)"', words_of(passed(clinic, visitor, NO | {"pregnancy": "yes"})))[1]
    told = CALLER | {"pass": sealed, "key": str(uuid4()), "part": "soon", "family_name": "Notreal"}
    assert visitor.post(f"/clinic/{clinic.slug}/book/call/", told).status_code == 302
    calls = desk.get("/calendar/calls/")
    assert "Casey Notreal" in words_of(calls)
    with at_practice(clinic.id):
        call = VisitRequest.objects.get(task__isnull=False)
    desk.post(f"/calendar/calls/{call.ref}/", {"act": "take"})
    desk.post(f"/calendar/calls/{call.ref}/", {"act": "tried"})
    assert "tried, nobody answered" in words_of(desk.get("/calendar/calls/"))
    desk.post(f"/calendar/calls/{call.ref}/", {"act": "close", "outcome": "advised", "words": "comes in autumn"})
    assert "Nobody waits for a call" in words_of(desk.get("/calendar/calls/"))


def test_the_page_of_times_asks_a_fixed_number_of_questions(clinic) -> None:
    from winddown.record.models import Location
    from winddown.services import people

    visitor = anyone()
    url = passed(clinic, visitor)["Location"]
    before = queries(visitor, url)
    with at_practice(clinic.id):
        people.open_location(
            name="Elsewhere", time_zone="America/Chicago", chairs=["Chair 1", "Chair 2"], by=clinic.administrator, now=clock.now()
        )
        assert Location.objects.count() == 2
    assert queries(visitor, url) == before

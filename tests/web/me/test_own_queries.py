"""Lists of own pages and of the inbox ask the database the same number of questions, however long they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests import factories
from tests.factories import diary, own
from tests.web.me.own import signed_in_as
from tests.web.people.desk import queries, signed_in
from winddown.record.scope import at_practice
from winddown.services import booking, calendar, links, own_access, own_visits, threads

TOLD = {"fasting": "yes", "escort": "yes", "well": "yes"}


def test_a_longer_list_asks_no_more_questions(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        patient = factories.patient(house, now=now)
        access = own.access_of(house, patient, now=now)
        monday = now.date() + timedelta(days=7 - now.weekday())
        kind = diary.open_diary(house, monday, now=now, weeks=1)

    def more(day: int) -> None:
        with at_practice(house.id):
            slot = calendar.free(kind, [house.location], monday + timedelta(days=day), 1, now=now)[house.location][0]
            row = booking.book(kind, house.location, slot.start, now=now, by=house.front_desk, patient=patient)
            own_visits.answer(row, TOLD, now=now)
            note = threads.write(access, f"The {day}. message.", about="symptom", now=now)
            threads.write(access, "And more.", thread=note.thread, now=now)
            until = now.date() + timedelta(days=9)
            own_access.permit(access, name="Robin", email=f"robin.{day}.{house.id}@example.test", may=["visits"], until=until, now=now)

    more(0)
    browser, nurse = signed_in_as(house, access), signed_in(house, "nurse")
    with at_practice(house.id):
        link = links.path_of(links.make(patient=patient, purpose="booking", now=now, by=house.front_desk))
    mine = (f"{link}booking/", "/me/", "/me/visits/", "/me/messages/", "/me/helpers/", "/me/results/", "/me/given/", "/me/papers/")
    theirs = ("/messages/", f"/patients/{patient.ref}/own/")
    few = [queries(browser, path) for path in mine] + [queries(nurse, path) for path in theirs]
    more(1)
    more(2)
    assert [queries(browser, path) for path in mine] + [queries(nurse, path) for path in theirs] == few


def test_behind_a_locked_screen_the_inbox_that_follows_the_news_names_no_one(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        patient = factories.patient(house, now=now)
        threads.write(own.access_of(house, patient, now=now), "A fictional message.", about="symptom", now=now)
    nurse = signed_in(house, "nurse")
    assert patient.family_name in nurse.get("/messages/waiting/").content.decode()
    nurse.post("/lock/now/")
    locked = nurse.get("/messages/waiting/")
    assert (locked.status_code, locked.content) == (204, b"")

"""Somebody who is not a patient yet asks for a visit: a person first where an answer asks for it, one winner, no flood, no retyping."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories.diary import open_diary
from winddown.domain.booking import safety_questions
from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.scope import at_practice

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
MONDAY = date(2026, 6, 8)
NO = dict.fromkeys(safety_questions.QUESTIONS, "no")


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def contact(number: int = 1) -> dict[str, str]:
    from winddown.services import asking

    told = {"given_name": "Casey", "family_name": f"Invented{number}", "phone": f"+1419555{number:04d}", "language": "en"}
    return asking.contact_of(told)


@pytest.fixture
def clinic(urls):
    house = factories.house(urls)
    with at_practice(house.id):
        house.kind = open_diary(house, MONDAY, now=NOW)
        house.kind.public = True
        house.kind.save(update_fields=["public"])
    return house


def keep(clinic, start, number=1, **more):
    from winddown.services import asking

    told = {"answers": NO, "contact": contact(number), "source": f"network-{number}", "now": NOW, "key": uuid4()}
    return asking.keep_time(clinic.kind, clinic.location, start, **told | more)


@pytest.mark.parametrize("question", safety_questions.QUESTIONS)
def test_no_time_is_given_where_an_answer_asks_for_a_person(clinic, question) -> None:
    from winddown.record.models import Booking

    with at_practice(clinic.id):
        with pytest.raises(NotAllowed) as refused:
            keep(clinic, local(8, 9), answers=NO | {question: "unsure"})
        assert refused.value.code == "person_first"
        assert not Booking.objects.exists()


def test_a_kept_time_is_confirmed_by_its_link_and_lapses_without(clinic) -> None:
    from winddown.record.models import Message
    from winddown.services import asking, booking, calendar

    with at_practice(clinic.id):
        row = keep(clinic, local(8, 9))
        letter = Message.objects.get(kind="visit_kept")
        assert row.status == "held"
        assert letter.address == "+14195550001"
        assert "9:00" not in letter.words or "EDT" in letter.words
        late = NOW + timedelta(minutes=asking.KEPT_MIN + 1)
        with pytest.raises(NotAllowed):
            booking.confirm(row, now=late)
        free = calendar.free(clinic.kind, [clinic.location], MONDAY, 1, now=late)[clinic.location]
        assert local(8, 9) in [slot.start for slot in free]
        again = keep(clinic, local(8, 9), number=2, now=late)
        assert booking.confirm(again, now=late).status == "booked"
        assert Message.objects.filter(kind="visit_booked", state="waiting").count() == 1


def test_the_same_key_twice_is_one_visit_and_a_hidden_place_offers_none(clinic) -> None:
    from winddown.record.models import Booking
    from winddown.services import asking

    with at_practice(clinic.id):
        key = uuid4()
        assert keep(clinic, local(8, 9), key=key).pk == keep(clinic, local(8, 9), key=key).pk
        assert Booking.objects.count() == 1
        assert asking.places() == [clinic.location]
        clinic.location.bookable = False
        clinic.location.save(update_fields=["bookable"])
        assert asking.places() == []
        with pytest.raises(NotAllowed):
            keep(clinic, local(8, 11), number=2)


def test_one_network_one_person_and_all_together_are_held_below_a_flood(clinic) -> None:
    from winddown.services import asking

    with at_practice(clinic.id):
        keep(clinic, local(8, 8))
        keep(clinic, local(8, 10))
        with pytest.raises(NotAllowed) as refused:
            keep(clinic, local(8, 12))
        assert refused.value.code == "too_many"
        for number in range(2, asking.A_SOURCE_PER_HOUR + 2):
            asking.ask_to_be_called(
                clinic.location, "soon", answers=NO, contact=contact(number), source="one-network", now=NOW, key=uuid4()
            )
        with pytest.raises(NotAllowed):
            asking.ask_to_be_called(clinic.location, "soon", answers=NO, contact=contact(99), source="one-network", now=NOW, key=uuid4())


def test_a_start_that_is_not_offered_cannot_be_asked_for_by_hand(clinic) -> None:
    with at_practice(clinic.id):
        for start in (local(8, 9, 7), local(8, 6), local(13, 9)):
            with pytest.raises(Refusal) as refused:
                keep(clinic, start)
            assert refused.value.code == "time_taken"


def test_a_call_back_opens_one_task_due_in_the_wished_hours(clinic) -> None:
    from winddown.record.models import Task
    from winddown.services import asking

    with at_practice(clinic.id):
        key = uuid4()
        told = {"answers": NO | {"psychosis": "yes"}, "contact": contact(), "now": NOW, "key": key}
        row = asking.ask_to_be_called(clinic.location, "afternoon", **told)
        assert asking.ask_to_be_called(clinic.location, "afternoon", **told).pk == row.pk
        task = Task.objects.get(kind="visit_call_back")
        assert (row.call_from, task.due_at) == (local(1, 12), local(1, 17))
        assert "Casey" not in task.words


def test_who_asked_becomes_a_patient_with_what_was_told(clinic) -> None:
    from winddown.services import asking, booking

    with at_practice(clinic.id):
        row = booking.confirm(keep(clinic, local(8, 9)), now=NOW)
        patient = asking.admit(row, sex="female", birth_date=date(1980, 5, 5), by=clinic.front_desk, now=NOW)
        assert (patient.given_name, patient.family_name) == ("Casey", "Invented1")
        assert [fact.data["number"] for fact in patient.facts.filter(kind="phone")] == ["+14195550001"]
        row.refresh_from_db()
        assert row.patient == patient
        assert asking.answers_of(row).patient == patient


def test_the_telephone_asks_for_the_clinician_who_agreed(clinic) -> None:
    from winddown.services import asking

    with at_practice(clinic.id):
        told = {"answers": NO | {"pregnancy": "unsure"}, "contact": contact(), "by": clinic.front_desk, "now": NOW}
        with pytest.raises(NotAllowed):
            asking.book_by_telephone(clinic.kind, clinic.location, local(8, 9), key=uuid4(), **told)
        row = asking.book_by_telephone(clinic.kind, clinic.location, local(8, 9), key=uuid4(), although="Nurse A spoke with her", **told)
        assert row.status == "booked"
        assert asking.answers_of(row).answers["agreed"] == "Nurse A spoke with her"

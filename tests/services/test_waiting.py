"""A freed time goes to those who wait: in turn, a few at once, the first yes wins, and what is not answered goes to the next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from tests.factories.diary import open_diary
from winddown.domain.booking import wishes
from winddown.domain.refusals import NotAllowed
from winddown.record.scope import at_practice

NOW = datetime(2026, 6, 1, 14, 0, tzinfo=UTC)
MONDAY = date(2026, 6, 8)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


@pytest.fixture
def clinic(urls):
    """A day with one nurse; at nine somebody is booked, and five people wait for any time."""
    from winddown.services import booking, waiting

    house = factories.house(urls)
    with at_practice(house.id):
        house.kind = open_diary(house, MONDAY, now=NOW)
        house.booked = booking.book(house.kind, house.location, local(8, 9), now=NOW, by=house.front_desk, contact={"name": "Casey"})
        for number in range(5):
            contact = {"name": f"Waiting {number}", "phone": f"+1419555010{number}", "language": "en"}
            waiting.wish(house.kind, until=date(2026, 7, 1), by=house.front_desk, now=NOW + timedelta(minutes=number), contact=contact)
    return house


def test_a_cancelled_visit_is_offered_to_three_and_the_first_yes_wins(clinic) -> None:
    from winddown.record.models import Booking, Message, Offer
    from winddown.services import booking, waiting

    with at_practice(clinic.id):
        booking.cancel(clinic.booked, because="ill", now=NOW, by=clinic.front_desk)
        made = waiting.freed_by(clinic.booked, now=NOW)
        assert [waiting.who(each.wish) for each in made] == ["Waiting 0", "Waiting 1", "Waiting 2"]
        assert Message.objects.filter(kind="visit_offer").count() == wishes.AT_ONCE
        won = waiting.take(made[1], now=NOW + timedelta(minutes=5))
        assert (won.span.lower, won.contact["name"], won.status) == (local(8, 9), "Waiting 1", "booked")
        assert waiting.take(made[1], now=NOW + timedelta(minutes=6)) == won
        with pytest.raises(NotAllowed) as refused:
            waiting.take(made[0], now=NOW + timedelta(minutes=6))
        assert refused.value.code == "offer_taken"
        assert sorted(Offer.objects.values_list("status", flat=True)) == ["lost", "lost", "taken"]
        assert Booking.objects.filter(status="booked").count() == 1
        assert not waiting.offer(clinic.location, local(8, 9), now=NOW + timedelta(minutes=7))


def test_what_nobody_answers_expires_and_goes_to_the_next_and_never_twice_to_one(clinic) -> None:
    from winddown.record.models import Freed, Offer
    from winddown.services import booking, waiting

    with at_practice(clinic.id):
        booking.cancel(clinic.booked, because="ill", now=NOW, by=clinic.front_desk)
        first = waiting.freed_by(clinic.booked, now=NOW)
        assert waiting.go_on(now=NOW + timedelta(minutes=29)) == 0
        assert waiting.go_on(now=NOW + timedelta(minutes=30)) == 2
        with pytest.raises(NotAllowed):
            waiting.take(first[0], now=NOW + timedelta(minutes=31))
        assert sorted(waiting.who(each.wish)[-1] for each in Offer.objects.filter(status="open").select_related("wish")) == ["3", "4"]
        assert waiting.go_on(now=NOW + timedelta(minutes=61)) == 0
        assert Freed.objects.get().status == "nobody"


def test_an_offer_of_the_night_lasts_until_it_can_have_been_read(clinic) -> None:
    from winddown.services import booking, waiting

    night = datetime(2026, 6, 2, 3, 0, tzinfo=UTC)  # eleven in the evening there
    with at_practice(clinic.id):
        booking.cancel(clinic.booked, because="ill", now=night, by=clinic.front_desk)
        made = waiting.freed_by(clinic.booked, now=night)
        assert made[0].expires_at == local(2, 8, 30)


def test_two_who_say_yes_in_the_same_instant_are_one_booking(clinic) -> None:
    from django.db import connection

    from winddown.record.models import Booking
    from winddown.services import booking, waiting

    with at_practice(clinic.id):
        booking.cancel(clinic.booked, because="ill", now=NOW, by=clinic.front_desk)
        made = waiting.freed_by(clinic.booked, now=NOW)
    together = Barrier(3)

    def say_yes(offer) -> str:
        try:
            together.wait(timeout=30)
            with at_practice(clinic.id):
                waiting.take(offer, now=NOW + timedelta(minutes=1))
            return "mine"
        except NotAllowed as why:
            return why.code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(say_yes, made)) == ["mine", "offer_taken", "offer_taken"]
    with at_practice(clinic.id):
        assert Booking.objects.filter(status="booked").count() == 1

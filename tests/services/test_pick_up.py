"""The escort of a visit is told once when to come, once more when it moves, and never a clinical word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests import factories
from tests.factories import visit
from winddown.record.models import Message
from winddown.record.scope import at_practice
from winddown.services import bedside, infusion, pick_up

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
def running(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT - timedelta(hours=1))
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
    return session


def messages_of(house):
    with at_practice(house.id):
        return [(row.kind, row.address, row.words) for row in Message.objects.order_by("id")]


def look(house, minutes):
    return pick_up.look(house.id, now=AT + timedelta(minutes=minutes))


def test_the_escort_hears_once_and_once_more_when_it_moves(house, running):
    with at_practice(house.id):
        bedside.record(running, "escort_named", {"name": "Kim", "phone": "419 555 0101", "language": "en"}, by=house.nurse, now=AT)
    for minutes in range(0, 36, 4):
        look(house, minutes)
    [(kind, address, words)] = messages_of(house)
    assert (kind, address) == ("pick_up", "+14195550101")
    assert not any(word in words.lower() for word in ("ketamine", "infusion", "patient", "discharge"))
    with at_practice(house.id):
        infusion.hold(running, because="a fictional reason", by=house.nurse, now=AT + timedelta(minutes=37))
    assert look(house, 38) == 0
    with at_practice(house.id):
        infusion.resume(running, Decimal("52.5"), by=house.nurse, now=AT + timedelta(minutes=75))
    for minutes in range(76, 90, 4):
        look(house, minutes)
    assert [kind for kind, _address, _words in messages_of(house)] == ["pick_up", "pick_up_moved"]
    assert len({words.split(" from about ")[1].split(".")[0] for _kind, _address, words in messages_of(house)}) == 2


def test_without_a_number_nobody_is_written_to(house, running):
    with at_practice(house.id):
        bedside.record(running, "escort_named", {"name": "Kim", "phone": "at home"}, by=house.nurse, now=AT)
    look(house, 30)
    assert messages_of(house) == []


def test_the_escort_is_written_to_in_the_language_that_was_said_for_them(house, running):
    with at_practice(house.id):
        told = {"name": "Kim", "phone": "419 555 0101", "language": "es"}
        bedside.record(running, "escort_named", told, by=house.nurse, now=AT)
    for minutes in range(0, 36, 8):
        look(house, minutes)
    assert ["por favor" in words for _kind, _address, words in messages_of(house)] == [True]

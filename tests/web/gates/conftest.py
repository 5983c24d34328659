"""A visit that has just been checked in, and people at their screens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import factories
from tests.factories import visit
from winddown.record.models import Account, Session, SessionEvent
from winddown.record.scope import at_practice
from winddown.services import bags, gates, patients, sessions

HX = {"HTTP_HX_REQUEST": "true"}


class Screen:
    """One person signed in, looking at one visit."""

    def __init__(self, house, session, role: str) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="localhost")
        self.house, self.session = house, session
        self.client.force_login(Account.objects.get(email=house.emails[role]))

    def address(self, room: str) -> str:
        return f"/sessions/{self.session.ref}/{room}/"

    def see(self, room: str = "start-gate"):
        return self.client.get(self.address(room))

    def act(self, name: str, /, *, room: str = "start-gate", part: bool = True, key=None, **fields):
        """Post one act as the page does; with scripts unless told otherwise."""
        told = {"act": name, "slot": name, "key": str(key or uuid4()), **fields}
        return self.client.post(self.address(room), told, **(HX if part else {}))

    def second(self, role: str = "nurse_2", pin: str = factories.PIN) -> dict[str, str]:
        return {"second": str(self.house.staff[role].ref), "second_pin": pin}

    def story(self) -> list[str]:
        with at_practice(self.house.id):
            return list(SessionEvent.objects.filter(session=self.session).order_by("id").values_list("kind", flat=True))

    def last(self, kind: str) -> dict:
        with at_practice(self.house.id):
            return SessionEvent.objects.filter(session=self.session, kind=kind).order_by("-id").first().data

    def status(self) -> str:
        with at_practice(self.house.id):
            return Session.objects.get(pk=self.session.pk).status

    def line(self, key: str):
        """One line of the start gate, asked of the service and not of the page."""
        with at_practice(self.house.id):
            session = Session.objects.get(pk=self.session.pk)
            return next(line for line in gates.start_lines(session, now=datetime.now(tz=UTC)) if line.key == key)


@pytest.fixture
def now():
    return datetime.now(tz=UTC)


@pytest.fixture
def checked_in(house, now):
    with at_practice(house.id):
        session = factories.session(house, start=now, now=now - timedelta(hours=1))
        patients.sign_consent(
            session.patient, signed_on=now.date(), expires_on=now.date() + timedelta(days=90), words="on paper", by=house.nurse, now=now
        )
        visit.screened(house, session, now)
        sessions.check_in(session, by=house.nurse, now=now)
    return session


@pytest.fixture
def nurse(house, checked_in):
    return Screen(house, checked_in, "nurse")


@pytest.fixture
def bag(house, checked_in, now):
    with at_practice(house.id):
        return bags.make(checked_in, visit.BAG, by=house.nurse, second=house.nurse_2, now=now)


@pytest.fixture
def recovering(house, now):
    """An infusion that ended 70 minutes ago."""
    at = now - timedelta(minutes=110)
    with at_practice(house.id):
        from winddown.services import infusion

        session = factories.session(house, start=at, now=at - timedelta(hours=1))
        visit.make_ready(house, session, at - timedelta(minutes=10))
        visit.start(house, session, at)
        infusion.finish(session, "infusion_completed", by=house.nurse, now=at + timedelta(minutes=40))
    return session


@pytest.fixture
def at_recovery(house, recovering):
    return Screen(house, recovering, "nurse")

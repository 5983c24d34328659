"""A browser that is signed in to own pages, and the links that were put into the outbox."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.web.people.desk import anyone
from winddown.record.models import Message, OwnAccess
from winddown.record.scope import at_practice
from winddown.services import own_access, own_sign_in
from winddown.web import own_door


def newest_link(house: Any, email: str) -> str:
    """The path of the newest one-time link that is on its way to this address."""
    with at_practice(house.id):
        message = Message.objects.filter(address=email, kind__in=("own_invite", "sign_in")).order_by("-id").first()
        return message.link if message else ""


def links_to(house: Any, email: str) -> int:
    with at_practice(house.id):
        return Message.objects.filter(address=email, kind__in=("own_invite", "sign_in")).count()


def invited(house: Any, patient: Any, email: str) -> OwnAccess:
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        return own_access.invite(patient, email=email, by=house.nurse, now=now)


def signed_in_as(house: Any, access: OwnAccess) -> Any:
    """A browser with a standing sign-in of this address, proven before."""
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        OwnAccess.objects.filter(pk=access.pk, proven_at__isnull=True).update(proven_at=now)
        session = own_sign_in.begin(access, how="link", browser="phone", now=now)
    client = anyone()
    client.cookies[own_door.COOKIE] = own_sign_in.token_of(session)
    return client


def patient_with_pages(house: Any, patient: Any, email: str) -> Any:
    return signed_in_as(house, invited(house, patient, email))

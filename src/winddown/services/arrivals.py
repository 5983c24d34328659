"""Arrival without a word at the desk: by the visit's own link, or by three letters at the door of the place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from winddown.domain.booking import arrival
from winddown.domain.refusals import NotAllowed
from winddown.record.models import Booking, Location
from winddown.services import booking


def letters_of(row: Booking) -> str:
    """This visit's letters; another visit of the same person has others."""
    return arrival.letters(salted_hmac("winddown.services.arrivals", str(row.ref), algorithm="sha256").digest())


def may_arrive(row: Booking, *, now: datetime) -> bool:
    return row.status == "booked" and arrival.may_arrive(row.span.lower, at=now)


@transaction.atomic
def by_link(row: Booking, *, now: datetime, key: UUID | None = None) -> Booking:
    """The bearer of the visit's link is at the place. Refuses far from the time of the visit."""
    if row.status != "arrived" and not may_arrive(row, now=now):
        raise NotAllowed(
            because="This visit is not at this time.", way_out="Speak with the front desk, or call the clinic.", code="not_now"
        )
    return booking.arrive(row, by=None, now=now, key=key)


@transaction.atomic
def by_letters(place: Location, text: str, *, now: datetime) -> Booking:
    """Whoever of today's expected typed these letters. Nothing is said about anybody else: unknown, over and twice are one answer."""
    wanted = arrival.typed(text)
    day = (now - arrival.AFTER, now + arrival.BEFORE)
    rows = Booking.objects.filter(location=place, status__in=("booked", "arrived"), span__startswith__range=day)
    found = [row for row in rows if wanted and letters_of(row) == wanted]
    if len(found) != 1:
        raise NotAllowed(
            because="These letters are not of a visit at this time.",
            way_out="Check them in your message, or speak with the front desk.",
            code="letters_unknown",
            where="letters",
        )
    return booking.arrive(found[0], by=None, now=now)

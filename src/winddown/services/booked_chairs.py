"""What a visit at the chair does to the calendar: it sits on its booking or holds a chair, arrives with it, and frees it at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from winddown.record.models import Booking, Hold, Session, Staff
from winddown.record.models.booking import STANDING
from winddown.services import booking

OVER = ("discharged", "abandoned")


@dataclass(frozen=True)
class Mended:
    """Visits that were planned before chairs were held: how many hold theirs now, and which cannot because another visit stands there."""

    held: int
    in_the_way: tuple[str, ...]


def mend(*, now: datetime) -> Mended:
    """Give every visit that is not over its chair, once. One that overlaps another is named and left for a person to move."""
    held, in_the_way = 0, []
    without = Session.objects.filter(planned__endswith__gt=now, holds__isnull=True, booking__isnull=True).exclude(status__in=OVER)
    for session in without.select_related("chair", "location", "patient").order_by("planned", "id"):
        try:
            with transaction.atomic():
                take_chair(session)
        except IntegrityError:
            in_the_way.append(str(session.ref))
        else:
            held += 1
    return Mended(held, tuple(in_the_way))


def take_chair(session: Session) -> None:
    """The visit sits on the patient's own booking for that time, or holds its chair itself. Raises IntegrityError where another stands."""
    own = Booking.objects.filter(patient=session.patient, location=session.location, status__in=STANDING, session__isnull=True)
    row = own.filter(span__overlap=session.planned).order_by("span").first()
    if row is None:
        Hold(session=session, kind="chair", chair=session.chair, span=session.planned).save()
        return
    row.session = session
    row.save(update_fields=["session"])
    change_chair(session)


def change_chair(session: Session) -> None:
    """The hold goes with the visit to its new chair. Raises IntegrityError when that one is held for somebody else."""
    for hold in Hold.objects.filter(kind="chair", active=True).filter(Q(session=session) | Q(booking__session=session)):
        hold.active = False
        hold.save(update_fields=["active"])
        Hold(session_id=hold.session_id, booking_id=hold.booking_id, kind="chair", chair=session.chair, span=hold.span).save()


def arrived_with(session: Session, *, by: Staff, now: datetime) -> None:
    """Who is checked in at the chair has arrived: the booking says so too."""
    row = Booking.objects.filter(session=session, status__in=("held", "booked")).first()
    if row is not None:
        booking.arrive(row, by=by, now=now)


def release_visit(session: Session) -> None:
    """The visit is over: what it or its booking held is free."""
    Hold.objects.filter(session=session, active=True).update(active=False)
    Hold.objects.filter(booking__session=session, active=True).update(active=False)

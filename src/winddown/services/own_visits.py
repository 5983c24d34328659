"""What a patient may do about a visit by link: answer the evening before, cancel, move. The same verbs as the desk's, within the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from winddown.domain.refusals import Missing, NotAllowed, OutOfRange
from winddown.domain.words import uncut
from winddown.record.models import Booking, BookingAct, Location, Patient
from winddown.record.models.booking import STANDING
from winddown.services import audit, booking, calendar, waiting
from winddown.services.announcements import News, announce

ASKED_BEFORE = timedelta(hours=36)
QUESTIONS = ("fasting", "escort", "well")
NOTICE = timedelta(hours=24)
OFFERED_DAYS, OFFERED_BEFORE = 7, timedelta(days=2)


@dataclass(frozen=True)
class OwnVisit:
    """A visit as its patient may see it. answer: the newest of the evening before; asked: whether its questions are open."""

    row: Booking
    answer: BookingAct | None
    asked: bool
    may_change: bool


def coming(patient: Patient, *, now: datetime) -> list[Booking]:
    """The visits that stand, the next first. A time that was kept until a moment and not confirmed by then is nobody's."""
    rows = Booking.objects.filter(patient=patient, status__in=STANDING, span__endswith__gt=now)
    return list(rows.exclude(status="held", held_until__lte=now).select_related("visit_type", "location").order_by("span"))


def seen(patient: Patient, *, now: datetime) -> list[OwnVisit]:
    """The visits that stand with what may be done about them. Two queries, however many they are."""
    rows = coming(patient, now=now)
    answers = answers_of(rows)
    return [OwnVisit(row, answers.get(row.pk), is_asked(row, now=now), may_change(row, now=now)) for row in rows]


def is_lapsed(row: Booking, *, now: datetime) -> bool:
    """A time that was kept for somebody and not confirmed by then."""
    return row.status == "lapsed" or (row.status == "held" and row.held_until is not None and row.held_until <= now)


def is_asked(row: Booking, *, now: datetime) -> bool:
    """The questions of the evening before are open from a day and a half before the visit until it begins."""
    return row.span.lower - ASKED_BEFORE <= now < row.span.lower


def may_change(row: Booking, *, now: datetime) -> bool:
    """A visit that stands and begins after the notice that its kind, or else the house, asks for."""
    return row.status in ("held", "booked") and not is_lapsed(row, now=now) and row.span.lower - now >= _notice(row)


def free_days(row: Booking, *, now: datetime) -> dict[date, list[datetime]]:
    """Where the visit may be moved to: the free starts of a week from two days before it, after the notice, by the place's own day."""
    zone = ZoneInfo(row.location.time_zone)
    earliest = now + _notice(row)
    first = max(row.span.lower - OFFERED_BEFORE, earliest).astimezone(zone).date()
    days: dict[date, list[datetime]] = {}
    for slot in calendar.free(row.visit_type, [row.location], first, OFFERED_DAYS, now=earliest)[row.location]:
        start = slot.start.astimezone(zone)
        days.setdefault(start.date(), []).append(start)
    return days


def answers_of(rows: Iterable[Booking]) -> dict[int, BookingAct]:
    """The newest answer of the evening before for each of these visits that has one, by the visit's id. One query."""
    return {act.booking_id: act for act in BookingAct.objects.filter(booking__in=list(rows), kind="answered").order_by("id")}


def answered(row: Booking) -> BookingAct | None:
    """The newest answer of the evening before."""
    return row.acts.filter(kind="answered").last()


@transaction.atomic
def answer(row: Booking, told: Mapping[str, str], *, now: datetime, key: UUID | None = None) -> BookingAct:
    """Fasting, escort and well-being as the patient says. Kept whatever it says; a new answer counts instead of the one before."""
    known = BookingAct.objects.filter(ref=key).first() if key else None
    if known is not None:
        return known
    for question in QUESTIONS:
        if told.get(question) not in ("yes", "no"):
            raise Missing(
                because="One of the three answers is missing.", way_out="Answer all three.", code="answer_missing", where=question
            )
    data = {name: uncut(told.get(name, ""), 120, where=name) for name in (*QUESTIONS, "escort_name", "escort_phone")}
    act = BookingAct(ref=key or uuid4(), booking=row, kind="answered", at=now, data=data)
    act.save()
    audit.note("booking answered", by=None, now=now, patient=row.patient, subject=str(row.ref))
    announce(News("booking", now, body={"location": str(row.location.ref), "booking": str(row.ref), "status": row.status}))
    return act


@transaction.atomic
def cancel(row: Booking, *, now: datetime, key: UUID | None = None) -> Booking:
    _require_time(row, now)
    over = booking.cancel(row, because="by the patient", now=now, key=key)
    waiting.freed_by(over, now=now)
    return over


@transaction.atomic
def move(row: Booking, location: Location, start: datetime, *, now: datetime, seen: int, key: UUID | None = None) -> Booking:
    """Refuses a time that is too near, and one that would break the spacing of a series: that is the clinic's to decide."""
    _require_time(row, now)
    moved, findings = booking.move(row, location, start, now=now, by=None, seen=seen, key=key)
    if findings:
        raise OutOfRange(
            because=f"That time does not fit your series. {findings[0].because}",
            way_out="Choose a time nearer to the old one, or call the clinic.",
            code="spacing",
            where="start",
        )
    return moved


def _notice(row: Booking) -> timedelta:
    return max(NOTICE, timedelta(hours=row.visit_type.notice_hours))


def _require_time(row: Booking, now: datetime) -> None:
    if not may_change(row, now=now):
        hours = _notice(row) // timedelta(hours=1)
        raise NotAllowed(
            because=f"This visit is over, or begins in less than {hours} hours.", way_out="Call the clinic.", code="visit_too_near"
        )

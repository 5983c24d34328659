"""The wait list: a time that becomes free is offered by message to those whom it suits, a few at a time; the first yes gets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from winddown.domain.booking import wishes
from winddown.domain.booking.hours import zone_of
from winddown.domain.booking.slots import serve_at
from winddown.domain.days import in_words
from winddown.domain.messages import tries
from winddown.domain.refusals import Missing, NotAllowed
from winddown.domain.words import uncut
from winddown.record.models import Booking, Freed, Location, Offer, Patient, Staff, VisitType, WaitWish
from winddown.record.models.booking import STANDING
from winddown.services import audit, booking, calendar, messages, permissions, secret_addresses
from winddown.services.announcements import News, announce
from winddown.services.messages import Contact


@transaction.atomic
def wish(
    kind: VisitType,
    *,
    until: date,
    by: Staff,
    now: datetime,
    patient: Patient | None = None,
    contact: Mapping[str, str] | None = None,
    replaces: Booking | None = None,
    priority: int = 2,
    places: Sequence[Location] = (),
    weekdays: Sequence[int] = (),
    earliest: time = time(0),
    latest: time = time(23, 59),
    words: str = "",
    key: UUID | None = None,
) -> WaitWish:
    """Somebody waits for an earlier or better time. `replaces` is the visit given up when they get one."""
    permissions.require(by, "booking.write")
    known: WaitWish | None = WaitWish.objects.filter(ref=key).first() if key else None
    if known is not None:
        return known
    if patient is None and not (contact or {}).get("name"):
        raise Missing(because="No patient and no name.", way_out="Choose a patient, or write the name.", code="who_missing", where="name")
    if until < now.date():
        raise Missing(because=f"{in_words(until)} is past.", way_out="Choose a later day.", code="until_past", where="until")
    row = WaitWish(
        ref=key or uuid4(),
        patient=patient,
        contact=dict(contact or {}),
        visit_type=kind,
        replaces=replaces,
        priority=priority,
        places=[str(place.ref) for place in places],
        weekdays=sorted(weekdays),
        earliest=earliest,
        latest=latest,
        until=until,
        words=uncut(words, 200),
        created_at=now,
        by=by,
    )
    _as_domain(row)
    row.save()
    audit.note("put on wait list", by=by, now=now, patient=patient, subject=str(row.ref))
    return row


@transaction.atomic
def withdraw(row: WaitWish, *, by: Staff, now: datetime) -> None:
    """No longer waiting. Offers that are out to this person count no more."""
    permissions.require(by, "booking.write")
    _end(row, "withdrawn", now=now)
    audit.note("take off wait list", by=by, now=now, patient=row.patient, subject=str(row.ref))


def fitting(location: Location, start: datetime, *, now: datetime) -> list[WaitWish]:
    """Those who wait, whom this time suits and who could be served then, in the order in which they are asked."""
    rows = {row.pk: row for row in _waiting(now) if row.patient_id is None or not _is_there(row, start)}
    found = [rows[each.key] for each in wishes.in_turn(map(_as_domain, rows.values()), str(location.ref), location.time_zone, start)]
    day = start.astimezone(zone_of(location.time_zone)).date()
    _, resources = calendar.resources_of([location], day, 1, now=now)
    return [row for row in found if serve_at(start, calendar.needs_of(row.visit_type), resources[location.pk]) is not None]


@transaction.atomic
def offer(location: Location, start: datetime, *, now: datetime, by: Staff | None = None) -> list[Offer]:
    """Offer a free time to the next few on the list; nobody is asked twice. Empty when it suits nobody or is too near.

    Once offered, the rounds go on by themselves until somebody takes it, the list ends, or the time is too near.
    """
    if by is not None:
        permissions.require(by, "booking.write")
    # No message leaves at night: the half hour begins when it can be read.
    expires_at = wishes.offer_ends(start, at=tries.by_day(now, location.time_zone))
    if expires_at is None:
        return []
    freed = Freed.objects.select_for_update().filter(location=location, start=start, status="open").first()
    if freed is not None and freed.offers.filter(status="open", expires_at__gt=now).exists():
        return []
    asked = set(freed.offers.values_list("wish_id", flat=True)) if freed else set()
    turn = [row for row in fitting(location, start, now=now) if row.pk not in asked][: wishes.AT_ONCE]
    if freed is None and turn:
        freed = Freed(location=location, start=start, created_at=now, by=by)
        freed.save()
    if freed is not None and not turn:
        _close(freed, "nobody", now=now)
    return [_make(freed, row, expires_at, now=now) for row in turn] if freed else []


def freed_by(row: Booking, *, now: datetime) -> list[Offer]:
    """A visit was cancelled: its time is offered at once."""
    return offer(row.location, row.span.lower, now=now) if row.span.lower > now else []


@transaction.atomic
def take(row: Offer, *, now: datetime) -> Booking:
    """Yes. The first one gets the time; the database decides between two in the same instant.

    Refuses an offer that expired or was taken by somebody else, and says so.
    """
    freed = Freed.objects.select_for_update().select_related("location").get(pk=row.freed_id)
    row = Offer.objects.select_related("wish__patient", "wish__visit_type", "wish__replaces").get(pk=row.pk)
    if row.status == "taken" and row.booking is not None:
        return row.booking
    if freed.status != "open":
        raise NotAllowed(because="Somebody else was faster.", way_out="You stay on the list.", code="offer_taken")
    if row.status != "open" or row.expires_at <= now:
        raise NotAllowed(because="This offer has ended.", way_out="You stay on the list.", code="offer_over")
    old, waits = row.wish.replaces, row.wish
    left = None
    if old is not None and old.status in ("held", "booked"):
        left = (old.location, old.span.lower)
        made, _findings = booking.move(old, freed.location, freed.start, now=now, by=None, seen=old.version)
    else:
        made = booking.book(waits.visit_type, freed.location, freed.start, now=now, patient=waits.patient, contact=waits.contact)
    row.status, row.answered_at, row.booking = "taken", now, made
    try:
        with transaction.atomic():
            row.save(update_fields=["status", "answered_at", "booking"])
    except IntegrityError as why:
        raise NotAllowed(because="Somebody else was faster.", way_out="You stay on the list.", code="offer_taken") from why
    _close(freed, "taken", now=now)
    waits.booking = made
    waits.save(update_fields=["booking"])
    _end(waits, "booked", now=now)
    if left is not None:
        offer(*left, now=now)
    return made


@transaction.atomic
def decline(row: Offer, *, now: datetime) -> None:
    """No, thank you; the person keeps waiting. When all have said no, the next are asked at once."""
    if row.status != "open":
        return
    _answer(row, "declined", now=now)
    if not row.freed.offers.filter(status="open", expires_at__gt=now).exists() and row.freed.status == "open":
        offer(row.freed.location, row.freed.start, now=now)


def go_on(*, now: datetime) -> int:
    """The clock's part: offers that ended are closed, and the next on the list are asked. How many were asked."""
    asked = 0
    for row in Offer.objects.filter(status="open", expires_at__lte=now):
        _answer(row, "expired", now=now)
    for freed in Freed.objects.filter(status="open").select_related("location"):
        if freed.offers.filter(status="open").exists():
            continue
        made = offer(freed.location, freed.start, now=now)
        asked += len(made)
        if not made:
            _close(freed, "nobody", now=now)
    return asked


def _make(freed: Freed, row: WaitWish, expires_at: datetime, *, now: datetime) -> Offer:
    made = Offer(freed=freed, wish=row, made_at=now, expires_at=expires_at)
    made.save()
    zone, to = freed.location.time_zone, _contact(row)
    language = to.language if to else messages.language_of(row.patient) if row.patient else "en"
    values = {
        "when": f"{messages.when(freed.start, zone, language)} {freed.start.astimezone(zone_of(zone)):%Z}",
        "place": freed.location.name,
        "link": f"/v/offer/{secret_addresses.token_of('offer', made.practice_id, made.ref)}/",
    }
    messages.post(kind="visit_offer", patient=row.patient, to=to, values=values, subject=f"offer:{made.ref}", now=now)
    announce(News("offer", now, body={"offer": str(made.ref)}))
    return made


def _answer(row: Offer, status: str, *, now: datetime) -> None:
    row.status, row.answered_at = status, now
    row.save(update_fields=["status", "answered_at"])
    messages.cancel(f"offer:{row.ref}", now=now, because="the offer ended")


def _close(freed: Freed, status: str, *, now: datetime) -> None:
    freed.status, freed.ended_at = status, now
    freed.save(update_fields=["status", "ended_at"])
    for row in freed.offers.filter(status="open"):
        _answer(row, "lost" if status == "taken" else "expired", now=now)


def _end(row: WaitWish, status: str, *, now: datetime) -> None:
    row.status = status
    row.save(update_fields=["status"])
    for each in row.offers.filter(status="open"):
        _answer(each, "withdrawn" if status == "withdrawn" else "lost", now=now)


def _waiting(now: datetime) -> list[WaitWish]:
    rows = WaitWish.objects.filter(status="waiting", until__gte=now.date()).select_related("visit_type", "patient", "replaces")
    return list(rows)


def _is_there(row: WaitWish, start: datetime) -> bool:
    """Whether this patient is booked at that moment already, or keeps a visit that is not later."""
    mine = Booking.objects.filter(patient=row.patient, status__in=STANDING, span__contains=start)
    return mine.exists() or (row.replaces is not None and row.replaces.span.lower <= start)


def _as_domain(row: WaitWish) -> wishes.Wish:
    return wishes.Wish(
        row.pk or 0,
        row.priority,
        row.created_at,
        frozenset(row.places),
        frozenset(row.weekdays),
        row.earliest,
        row.latest,
    )


def _contact(row: WaitWish) -> Contact | None:
    told = row.contact
    if row.patient is not None:
        return None
    return Contact(told.get("name", ""), told.get("email", ""), told.get("phone", ""), told.get("language") or "en")


def who(row: WaitWish) -> str:
    return row.patient.name if row.patient else str(row.contact.get("name", ""))

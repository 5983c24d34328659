"""Booking a visit: keep, confirm, move, cancel, arrive; and a series at one go. What is free is proposed; the database decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.domain.booking.hours import zone_of
from winddown.domain.booking.series import Spacing, SpacingFinding, judge, propose
from winddown.domain.booking.slots import Slot, Use, missing_at, serve_at
from winddown.domain.days import in_words
from winddown.domain.refusals import NotAllowed, Refusal, Stale
from winddown.record.models import Booking, BookingAct, Chair, Hold, Location, Patient, Staff, VisitType
from winddown.record.models.booking import STANDING
from winddown.services import audit, calendar, permissions, relief_offer, visit_news
from winddown.services.announcements import News, announce

TRIES = 4
Made = TypeVar("Made")


@transaction.atomic
def book(
    kind: VisitType,
    location: Location,
    start: datetime,
    *,
    now: datetime,
    by: Staff | None = None,
    patient: Patient | None = None,
    contact: Mapping[str, str] | None = None,
    hold_min: int | None = None,
    series: UUID | None = None,
    key: UUID | None = None,
    tell: bool = True,
) -> Booking:
    """A visit at this time with whatever is free for it. Without `by` it is a visitor's own, kept for `hold_min` until confirmed.

    Refuses, naming what is missing, when anything the visit needs is taken; of many who ask at once, one wins.
    """
    if by is not None:
        permissions.require(by, "booking.write")
    known = BookingAct.objects.filter(ref=key).select_related("booking").first() if key else None
    if known is not None:
        return known.booking
    if start <= now:
        raise Refusal(because="That time is past.", way_out="Choose a later one.", code="time_past", where="start")
    booking = Booking(
        patient=patient,
        contact=dict(contact or {}),
        visit_type=kind,
        location=location,
        status="held" if hold_min else "booked",
        held_until=now + timedelta(minutes=hold_min) if hold_min else None,
        series=series,
        created_at=now,
    )

    def attempt() -> Booking:
        slot = _slot(kind, location, start, now=now)
        booking.pk, booking._state.adding = None, True
        booking.span = DateTimeTZRange(slot.start, slot.end, "[)")
        _require_one_place(booking)
        booking.save()
        _hold(booking, slot.uses)
        return booking

    _let_lapse(now)
    made = _unless_another_was_first(attempt, kind, location)
    _act(made, booking.status, by=by, now=now, key=key)
    relief_offer.booked(made, now=now)
    if tell and made.status == "booked":
        visit_news.tell(made, "visit_booked", now=now)
    return made


@transaction.atomic
def confirm(
    booking: Booking, *, now: datetime, by: Staff | None = None, patient: Patient | None = None, key: UUID | None = None
) -> Booking:
    """What was kept now stands. Refuses one that lapsed: its time may be somebody else's."""
    booking = _locked(booking)
    if _done(key) or booking.status == "booked":
        return booking
    if booking.status != "held" or (booking.held_until is not None and booking.held_until <= now):
        raise NotAllowed(
            because="This time was kept for you and is no longer.",
            way_out="Look for a time again; this one may still be free.",
            code="hold_lapsed",
        )
    booking.held_until, booking.patient = None, patient or booking.patient
    _change(booking, "booked", by=by, now=now, key=key, also=("held_until", "patient"))
    relief_offer.booked(booking, now=now)
    visit_news.tell(booking, "visit_booked", now=now)
    return booking


@transaction.atomic
def move(
    booking: Booking,
    location: Location,
    start: datetime,
    *,
    now: datetime,
    by: Staff | None,
    seen: int,
    chair: Chair | None = None,
    nurse: Staff | None = None,
    recovery_min: int | None = None,
    key: UUID | None = None,
) -> tuple[Booking, tuple[SpacingFinding, ...]]:
    """Another time or place, `chair` and `nurse` when asked for; the length is kept unless another recovery is given. The patient is told.

    returns  the booking, and what now breaks the spacing of its series; that is kept with the move
    """
    if by is not None:
        permissions.require(by, "booking.write")
    booking = _locked(booking)
    if _done(key):
        return booking, ()
    _require_standing(booking)
    if booking.version != seen:
        raise Stale(because="Somebody moved this visit meanwhile.", way_out="Look at it again, then move it.", code="booking_moved")
    before = {"location": str(booking.location.ref), "start": booking.span.lower.isoformat()}
    left = (booking.location, booking.span.lower)
    booking.recovery_min = booking.recovery_min if recovery_min is None else recovery_min
    _let_lapse(now)

    def attempt() -> Slot:
        Hold.objects.filter(booking=booking, active=True).update(active=False)
        slot = _slot(booking.visit_type, location, start, now=now, chair=chair, nurse=nurse, recovery_min=booking.recovery_min)
        _hold(booking, slot.uses)
        return slot

    slot = _unless_another_was_first(attempt, booking.visit_type, location)
    booking.span, booking.location = DateTimeTZRange(slot.start, slot.end, "[)"), location
    _require_one_place(booking)
    findings = spacing_of(booking)
    data = {"from": before, "spacing": [each.because for each in findings]}
    _change(booking, booking.status, by=by, now=now, key=key, also=("span", "location", "recovery_min"), kind="moved", data=data)
    if left != (booking.location, booking.span.lower):
        visit_news.tell(booking, "visit_moved", now=now)
    return booking, findings


@transaction.atomic
def cancel(
    booking: Booking, *, because: str, now: datetime, by: Staff | None = None, key: UUID | None = None, kind: str = "cancelled"
) -> Booking:
    """Over; what it held is free. `kind` is cancelled or missed."""
    if by is not None:
        permissions.require(by, "booking.write")
    booking = _locked(booking)
    if _done(key) or booking.status == kind:
        return booking
    _require_standing(booking)
    Hold.objects.filter(booking=booking, active=True).update(active=False)
    _change(booking, kind, by=by, now=now, key=key, kind=kind, data={"because": because})
    visit_news.forget(booking, now=now)
    if kind == "cancelled":
        visit_news.tell(booking, "visit_cancelled", now=now)
    return booking


@transaction.atomic
def arrive(booking: Booking, *, by: Staff | None, now: datetime, key: UUID | None = None) -> Booking:
    """The patient is here; without `by`, they said so themselves at the door."""
    if by is not None:
        permissions.require(by, "session.check_in")
    booking = _locked(booking)
    if _done(key) or booking.status == "arrived":
        return booking
    _require_standing(booking)
    return _change(booking, "arrived", by=by, now=now, key=key)


@transaction.atomic
def book_series(
    kind: VisitType,
    patient: Patient,
    locations: Sequence[Location],
    first: datetime,
    *,
    rule: Spacing,
    count: int,
    zone: str,
    by: Staff,
    now: datetime,
    key: UUID,
) -> list[Booking]:
    """The whole series or none of it, each visit at whichever of the places is free nearest to its wished time."""
    permissions.require(by, "booking.write")
    made = list(Booking.objects.filter(series=key).order_by("span"))
    if made:
        return made
    day = first.astimezone(zone_of(zone)).date()
    horizon = int(rule.max_days * (count - 1)) + 2
    slots = calendar.free(kind, locations, day, horizon, now=now)
    where = {slot.start: place for place in reversed(locations) for slot in slots[place]}
    by_day: dict[date, list[datetime]] = {}
    for start in sorted(where):
        by_day.setdefault(start.astimezone(zone_of(zone)).date(), []).append(start)
    if first not in where:
        _refuse_time(kind, locations[0], first, now=now)
    starts = propose(first, rule, count, zone=zone, offers=lambda on: by_day.get(on, []))
    made = [book(kind, where[start], start, now=now, by=by, patient=patient, series=key, tell=False) for start in starts]
    visit_news.tell(made[0], "visit_booked", now=now)
    for row in made[1:]:
        visit_news.remind(row, now=now)
    return made


def spacing_of(booking: Booking) -> tuple[SpacingFinding, ...]:
    """How this booking's series stands against the rule it was booked under, with this booking where it is now."""
    from winddown.domain.booking.series_rules import series_rule

    course = (
        booking.patient.courses.order_by("-opened_at").select_related("protocol").first() if booking.series and booking.patient else None
    )
    if course is None:
        return ()
    others = Booking.objects.filter(series=booking.series, status__in=STANDING).exclude(pk=booking.pk)
    starts = [booking.span.lower, *(span.lower for span in others.values_list("span", flat=True))]
    return judge(starts, series_rule(course.protocol.data).spacing)


def _slot(
    kind: VisitType,
    location: Location,
    start: datetime,
    *,
    now: datetime,
    chair: Chair | None = None,
    nurse: Staff | None = None,
    recovery_min: int | None = None,
) -> Slot:
    day = start.astimezone(zone_of(location.time_zone)).date()
    needs = calendar.needs_of(kind, recovery_min=recovery_min)
    _, resources = calendar.resources_of([location], day, 1, now=now)
    wanted = {"chair": f"chair:{chair.pk}" if chair else "", "nurse": f"staff:{nurse.pk}" if nurse else ""}
    here = [each for each in resources[location.pk] if wanted.get(each.kind, "") in ("", each.key)]
    slot = serve_at(start, needs, here)
    if slot is None:
        missing = missing_at(start, needs, here)
        raise Refusal(
            because=f"No free {' and no free '.join(missing)} at {location.name} at that time.",
            way_out="Choose another time.",
            code="time_taken",
            where="start",
            details={"missing": ", ".join(missing)},
        )
    return slot


def _require_one_place(booking: Booking) -> None:
    """Nobody is at two places at once; the database holds it for those who ask in the same instant."""
    others = Booking.objects.filter(patient=booking.patient, status__in=STANDING, span__overlap=booking.span).exclude(pk=booking.pk)
    other = others.select_related("location").first() if booking.patient else None
    if other is not None:
        local = other.span.lower.astimezone(zone_of(other.location.time_zone))
        raise Refusal(
            because=f"This patient has a visit at {other.location.name} on {in_words(local)} at {local:%H:%M} already.",
            way_out="Choose another time, or move that visit first.",
            code="patient_booked",
            where="start",
        )


def _refuse_time(kind: VisitType, location: Location, start: datetime, *, now: datetime) -> None:
    _slot(kind, location, start, now=now)
    raise Refusal(
        because="That time is not on the grid of free times.", way_out="Choose one of the free times.", code="off_grid", where="start"
    )


def _hold(booking: Booking, uses: Sequence[Use]) -> None:
    """Chair, then people, then devices, always in this order: two who want the same wait for each other, never in a circle."""
    for use in uses:
        field, key = use.key.split(":")
        span = DateTimeTZRange(*use.span, "[)")
        for lane in use.lanes:
            Hold(booking=booking, kind=use.kind, lane=lane, span=span, **{f"{field}_id": int(key)}).save()


def _unless_another_was_first(attempt: Callable[[], Made], kind: VisitType, location: Location) -> Made:
    """Try; when somebody else took a resource in the same instant, look again at what is still free. Each try is whole or nothing."""
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return attempt()
        except (IntegrityError, OperationalError) as why:
            last = why
    raise Refusal(
        because=f"{kind.name} at {location.name}: that time was taken a moment ago.",
        way_out="Choose another time.",
        code="time_taken",
        where="start",
    ) from last


def _let_lapse(now: datetime) -> None:
    """What was kept for somebody who did not confirm in time is free."""
    for booking in Booking.objects.select_for_update(skip_locked=True).filter(status="held", held_until__lte=now):
        Hold.objects.filter(booking=booking, active=True).update(active=False)
        _change(booking, "lapsed", by=None, now=now, key=None)


def _locked(booking: Booking) -> Booking:
    return Booking.objects.select_for_update(of=("self",)).select_related("visit_type", "location", "patient").get(pk=booking.pk)


def _done(key: UUID | None) -> bool:
    return key is not None and BookingAct.objects.filter(ref=key).exists()


def _require_standing(booking: Booking) -> None:
    if booking.status not in STANDING:
        raise NotAllowed(because=f"This visit is {booking.status}.", way_out="Book a new one.", code="booking_over")


def _change(
    booking: Booking,
    status: str,
    *,
    by: Staff | None,
    now: datetime,
    key: UUID | None,
    also: Sequence[str] = (),
    kind: str = "",
    data: Mapping[str, Any] | None = None,
) -> Booking:
    booking.status, booking.version = status, booking.version + 1
    booking.save(update_fields=["status", "version", *also])
    _act(booking, kind or status, by=by, now=now, key=key, data=data)
    return booking


def _act(booking: Booking, kind: str, *, by: Staff | None, now: datetime, key: UUID | None, data: Mapping[str, Any] | None = None) -> None:
    BookingAct(ref=key or uuid4(), booking=booking, kind=kind, at=now, by=by, data=dict(data or {})).save()
    audit.note(f"booking {kind}", by=by, now=now, patient=booking.patient, subject=str(booking.ref))
    announce(News("booking", now, body={"location": str(booking.location.ref), "booking": str(booking.ref), "status": booking.status}))

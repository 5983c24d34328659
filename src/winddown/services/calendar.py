"""What the calendar stands on: kinds of visit, shifts, closures; and, from them and the holds, what is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from winddown.domain.booking.hours import OpeningHours, Span, instant
from winddown.domain.booking.slots import Need, Resource, Slot, Taken, free_slots, without
from winddown.domain.days import in_words
from winddown.domain.refusals import OutOfRange, Refusal, UnknownWord
from winddown.record.models import Chair, Closure, Device, Hold, Location, Shift, Staff, VisitType
from winddown.services import audit, permissions

STEP_MIN = 15
PEOPLE = ("nurse", "prescriber")
DEVICES = ("pump", "monitor")
KINDS = ("chair", *PEOPLE, *DEVICES)


@transaction.atomic
def describe_visit(
    *,
    key: str,
    name: str,
    minutes: int,
    needs: Sequence[Mapping[str, Any]],
    by: Staff,
    now: datetime,
    recovery_min: int = 0,
    notice_hours: int = 0,
    public: bool = False,
    words: str = "",
    position: int = 0,
) -> VisitType:
    """A kind of visit, new or changed.

    needs  each names a resource, its first and last minute (None: the end of the visit), and whether it is not shared
    """
    permissions.require(by, "place.manage")
    if minutes < 5 or minutes + recovery_min > 24 * 60:
        raise OutOfRange(
            because=f"{minutes} min and {recovery_min} min of recovery.",
            way_out="A visit takes between 5 minutes and a day.",
            code="visit_length",
            where="minutes",
        )
    told: dict[str, Any] = {
        "name": name,
        "minutes": minutes,
        "recovery_min": recovery_min,
        "needs": list(needs),
        "notice_hours": notice_hours,
        "public": public,
        "words": words,
        "position": position,
    }
    kind = VisitType.objects.filter(key=key).first() or VisitType(key=key)
    for field, value in told.items():
        setattr(kind, field, value)
    needs_of(kind)
    kind.save(**({} if kind._state.adding else {"update_fields": list(told)}))
    audit.note("describe kind of visit", by=by, now=now, subject=str(kind.ref))
    return kind


def needs_of(kind: VisitType, *, recovery_min: int | None = None) -> tuple[Need, ...]:
    """What this kind of visit needs, with another recovery where one is given. Refuses a kind of resource that is not known."""
    length = kind.minutes + (kind.recovery_min if recovery_min is None else recovery_min)
    found = []
    for need in kind.needs:
        if need["kind"] not in KINDS:
            raise UnknownWord("resource", need["kind"], KINDS)
        end = need.get("to_min")
        found.append(Need(need["kind"], int(need.get("from_min", 0)), length if end is None else int(end), bool(need.get("whole", False))))
    return tuple(sorted(found, key=lambda need: KINDS.index(need.kind)))


@transaction.atomic
def put_on_shift(
    staff: Staff,
    location: Location,
    day: date,
    begins: time,
    ends: time,
    *,
    role: str,
    lanes: int,
    by: Staff,
    now: datetime,
    weeks: int = 1,
) -> list[Shift]:
    """A person on shift on a local day, and on the same weekday of the following weeks. `lanes` is the most patients at once."""
    permissions.require(by, "place.manage")
    if role not in PEOPLE:
        raise UnknownWord("role on shift", role, PEOPLE)
    if role not in staff.roles:
        raise Refusal(
            because=f"{staff.name} is not a {role} here.", way_out="Give the role first, or choose the other.", code="not_that_role"
        )
    made = []
    for week in range(weeks):
        on = day + timedelta(weeks=week)
        span = DateTimeTZRange(instant(on, begins, location.time_zone), instant(on, ends, location.time_zone), "[)")
        shift = Shift(staff=staff, location=location, role=role, span=span, lanes=lanes, created_at=now, by=by)
        try:
            with transaction.atomic():
                shift.save()
        except IntegrityError as why:
            raise Refusal(
                because=f"{staff.name} is on another shift on {in_words(on)} at that time.",
                way_out="End that shift first, or choose other hours.",
                code="on_shift_already",
            ) from why
        made.append(shift)
    audit.note("put on shift", by=by, now=now, subject=str(staff.ref))
    return made


@transaction.atomic
def end_shift(shift: Shift, *, by: Staff, now: datetime) -> None:
    """The shift falls out. Visits booked with this person stay booked and are shown as without a nurse or prescriber."""
    permissions.require(by, "place.manage")
    shift.ended_at = now
    shift.save(update_fields=["ended_at"])
    audit.note("end shift", by=by, now=now, subject=str(shift.ref))


@transaction.atomic
def close(location: Location, start: datetime, end: datetime, *, words: str, by: Staff, now: datetime) -> Closure:
    """The place is shut for a span although its hours say open."""
    permissions.require(by, "place.manage")
    if end <= start:
        raise OutOfRange(because="A closure ends after it begins.", way_out="Choose a later end.", code="closure_span", where="end")
    closure = Closure(location=location, span=DateTimeTZRange(start, end, "[)"), words=words, created_at=now, by=by)
    closure.save()
    audit.note("close place", by=by, now=now, subject=str(location.ref))
    return closure


def hours_of(location: Location) -> OpeningHours:
    weekly = {
        int(weekday): tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)
        for weekday, spans in location.hours.items()
    }
    return OpeningHours(location.time_zone, weekly)


def open_spans(location: Location, first: date, days: int, closures: Iterable[Closure] = ()) -> list[Span]:
    """When the place is open on these local days, in UTC, closures cut out."""
    hours = hours_of(location)
    spans = [span for place in range(days) for span in hours.open_spans(first + timedelta(days=place))]
    return without(spans, [(each.span.lower, each.span.upper) for each in closures if each.location_id == location.pk])


def free(
    kind: VisitType, locations: Sequence[Location], first: date, days: int, *, now: datetime, by_public: bool = False
) -> dict[Location, list[Slot]]:
    """The free slots of each place, `days` local days from `first`; a fixed number of queries whatever the places and days."""
    needs = needs_of(kind)
    earliest = now + timedelta(hours=kind.notice_hours if by_public else 0)
    spans, resources = resources_of(locations, first, days, now=now)
    return {
        place: list(free_slots(spans[place.pk], needs, resources[place.pk], step_min=STEP_MIN, earliest=earliest)) for place in locations
    }


def resources_of(
    locations: Sequence[Location], first: date, days: int, *, now: datetime
) -> tuple[dict[int, list[Span]], dict[int, list[Resource]]]:
    """The opening spans and everything bookable of each place, by its id, with what stands against it."""
    # A day at both ends, because a local day lies up to a day away from the UTC day of its name.
    window = DateTimeTZRange(_midnight(first, -1), _midnight(first, days + 1), "[)")
    closures = list(Closure.objects.filter(location__in=locations, ended_at__isnull=True, span__overlap=window))
    spans = {place.pk: open_spans(place, first, days, closures) for place in locations}
    taken = _taken(window, now)
    found: dict[int, list[Resource]] = {place.pk: [] for place in locations}
    for chair in Chair.objects.filter(location__in=locations).order_by("position"):
        found[chair.location_id].append(
            Resource(f"chair:{chair.pk}", "chair", tuple(spans[chair.location_id]), taken=tuple(taken["chair", chair.pk]))
        )
    for shift in Shift.objects.filter(location__in=locations, ended_at__isnull=True, span__overlap=window).order_by("span"):
        shut = [(each.span.lower, each.span.upper) for each in closures if each.location_id == shift.location_id]
        there = tuple(without([(shift.span.lower, shift.span.upper)], shut))
        found[shift.location_id].append(
            Resource(f"staff:{shift.staff_id}", shift.role, there, shift.lanes, tuple(taken["staff", shift.staff_id]))
        )
    for device in Device.objects.filter(location__in=locations, kind__in=DEVICES).order_by("pk"):
        found[device.location_id].append(
            Resource(f"device:{device.pk}", device.kind, tuple(spans[device.location_id]), taken=tuple(taken["device", device.pk]))
        )
    return spans, found


def _taken(window: DateTimeTZRange, now: datetime) -> dict[tuple[str, int], list[Taken]]:
    """Every standing hold in the window by its resource. One kept for somebody who let the time pass no longer counts."""
    lapsed = Q(booking__status="held", booking__held_until__lte=now)
    rows = Hold.objects.filter(active=True, span__overlap=window).exclude(lapsed)
    found: dict[tuple[str, int], list[Taken]] = defaultdict(list)
    for chair, staff, device, lane, span in rows.values_list("chair_id", "staff_id", "device_id", "lane", "span"):
        name, key = next((name, key) for name, key in (("chair", chair), ("staff", staff), ("device", device)) if key is not None)
        found[name, key].append(Taken(lane, (span.lower, span.upper)))
    return found


def _midnight(day: date, days: int) -> datetime:
    return instant(day + timedelta(days=days), time(), "UTC")

"""The schedule of one course: which of its visits are done, booked, planned, missed or moved, and the next free times for what is open.

A booking has no course of its own: it belongs to the course under which its visit was ordered, else to the one that was the patient's
newest when it was made, unless its kind is one that the public books.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from winddown.domain.booking.hours import zone_of
from winddown.domain.booking.series import Spacing, SpacingFinding, judge, nearest
from winddown.domain.booking.series_rules import series_rule
from winddown.domain.refusals import Missing
from winddown.record.models import Booking, Course, Location, Session, VisitType
from winddown.services import calendar

SHOWN, AHEAD_DAYS = 3, 14
PAST_AFTER = timedelta(hours=12)  # a visit whose end is longer ago than this is over, whether or not somebody said so
COUNTS = ("done", "here", "booked", "planned")
_OF_SESSION = {"planned": "planned", "discharged": "done", "abandoned": "not_given"}
_OF_BOOKING = {"held": "booked", "booked": "booked", "arrived": "here", "cancelled": "cancelled", "missed": "missed"}


@dataclass(frozen=True)
class Visit:
    """One visit of a course.

    state       done, here, booked, planned; or missed, cancelled, not_given, past (booked, over, and nothing was charted)
    number      its place among those that count; 0 for one that does not
    moved_from  where it stood at first, when it was moved
    because     why it was cancelled
    """

    state: str
    at: datetime
    place: Location
    booking: Booking | None
    session: Session | None
    moved_from: datetime | None = None
    because: str = ""
    number: int = 0


@dataclass(frozen=True)
class Free:
    """What could follow: the times nearest to the wish. within: whether the protocol's spacing allows them."""

    kind: VisitType
    times: tuple[tuple[Location, datetime], ...]
    within: bool


@dataclass(frozen=True)
class Schedule:
    """The visits in the order of time; how many are still open; the rule they follow, and where they break it now."""

    visits: tuple[Visit, ...]
    open: int
    rule: Spacing | None
    findings: tuple[SpacingFinding, ...]

    @property
    def last(self) -> Visit | None:
        """The last one that counts."""
        return next((visit for visit in reversed(self.visits) if visit.number), None)


def of(course: Course, *, now: datetime) -> Schedule:
    """The course as it stands. Five queries, whatever the number of visits."""
    sessions = list(Session.objects.filter(order__course=course).select_related("location", "booking"))
    rows = list(_bookings(course).select_related("location", "session__location", "visit_type").prefetch_related("acts"))
    seen = {row.session_id for row in rows}
    found = [_of_booking(row, now) for row in rows]
    found += [_visit(row.planned.lower, row.location, None, row, now=now) for row in sessions if row.pk not in seen]
    numbered, number = [], 0
    for visit in sorted(found, key=lambda each: each.at):
        number += visit.state in COUNTS
        numbered.append(replace(visit, number=number if visit.state in COUNTS else 0))
    rule = _rule(course)
    starts = [visit.at for visit in numbered if visit.number]
    return Schedule(tuple(numbered), max(course.planned_sessions - number, 0), rule, judge(starts, rule) if rule else ())


def free(schedule: Schedule, places: Sequence[Location], *, now: datetime) -> Free | None:
    """The next free times for the first visit that is open; None where nothing is open or no kind fits. A fixed number of queries."""
    kind = _kind(schedule)
    if not schedule.open or kind is None or not places:
        return None
    last, rule = schedule.last, schedule.rule
    earliest = max(now, last.at + timedelta(hours=rule.min_hours)) if last and rule else now
    first = earliest.astimezone(zone_of(places[0].time_zone)).date()
    days = max(min(AHEAD_DAYS, int(rule.max_days) + 1), 1) if rule else AHEAD_DAYS
    slots = calendar.free(kind, places, first, days, now=now)
    where = {slot.start: place for place in reversed(places) for slot in slots[place] if slot.start >= earliest}
    fitting = nearest(last.at, rule, list(where), SHOWN) if last and rule else ()
    chosen = fitting or tuple(sorted(where))[:SHOWN]
    return Free(kind, tuple((where[at], at) for at in chosen), bool(fitting) or not (last and rule))


def _bookings(course: Course) -> QuerySet[Booking]:
    whose = Q(patient=course.patient_id) | Q(patient__merged_into=course.patient_id)
    later = Course.objects.filter(patient=course.patient_id, opened_at__gt=course.opened_at).order_by("opened_at").first()
    loose = whose & Q(session=None, visit_type__public=False, created_at__gte=course.opened_at)
    if later is not None:
        loose &= Q(created_at__lt=later.opened_at)
    return Booking.objects.filter(loose | Q(session__order__course=course)).exclude(status="lapsed")


def _of_booking(row: Booking, now: datetime) -> Visit:
    acts = list(row.acts.all())
    moved = next((act for act in acts if act.kind == "moved"), None)
    over = next((act for act in reversed(acts) if act.kind in ("cancelled", "missed")), None)
    was = parse_datetime(moved.data["from"]["start"]) if moved else None
    moved_from = was if was != row.span.lower else None
    because = str(over.data.get("because", "")) if over else ""
    return _visit(row.span.lower, row.location, row, row.session, now=now, moved_from=moved_from, because=because)


def _visit(
    at: datetime,
    place: Location,
    booking: Booking | None,
    session: Session | None,
    *,
    now: datetime,
    moved_from: datetime | None = None,
    because: str = "",
) -> Visit:
    state = _OF_SESSION.get(session.status, "here") if session else _OF_BOOKING[booking.status] if booking else "planned"
    if state == "planned" and booking is not None:
        state = _OF_BOOKING[booking.status]
    ends = booking.span.upper if booking else session.planned.upper if session else at
    if state in ("booked", "planned", "here") and ends < now - PAST_AFTER and (session is None or session.status == "planned"):
        state = "past"
    return Visit(state, at, place, booking, session, moved_from, because)


def _rule(course: Course) -> Spacing | None:
    """A version signed before protocols had a rule for a series has none."""
    try:
        return series_rule(course.protocol.data).spacing
    except Missing:
        return None


def _kind(schedule: Schedule) -> VisitType | None:
    """What was booked last for this course, else the first kind that the public does not book."""
    booked = [visit.booking.visit_type for visit in schedule.visits if visit.booking is not None]
    found: VisitType | None = booked[-1] if booked else VisitType.objects.filter(active=True, public=False).first()
    return found

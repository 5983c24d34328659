"""Planned against used chair time of each place, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from winddown.domain.booking.chair_use import ChairUse, hours_within
from winddown.domain.booking.hours import Span, instant
from winddown.record.models import Booking, Chair, Closure, Location, Occupancy, Session
from winddown.services import calendar

PLANNED = ("held", "booked", "arrived", "missed")


def weeks(location: Location, first: date, count: int, *, now: datetime) -> list[tuple[date, ChairUse]]:
    """Each week from its Monday, in the place's own time; five queries whatever the number of weeks.

    A missed visit was planned; one that was cancelled in time was not. Somebody who still sits there counts until now.
    """
    starts = [first + timedelta(weeks=number) for number in range(count + 1)]
    edges = [instant(day, time(), location.time_zone) for day in starts]
    window = DateTimeTZRange(edges[0], edges[-1], "[)")
    chairs = Chair.objects.filter(location=location).count()
    closures = list(Closure.objects.filter(location=location, ended_at__isnull=True, span__overlap=window))
    opened = calendar.open_spans(location, first, 7 * count, closures)
    planned = _planned(location, window)
    used = _used(location, window, now)
    found = []
    for number, day in enumerate(starts[:-1]):
        week = edges[number], edges[number + 1]
        found.append((day, ChairUse(chairs * hours_within(opened, week), hours_within(planned, week), hours_within(used, week))))
    return found


def _planned(location: Location, window: DateTimeTZRange) -> Sequence[Span]:
    booked = Booking.objects.filter(location=location, status__in=PLANNED, span__overlap=window).values_list("span", flat=True)
    alone = Session.objects.filter(location=location, booking__isnull=True, planned__overlap=window).exclude(status="abandoned")
    return [(span.lower, span.upper) for span in [*booked, *alone.values_list("planned", flat=True)]]


def _used(location: Location, window: DateTimeTZRange, now: datetime) -> Sequence[Span]:
    rows = Occupancy.objects.filter(chair__location=location, span__overlap=window).values_list("span", flat=True)
    return [(span.lower, min(span.upper or now, now)) for span in rows if span.lower < now]

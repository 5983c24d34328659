"""One day at one place: who is where when, and what is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as __

from winddown.record.models import Chair, Closure, Hold, Location, Session, Shift
from winddown.services import calendar, permissions
from winddown.web.access import StaffRequest
from winddown.web.calendar.grid import Block, rows_of
from winddown.web.people.asked import day_asked, place_asked
from winddown.web.people.shell import desk, show

STATUSES = {
    "held": __("kept, not confirmed"),
    "booked": __("booked"),
    "arrived": __("here"),
    "cancelled": __("cancelled"),
    "missed": __("did not come"),
    "lapsed": __("lapsed"),
}
LEVELS = {"held": "watch", "booked": "calm", "arrived": "done"}


@dataclass(frozen=True)
class Sight:
    """What this person may see behind a block of the day: names, and charts."""

    names: bool
    charts: bool

    def address(self, session: Session) -> str:
        """The chart for who may read it, the patient's page for who knows the patients; nothing for others."""
        if self.charts:
            return reverse("session", args=[session.ref])
        return reverse("patient_page", args=[session.patient.ref]) if self.names else ""


@desk("calendar.see")
def day_page(request: StaffRequest) -> HttpResponse:
    places = list(Location.objects.order_by("name", "id"))
    place = place_asked(request, places)
    if place is None:
        return show(request, "calendar/day.html", {"places": [], "rows": []})
    with timezone.override(ZoneInfo(place.time_zone)):
        day = day_asked(request)
        return show(request, "calendar/day.html", _day(request, place, day) | {"places": places})


def _day(request: StaffRequest, place: Location, day: date) -> dict[str, Any]:
    zone = ZoneInfo(place.time_zone)
    begins, ends = datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)
    window = DateTimeTZRange(begins, ends, "[)")
    closures = list(Closure.objects.filter(location=place, ended_at__isnull=True, span__overlap=window))
    chairs = list(Chair.objects.filter(location=place).order_by("position", "id"))
    sight = Sight(permissions.may(request.staff, "patient.list"), permissions.may(request.staff, "chart.read"))
    blocks = _blocks(place, window, zone, sight)
    spans = [(start.astimezone(zone), end.astimezone(zone)) for start, end in calendar.open_spans(place, day, 1, closures)]
    return {
        "place": place,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "today": timezone.localdate(request.now),
        "chairs": chairs,
        "rows": rows_of(spans, {chair.pk: str(chair.ref) for chair in chairs}, blocks),
        "visits": len(blocks),
        "shifts": Shift.objects.filter(location=place, ended_at__isnull=True, span__overlap=window)
        .select_related("staff")
        .order_by("role", "span"),
        "closures": closures,
        "may_book": permissions.may(request.staff, "booking.write"),
    }


def _blocks(place: Location, window: DateTimeTZRange, zone: ZoneInfo, sight: Sight) -> list[Block]:
    """Every visit that holds a chair of this place in the window. Two queries: the holds, and who serves each booking."""
    related = ("booking__patient", "booking__visit_type", "session__patient")
    holds = list(Hold.objects.filter(active=True, chair__location=place, span__overlap=window).select_related(*related))
    booked = [hold.booking_id for hold in holds if hold.booking_id]
    people: dict[int, list[str]] = {}
    for booking, initials in Hold.objects.filter(active=True, booking__in=booked, staff__isnull=False).values_list(
        "booking_id", "staff__initials"
    ):
        people.setdefault(booking, []).append(initials)
    return [_block(hold, people.get(hold.booking_id or 0, []), zone, sight) for hold in holds]


def _block(hold: Hold, people: list[str], zone: ZoneInfo, sight: Sight) -> Block:
    span = (hold.span.lower.astimezone(zone), hold.span.upper.astimezone(zone))
    chair, booking, session = hold.chair_id or 0, hold.booking, hold.session
    if booking is not None:
        who = booking.patient.name if booking.patient else booking.contact.get("name", "")
        return Block(
            chair,
            span,
            (sight.names and who) or str(__("Booked")),
            " · ".join([booking.visit_type.name, *dict.fromkeys(people)]),
            str(STATUSES.get(booking.status, booking.status)),
            LEVELS.get(booking.status, "calm"),
            reverse("booking", args=[booking.ref]),
            movable=str(booking.ref),
            version=booking.version,
        )
    assert session is not None, "the database keeps a hold with either a booking or a session"
    who = session.patient.name if sight.names else session.patient.record_number
    return Block(chair, span, who, str(__("Infusion")), str(__("planned")), "calm", sight.address(session))

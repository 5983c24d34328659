"""What the office puts on a bill: as-needed doses of one month at one place, as charted. No price, no code, no name."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.utils import timezone

from winddown.record.models import Charge, Location, SessionEvent
from winddown.services import audit
from winddown.web.access import StaffRequest
from winddown.web.people.asked import day_asked, place_asked
from winddown.web.people.shell import desk, paged, show

COLUMNS = ("given_at", "place", "record_number", "visit", "drug", "quantity", "unit", "route", "charted_otherwise_later")


@desk("charge.see")
def month_page(request: StaffRequest) -> HttpResponse:
    asked = _asked(request)
    if asked is None:
        return show(request, "charges/month.html", {"place": None})
    place, first, after = asked
    with timezone.override(ZoneInfo(place.time_zone)):
        context = {
            "place": place,
            "places": list(Location.objects.order_by("name", "id")),
            "first": first,
            "before": (first - timedelta(days=1)).replace(day=1),
            "after": after,
            "rows": paged(request, _rows(place, first, after), per_page=50),
        }
        audit.note("read charges", by=request.staff, now=request.now, subject=f"{place.ref} {first:%Y-%m}")
        return show(request, "charges/month.html", context)


@desk("charge.see")
def month_file(request: StaffRequest) -> HttpResponse:
    """The same lines for the office's own program."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    sheet = csv.writer(response)
    sheet.writerow(COLUMNS)
    if (asked := _asked(request)) is None:
        return response
    place, first, after = asked
    response["Content-Disposition"] = f'attachment; filename="charges-{first:%Y-%m}.csv"'
    sheet.writerows(_line(row, place) for row in _rows(place, first, after))
    audit.note("export charges", by=request.staff, now=request.now, subject=f"{place.ref} {first:%Y-%m}")
    return response


def _asked(request: StaffRequest) -> tuple[Location, date, date] | None:
    """The place, the first day of the month that holds the day asked for, and the first day after it."""
    place = place_asked(request, list(Location.objects.all()))
    if place is None:
        return None
    with timezone.override(ZoneInfo(place.time_zone)):
        first = day_asked(request).replace(day=1)
    return place, first, (first + timedelta(days=32)).replace(day=1)


def _rows(place: Location, first: date, after: date) -> QuerySet[Any]:
    """The lines of these days on the place's own clock. A line stays when its entry is corrected, and says so."""
    zone = ZoneInfo(place.time_zone)
    begins, ends = datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)
    rows = Charge.objects.filter(session__location=place, given_at__gte=begins, given_at__lt=ends)
    corrected = Exists(SessionEvent.objects.filter(supersedes=OuterRef("event_id")))
    return rows.select_related("session__patient").annotate(corrected=corrected).order_by("given_at", "id")


def _line(row: Any, place: Location) -> list[Any]:
    at = row.given_at.astimezone(ZoneInfo(place.time_zone)).isoformat(timespec="minutes")
    dose = [row.drug, f"{row.quantity.normalize():f}", row.unit, row.route]
    return [at, place.name, row.session.patient.record_number, row.session.ref, *dose, "yes" if row.corrected else "no"]

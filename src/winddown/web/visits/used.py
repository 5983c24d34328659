"""Planned against used chair time, a line each week and place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from winddown.domain.booking.chair_use import ChairUse
from winddown.record.models import Location
from winddown.services import chair_use
from winddown.web.access import StaffRequest
from winddown.web.people.shell import desk, show

BACK, AHEAD = 6, 2


@desk("calendar.see")
def used_page(request: StaffRequest) -> HttpResponse:
    """Six weeks back, this one, and the next two as they are planned."""
    places = [_place(place, request) for place in Location.objects.order_by("name", "id")]
    return show(request, "visits/used.html", {"places": places})


def _place(place: Location, request: StaffRequest) -> dict[str, Any]:
    today = request.now.astimezone(ZoneInfo(place.time_zone)).date()
    this = today - timedelta(days=today.weekday())
    found = chair_use.weeks(place, this - timedelta(weeks=BACK), BACK + 1 + AHEAD, now=request.now)
    return {"place": place, "weeks": [_line(day, use, this) for day, use in reversed(found)]}


def _line(day: date, use: ChairUse, this: date) -> dict[str, Any]:
    return {
        "day": day,
        "use": use,
        "planned": round(100 * (use.planned_part or 0)),
        "used": round(100 * (use.used_part or 0)),
        "this": day == this,
        "ahead": day > this,
    }

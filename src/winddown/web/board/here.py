"""What the board's pages share: which location is looked at, its clock, the live frame around a page, and banners of alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from winddown.domain.refusals import Missing
from winddown.record.models import Location
from winddown.services import alarms, announcements
from winddown.web.access import LOCKED, StaffRequest, View, page
from winddown.web.people.shell import frame

CHOSEN = "place"
NOBODY = UUID(int=0)


def at_place(permission: str, *, background: bool = False) -> Callable[[View], View]:
    """A page of the location the person looks at; its times are that location's."""

    def wrap(view: View) -> View:
        @wraps(view)
        def in_its_time(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.places = list(Location.objects.order_by("name", "id"))  # type: ignore[attr-defined]
            request.place = _chosen(request)  # type: ignore[attr-defined]
            zone = ZoneInfo(request.place.time_zone) if request.place else None  # type: ignore[attr-defined]
            with timezone.override(zone):
                return view(request, *args, **kwargs)

        return page(permission, background=background)(in_its_time)

    return wrap


def _chosen(request: StaffRequest) -> Location | None:
    """The location that the address names, else the one last chosen on this device, else the person's home, else the first."""
    by_ref = {str(place.ref): place for place in request.places}  # type: ignore[attr-defined]
    chosen = by_ref.get(request.GET.get("place", "")) or by_ref.get(request.session.get(CHOSEN, ""))
    home = next((place for place in by_ref.values() if place.pk == request.staff.home_id), None)
    return chosen or home or next(iter(by_ref.values()), None)


def place_of(request: StaffRequest) -> Location:
    """The location looked at; a practice without one cannot have a board."""
    place: Location | None = request.place  # type: ignore[attr-defined]
    if place is None:
        raise Missing(because="This practice has no location yet.", way_out="An administrator opens one under Places.", code="no_place")
    return place


def covered(request: StaffRequest) -> HttpResponse | None:
    """A locked screen is told no names: 423 until somebody unlocks it. For parts that a page asks for by itself."""
    return HttpResponse(status=423) if request.session.get(LOCKED) else None


def live_frame(request: StaffRequest, place: Location, standing: Iterable[alarms.Standing], *, with_place: bool = False) -> dict[str, Any]:
    """What the base page asks for, with the live feed, the alarms that must be seen, and this screen's promise to sound them."""
    return frame(request) | {
        "location_name": place.name,
        "live": {"url": "/live/stream", "after": announcements.latest()},
        "alarm_urls": alarm_urls(place),
        "alarms": [banner(one, with_place=with_place) for one in standing],
        "place": place,
    }


def alarm_urls(place: Location) -> dict[str, str]:
    """Where a page that sounds alarms at this place reports to; `__id__` stands for the alarm."""
    acknowledge = reverse("alarm_acknowledge", args=[NOBODY])
    return {
        "heartbeat": reverse("alarm_screen_heartbeat", args=[place.ref]),
        "mute": reverse("alarm_screen_mute", args=[place.ref]),
        "test_tone": reverse("alarm_screen_tone", args=[place.ref]),
        "acknowledge": acknowledge.replace(str(NOBODY), "__id__"),
    }


def banner(one: alarms.Standing, *, with_place: bool = False) -> dict[str, Any]:
    """One alarm as the banner draws it."""
    seen, alarm = one.acknowledgement, one.alarm
    where = alarms.where(alarm)
    if with_place and alarm.chair and alarm.location:
        where = f"{alarm.location.name}, {where}"
    return {
        "id": str(alarm.ref),
        "severity": one.severity,
        "words": one.words,
        "next_step": one.next_step,
        "raised_at": alarm.raised_at,
        "where": where,
        "session": str(alarm.session.ref) if alarm.session else "",
        "acknowledged_at": seen.at if seen else None,
        "acknowledged_by": seen.by.name if seen and seen.by else "",
        "over_at": one.cleared_at,
        "acknowledge_url": reverse("alarm_acknowledge", args=[alarm.ref]),
    }


def show(request: StaffRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, dict(context), status=status)

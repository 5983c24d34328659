"""The schedule of a course on one page, for the desk and the prescriber, on screen and on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as __

from winddown.record.models import Location
from winddown.services import course_schedule
from winddown.services.course_schedule import Free, Schedule, Visit
from winddown.web.access import StaffRequest, read_chart
from winddown.web.orders.courses import course_of
from winddown.web.patients.base import head_of
from winddown.web.people.shell import desk, place_of, show

STATES: dict[str, tuple[Any, str, str]] = {
    "done": (__("done"), "done", "calm"),
    "here": (__("here now"), "person", "calm"),
    "booked": (__("booked"), "calm", "calm"),
    "planned": (__("planned at a chair"), "calm", "calm"),
    "past": (__("its time is over, nothing was charted"), "watch", "watch"),
    "missed": (__("did not come"), "act", "act"),
    "cancelled": (__("cancelled"), "unknown", "unknown"),
    "not_given": (__("came, infusion not given"), "watch", "watch"),
}


@desk("patient.list")
def schedule_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Times stand in the clock of each visit's own place. What is treated is shown only to those who read charts."""
    course = course_of(ref)
    read_chart(request, course.patient, f"schedule of course {course.ref}")
    here = place_of(request)
    places = sorted(Location.objects.all(), key=lambda place: (here is None or place.pk != here.pk, place.name))
    found = course_schedule.of(course, now=request.now)
    context = head_of(request, course.patient) | {
        "course": course,
        "lines": [_line(visit) for visit in found.visits],
        "found": found,
        "count": sum(visit.state == "done" for visit in found.visits),
        "ahead": sum(visit.state in ("booked", "planned") for visit in found.visits),
        "free": _free(course_schedule.free(found, places, now=request.now)),
        "open_places": range(1, found.open + 1),
        "first_open": _first_open(found),
        "printed_at": request.now,
        "key": uuid4(),
    }
    return show(request, "visits/course.html", context)


def _line(visit: Visit) -> dict[str, Any]:
    words, shape, level = STATES[visit.state]
    zone = ZoneInfo(visit.place.time_zone)
    was = visit.moved_from.astimezone(zone) if visit.moved_from else None
    return {"visit": visit, "at": visit.at.astimezone(zone), "was": was, "words": words, "shape": shape, "level": level}


def _first_open(found: Schedule) -> int:
    """The number of the first visit that is not booked."""
    return (found.last.number if found.last else 0) + 1


def _free(found: Free | None) -> dict[str, Any] | None:
    if found is None:
        return None
    times = [{"place": place, "at": at.astimezone(ZoneInfo(place.time_zone)), "start": at} for place, at in found.times]
    return {"kind": found.kind, "times": times, "within": found.within}

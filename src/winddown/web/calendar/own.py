"""What a patient sees by link about coming visits: when and where, three questions the evening before, cancel, move, a calendar file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from winddown.domain.refusals import Refusal
from winddown.record.models import Booking
from winddown.services import links, own_visits
from winddown.web.access import StaffRequest, key_of, seen_version
from winddown.web.by_link import LinkRequest, by_link, show
from winddown.web.calendar.book import place_and_start
from winddown.web.calendar.one import booking_of, show_booking
from winddown.web.people.shell import desk
from winddown.web.visits.mine import cards, other_times


@by_link("booking")
def own_visits_page(request: LinkRequest) -> HttpResponse:
    return _page(request)


@by_link("booking")
def own_answer(request: LinkRequest, visit: UUID) -> HttpResponse:
    return _done(request, lambda: own_visits.answer(_own(request, visit), request.POST.dict(), now=request.now, key=key_of(request)))


@by_link("booking")
def own_cancel(request: LinkRequest, visit: UUID) -> HttpResponse:
    return _done(request, lambda: own_visits.cancel(_own(request, visit), now=request.now, key=key_of(request)))


@by_link("booking")
def own_move(request: LinkRequest, visit: UUID) -> HttpResponse:
    row = _own(request, visit)
    if request.method != "POST":
        return _move_page(request, row)
    try:
        place, start = place_and_start(request.POST)
        seen = seen_version(request)
        own_visits.move(row, place, start, now=request.now, seen=row.version if seen is None else seen, key=key_of(request))
    except Refusal as refusal:
        return _move_page(request, _own(request, visit), refusal=refusal)
    return redirect("own_visits", token=request.token)


@by_link("booking")
def own_file(request: LinkRequest, visit: UUID) -> HttpResponse:
    """The visit for the phone's own calendar: place and time, no word about why."""
    row = _own(request, visit)
    response = HttpResponse(calendar_file(row, request.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


@desk("link.send")
def link_for_patient(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A link to the patient's own visits, to hand over; made anew each time it is asked for."""
    row = booking_of(ref)
    if request.method != "POST" or row.patient is None:
        return redirect("booking", ref=ref)
    link = links.make(patient=row.patient, purpose="booking", now=request.now, by=request.staff)
    return show_booking(request, row, address=request.build_absolute_uri(links.path_of(link)))


def calendar_file(row: Booking, now: datetime) -> bytes:
    from icalendar import Calendar, Event  # slow import

    file = Calendar()
    file.add("prodid", "-//Winddown//visits//EN")
    file.add("version", "2.0")
    event = Event()
    event.add("uid", f"{row.ref}@winddown")
    event.add("dtstamp", now)
    event.add("sequence", row.version)
    event.add("dtstart", row.span.lower)
    event.add("dtend", row.span.upper)
    event.add("summary", row.location.practice.name)
    event.add("location", row.location.address or row.location.name)
    file.add_component(event)
    return bytes(file.to_ical())


def _own(request: LinkRequest, ref: UUID) -> Booking:
    row: Booking = get_object_or_404(
        Booking.objects.select_related("patient", "visit_type", "location__practice"), ref=ref, patient=request.patient
    )
    return row


def _done(request: LinkRequest, deed: Any) -> HttpResponse:
    if request.method == "POST":
        try:
            deed()
        except Refusal as refusal:
            return _page(request, refusal=refusal)
    return redirect("own_visits", token=request.token)


def _page(request: LinkRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    def address(what: str, row: Booking) -> str:
        return reverse(f"own_{what}", args=[request.token, row.ref])

    visits = cards(own_visits.seen(request.patient, now=request.now), address)
    return show(request, "calendar/own.html", {"visits": visits, "refusal": refusal}, status=422 if refusal else 200)


def _move_page(request: LinkRequest, row: Booking, *, refusal: Refusal | None = None) -> HttpResponse:
    context = {**other_times(row, now=request.now, refusal=refusal), "back": reverse("own_visits", args=[request.token])}
    return show(request, "calendar/own_move.html", context, status=422 if refusal else 200)

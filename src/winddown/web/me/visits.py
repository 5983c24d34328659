"""Every coming visit, a whole series too: the questions of the evening before, cancel, move, a calendar file. The verbs are the link's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from winddown.domain.refusals import Refusal
from winddown.record.models import Booking
from winddown.services import own_visits
from winddown.web.access import key_of, seen_version
from winddown.web.calendar.book import place_and_start
from winddown.web.calendar.own import calendar_file
from winddown.web.own_door import OwnRequest, own_page, show
from winddown.web.visits.mine import cards, other_times


@own_page(reads="visits", caregiver="visits")
def visits(request: OwnRequest) -> HttpResponse:
    return _page(request)


@own_page()
def answer(request: OwnRequest, own_visit: UUID) -> HttpResponse:
    return _done(request, own_visit, lambda row: own_visits.answer(row, request.POST.dict(), now=request.now, key=key_of(request)))


@own_page()
def cancel(request: OwnRequest, own_visit: UUID) -> HttpResponse:
    return _done(request, own_visit, lambda row: own_visits.cancel(row, now=request.now, key=key_of(request)))


@own_page(reads="visit to move")
def move(request: OwnRequest, own_visit: UUID) -> HttpResponse:
    row = _own(request, own_visit)
    if request.method != "POST":
        return _move_page(request, row)
    try:
        place, start = place_and_start(request.POST)
        seen = seen_version(request)
        own_visits.move(row, place, start, now=request.now, seen=row.version if seen is None else seen, key=key_of(request))
    except Refusal as refusal:
        return _move_page(request, _own(request, own_visit), refusal=refusal)
    return redirect("me_visits")


@own_page(reads="visit file", caregiver="visits")
def file(request: OwnRequest, own_visit: UUID) -> HttpResponse:
    """The visit for the phone's own calendar: place and time, no word about why."""
    row = _own(request, own_visit)
    response = HttpResponse(calendar_file(row, request.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def _own(request: OwnRequest, ref: UUID) -> Booking:
    rows = Booking.objects.select_related("patient", "visit_type", "location__practice")
    row: Booking = get_object_or_404(rows, ref=ref, patient=request.patient)
    return row


def _done(request: OwnRequest, ref: UUID, deed: Any) -> HttpResponse:
    row = _own(request, ref)
    if request.method == "POST":
        try:
            deed(row)
        except Refusal as refusal:
            return _page(request, refusal=refusal)
    return redirect("me_visits")


def _page(request: OwnRequest, *, refusal: Refusal | None = None) -> HttpResponse:
    def address(what: str, row: Booking) -> str:
        return reverse(f"me_visit_{what}", args=[row.ref])

    visits = cards(own_visits.seen(request.patient, now=request.now), address, may_act=request.own.who == "patient")
    return show(request, "me/visits.html", {"visits": visits, "refusal": refusal, "tab": "visits"}, status=422 if refusal else 200)


def _move_page(request: OwnRequest, row: Booking, *, refusal: Refusal | None = None) -> HttpResponse:
    context = {**other_times(row, now=request.now, refusal=refusal), "back": reverse("me_visits"), "tab": "visits"}
    return show(request, "me/move.html", context, status=422 if refusal else 200)

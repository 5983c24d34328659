"""One visit by its link, for anybody who holds it: confirm, answer the evening before, move, cancel, a calendar file, arrive."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from winddown.domain.refusals import Refusal
from winddown.record.models.booking import STANDING
from winddown.services import arrivals, booking, own_visits
from winddown.web.access import key_of, seen_version
from winddown.web.calendar.book import place_and_start
from winddown.web.calendar.own import calendar_file
from winddown.web.visits.door import VisitRequestByLink, by_visit, show
from winddown.web.visits.mine import other_times


@by_visit
def visit_page(request: VisitRequestByLink) -> HttpResponse:
    return _page(request)


@by_visit
def visit_confirm(request: VisitRequestByLink) -> HttpResponse:
    return _done(request, lambda: booking.confirm(request.row, now=request.now, key=key_of(request)))


@by_visit
def visit_answer(request: VisitRequestByLink) -> HttpResponse:
    return _done(request, lambda: own_visits.answer(request.row, request.POST.dict(), now=request.now, key=key_of(request)))


@by_visit
def visit_cancel(request: VisitRequestByLink) -> HttpResponse:
    return _done(request, lambda: own_visits.cancel(request.row, now=request.now, key=key_of(request)))


@by_visit
def visit_arrive(request: VisitRequestByLink) -> HttpResponse:
    return _done(request, lambda: arrivals.by_link(request.row, now=request.now, key=key_of(request)))


@by_visit
def visit_move(request: VisitRequestByLink) -> HttpResponse:
    if request.method != "POST":
        return _move_page(request)
    try:
        place, start = place_and_start(request.POST)
        seen = seen_version(request)
        version = request.row.version if seen is None else seen
        own_visits.move(request.row, place, start, now=request.now, seen=version, key=key_of(request))
    except Refusal as refusal:
        return _move_page(request, refusal=refusal)
    return redirect("visit_own", token=request.token)


@by_visit
def visit_file(request: VisitRequestByLink) -> HttpResponse:
    response = HttpResponse(calendar_file(request.row, request.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def _done(request: VisitRequestByLink, deed: Any) -> HttpResponse:
    if request.method == "POST":
        try:
            deed()
        except Refusal as refusal:
            request.row.refresh_from_db()
            return _page(request, refusal=refusal)
    return redirect("visit_own", token=request.token)


def _page(request: VisitRequestByLink, *, refusal: Refusal | None = None) -> HttpResponse:
    row = request.row
    lapsed = own_visits.is_lapsed(row, now=request.now)
    context = {
        "row": row,
        "token": request.token,
        "lapsed": lapsed,
        "standing": row.status in STANDING and not lapsed,
        "asked": row.status in STANDING and not lapsed and own_visits.is_asked(row, now=request.now),
        "answer": own_visits.answered(row),
        "may_change": own_visits.may_change(row, now=request.now),
        "may_arrive": arrivals.may_arrive(row, now=request.now),
        "today": row.span.lower.astimezone(ZoneInfo(row.location.time_zone)).date() == timezone.localdate(request.now),
        "letters": arrivals.letters_of(row),
        "refusal": refusal,
        "key": uuid4(),
    }
    return show(request, "visits/own.html", context, status=422 if refusal else 200)


def _move_page(request: VisitRequestByLink, *, refusal: Refusal | None = None) -> HttpResponse:
    context = {**other_times(request.row, now=request.now, refusal=refusal), "token": request.token}
    return show(request, "visits/move.html", context, status=422 if refusal else 200)

"""One booking: when, where, with whom, its series; move it, cancel it, say that the patient is here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from winddown.domain.refusals import Missing, Refusal
from winddown.record.models import Booking, Chair, Hold, Location
from winddown.record.models.booking import STANDING
from winddown.services import asking, booking, calendar, permissions, waiting
from winddown.web.access import StaffRequest, by_ref, key_of, seen_version
from winddown.web.calendar.book import place_and_start
from winddown.web.calendar.day import LEVELS, STATUSES
from winddown.web.people.asked import day_asked
from winddown.web.people.shell import desk, show
from winddown.web.square_code import square_code
from winddown.web.visits.words import told

DAYS = 5


@desk("patient.list")
def booking_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    return show_booking(request, _booking(ref))


@desk("booking.write")
@require_POST
def booking_move(request: StaffRequest, ref: UUID) -> HttpResponse:
    row = _booking(ref)
    try:
        place, start = place_and_start(request.POST)
        seen = seen_version(request)
        _moved, findings = booking.move(
            row,
            place,
            start,
            now=request.now,
            by=request.staff,
            seen=row.version if seen is None else seen,
            chair=_chair(request, place),
            key=key_of(request),
        )
    except Refusal as why:
        return show_booking(request, _booking(ref), refusal=why)
    messages.success(request, _("Moved."))
    for finding in findings:
        messages.warning(request, finding.because)
    return redirect("booking", ref=ref)


@desk("booking.write")
@require_POST
def booking_cancel(request: StaffRequest, ref: UUID) -> HttpResponse:
    because, kind = request.POST.get("because", "").strip(), request.POST.get("kind", "cancelled")
    row = _booking(ref)
    if not because:
        missing = Missing(because="Cancelling needs a reason.", way_out="Say why in a few words.", code="reason_missing", where="because")
        return show_booking(request, row, refusal=missing)
    booking.cancel(
        row, because=because, by=request.staff, now=request.now, key=key_of(request), kind="missed" if kind == "missed" else "cancelled"
    )
    asked = waiting.freed_by(row, now=request.now) if kind != "missed" else []
    messages.success(request, _("Cancelled. The time is free again."))
    if asked:
        messages.success(
            request, ngettext("Offered to %(n)d person who waits.", "Offered to %(n)d people who wait.", len(asked)) % {"n": len(asked)}
        )
    return redirect("booking", ref=ref)


@desk("session.check_in")
@require_POST
def booking_arrive(request: StaffRequest, ref: UUID) -> HttpResponse:
    booking.arrive(_booking(ref), by=request.staff, now=request.now, key=key_of(request))
    messages.success(request, _("The patient is here."))
    return redirect("booking", ref=ref)


def _chair(request: StaffRequest, place: Location) -> Chair | None:
    found: Chair | None = by_ref(Chair.objects.filter(location=place), request.POST.get("chair", ""))
    return found


def _booking(ref: UUID) -> Booking:
    return booking_of(ref)


def booking_of(ref: UUID) -> Booking:
    row: Booking = get_object_or_404(Booking.objects.select_related("patient", "visit_type", "location", "session"), ref=ref)
    return row


def show_booking(request: StaffRequest, row: Booking, *, refusal: Refusal | None = None, address: str = "") -> HttpResponse:
    """The page of one booking; `address` is a fresh link for the patient, to be handed over."""
    zone = ZoneInfo(row.location.time_zone)
    with timezone.override(zone):
        holds = Hold.objects.filter(booking=row, active=True).select_related("chair", "staff", "device")
        standing = row.status in STANDING and permissions.may(request.staff, "booking.write")
        request_row = asking.answers_of(row)
        context = {
            "row": row,
            "status": STATUSES.get(row.status, row.status),
            "level": LEVELS.get(row.status, "unknown"),
            "holds": [{"kind": hold.kind, "what": _what(hold)} for hold in holds],
            "acts": row.acts.select_related("by"),
            "series": _series(row),
            "spacing": booking.spacing_of(row),
            "standing": standing,
            "places": _free(request, row, zone) if standing else [],
            "day": _around(request, row, zone),
            "refusal": refusal,
            "key": uuid4(),
            "told": told(request_row.answers) if request_row else [],
            "agreed": request_row.answers.get("agreed", "") if request_row else "",
            "address": address,
            "code": square_code(address) if address else "",
        }
        return show(request, "calendar/one.html", context, status=422 if refusal else 200)


def _what(hold: Hold) -> str:
    return str(hold.chair or hold.staff or (hold.device and (hold.device.words or hold.device.key)))


def _series(row: Booking) -> list[Booking]:
    return list(Booking.objects.filter(series=row.series).select_related("location").order_by("span")) if row.series else []


def _around(request: StaffRequest, row: Booking, zone: ZoneInfo) -> date:
    return day_asked(request, row.span.lower.astimezone(zone).date())


def _free(request: StaffRequest, row: Booking, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The free times around the visit at every place, its own first."""
    places = sorted(Location.objects.all(), key=lambda place: (place.pk != row.location_id, place.name))
    found = calendar.free(row.visit_type, places, _around(request, row, zone), DAYS, now=request.now)
    return [{"place": place, "days": _by_day([slot.start for slot in slots], ZoneInfo(place.time_zone))} for place, slots in found.items()]


def _by_day(starts: list[datetime], zone: ZoneInfo) -> list[tuple[date, list[tuple[str, str]]]]:
    """Each day with its starts: as the form sends them, and as the clock on the wall of that place shows them."""
    days: dict[date, list[tuple[str, str]]] = {}
    for start in starts:
        local = start.astimezone(zone)
        days.setdefault(local.date(), []).append((local.isoformat(), f"{local:%H:%M}"))
    return list(days.items())

"""Arrival: three letters at the door or at the desk, and the sheet with the square code that hangs at the door."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import Booking, Location
from winddown.services import arrivals, asking, booking
from winddown.web.access import StaffRequest, by_ref
from winddown.web.people.shell import desk, show
from winddown.web.public.door import VisitorRequest, visitor
from winddown.web.square_code import square_code
from winddown.web.visits import door

TRIES, TRIES_LAST_S = 20, 3600


@visitor(seconds=0)
def door_page(request: VisitorRequest, place: UUID) -> HttpResponse:
    """At the door: three letters, then a word of welcome that names nobody."""
    where = get_object_or_404(Location.objects, ref=place)
    here, refusal = None, None
    if request.method == "POST":
        try:
            _count(request)
            here = arrivals.by_letters(where, request.POST.get("letters", ""), now=request.now)
        except Refusal as why:
            refusal = why
    with timezone.override(ZoneInfo(where.time_zone)):
        context = {"place": where, "here": here, "refusal": refusal}
        return door.show(request, "visits/door.html", context, status=422 if refusal else 200)


@desk("booking.write")
def door_sheet(request: StaffRequest, place: UUID) -> HttpResponse:
    """The sheet to print and hang at the door."""
    where = get_object_or_404(Location.objects, ref=place)
    address = request.build_absolute_uri(reverse("visit_door", args=[request.staff.practice.slug, where.ref]))
    return show(request, "visits/door_sheet.html", {"place": where, "address": address, "code": square_code(address)})


@desk("session.check_in")
@require_POST
def desk_arrive(request: StaffRequest) -> HttpResponse:
    """At the desk: the letters of the visit, or the first letters of the name. One that fits has arrived."""
    where = by_ref(Location.objects.all(), request.POST.get("place", ""))
    typed = request.POST.get("letters", "").strip()
    found = _found(where, typed, request.now) if where and len(typed) >= 2 else []
    back = f"{reverse('morning')}?place={where.ref}" if where else reverse("morning")
    if len(found) != 1:
        messages.warning(request, _("More than one visit begins so; tap it in the list.") if found else _("No visit of today begins so."))
        return redirect(back)
    booking.arrive(found[0], by=request.staff, now=request.now)
    messages.success(request, _("The patient is here."))
    return redirect(back)


def _found(where: Location, typed: str, now: datetime) -> list[Booking]:
    """Today's visits at this place that have these letters, or a name that begins so."""
    zone = ZoneInfo(where.time_zone)
    begins = datetime.combine(now.astimezone(zone).date(), time(), zone)
    rows = Booking.objects.filter(location=where, status="booked", span__startswith__range=(begins, begins + timedelta(days=1)))
    start = typed.casefold()
    return [row for row in rows.select_related("patient") if arrivals.letters_of(row).casefold() == start or _named(row, start)]


def _named(row: Booking, start: str) -> bool:
    names = [row.patient.family_name, row.patient.given_name] if row.patient else row.contact.get("name", "").split()
    return any(name.casefold().startswith(start) for name in names)


def _count(request: VisitorRequest) -> None:
    """So many tries from one sender in an hour: letters cannot be guessed through."""
    key = f"door:{asking.source_of(request.META.get('REMOTE_ADDR', ''), now=request.now)}"
    tried = cache.get_or_set(key, 0, TRIES_LAST_S) or 0
    cache.set(key, tried + 1, TRIES_LAST_S)
    if tried >= TRIES:
        raise NotAllowed(because="Too many tries.", way_out="Speak with the front desk.", code="too_many")

"""A new visit: whom, what, and the free times of every place side by side. One time, or a whole series from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from winddown.domain.booking.series_rules import SeriesRule, series_rule
from winddown.domain.booking.slots import Slot
from winddown.domain.refusals import Missing, Refusal
from winddown.record.models import Booking, Location, Patient, VisitType
from winddown.record.models.booking import STANDING
from winddown.services import booking, calendar
from winddown.web.access import StaffRequest, by_ref, key_of
from winddown.web.patients import search
from winddown.web.patients.base import head_of
from winddown.web.people.asked import day_asked
from winddown.web.people.shell import desk, place_of, show

DAYS = 7
FOUND = 8


@dataclass(frozen=True)
class PlaceWeek:
    """The free times of one place, day by day: as the form sends each, and as the clock there shows it."""

    place: Location
    days: tuple[tuple[date, tuple[tuple[str, str], ...]], ...]
    free: int


@desk("booking.write")
def book_page(request: StaffRequest) -> HttpResponse:
    kinds = list(VisitType.objects.filter(active=True))
    asked = request.POST if request.method == "POST" else request.GET
    patient = _patient(asked)
    rule = _rule(patient)
    kind = next((each for each in kinds if each.key == asked.get("kind")), _usual(kinds, rule))
    refusal = None
    if request.method == "POST" and kind is not None:
        try:
            return _booked(request, kind, patient)
        except Refusal as why:
            refusal = why
    day = day_asked(request)
    head = head_of(request, patient) | {"tab": "visits", "visits": _visits(patient)} if patient else {}
    context = head | {
        "kinds": kinds,
        "kind": kind,
        "patient": patient,
        "q": asked.get("q", ""),
        "found": _found(asked.get("q", "")) if patient is None else [],
        "contact": {name: asked.get(name, "") for name in ("name", "phone")},
        "weeks": _weeks(request, kind, day) if kind else [],
        "day": day,
        "earlier": max(day - timedelta(days=DAYS), timezone.localdate(request.now)),
        "later": day + timedelta(days=DAYS),
        "rule": rule,
        "count": int(rule.visits.value) if rule else 0,
        "refusal": refusal,
        "asked_start": asked.get("start", ""),
        "key": uuid4(),
    }
    return show(request, "calendar/book.html", context, status=422 if refusal else 200)


def _booked(request: StaffRequest, kind: VisitType, patient: Patient | None) -> HttpResponse:
    place, start = place_and_start(request.POST)
    if "series" in request.POST:
        return _series(request, kind, patient, place, start)
    contact = {name: request.POST.get(name, "").strip() for name in ("name", "phone")}
    if patient is None and not contact["name"]:
        raise Missing(
            because="No patient and no name.", way_out="Choose a patient, or write the caller's name.", code="who_missing", where="name"
        )
    made = booking.book(
        kind, place, start, now=request.now, by=request.staff, patient=patient, contact={} if patient else contact, key=key_of(request)
    )
    messages.success(request, _("Booked."))
    return redirect("booking", ref=made.ref)


def _series(request: StaffRequest, kind: VisitType, patient: Patient | None, place: Location, start: datetime) -> HttpResponse:
    rule = _rule(patient)
    if patient is None or rule is None:
        raise Missing(
            because="A series belongs to a patient with a course.",
            way_out="Choose the patient; a prescriber opens the course.",
            code="course_missing",
        )
    places = [place, *Location.objects.exclude(pk=place.pk).order_by("name")] if request.POST.get("anywhere") else [place]
    made = booking.book_series(
        kind,
        patient,
        places,
        start,
        rule=rule.spacing,
        count=int(request.POST.get("count") or rule.visits.value),
        zone=place.time_zone,
        by=request.staff,
        now=request.now,
        key=key_of(request),
    )
    messages.success(request, ngettext("%(n)d visit booked.", "%(n)d visits booked.", len(made)) % {"n": len(made)})
    return redirect("booking", ref=made[0].ref)


def _usual(kinds: Sequence[VisitType], rule: SeriesRule | None) -> VisitType | None:
    """Whoever has a course comes for what the course gives; anybody else for what the public may book."""
    return next((kind for kind in kinds if kind.public == (rule is None)), kinds[0] if kinds else None)


def _visits(patient: Patient) -> list[Booking]:
    """What stands for this patient, the next first, with the last few that are over."""
    rows = Booking.objects.filter(patient=patient).select_related("visit_type", "location")
    return [*rows.filter(status__in=STANDING).order_by("span"), *rows.exclude(status__in=STANDING).order_by("-span")[:3]]


def place_and_start(asked: QueryDict) -> tuple[Location, datetime]:
    """The button of a free time carries both: place and instant."""
    ref, _bar, at = asked.get("start", "").partition("|")
    try:
        start = parse_datetime(at)
    except ValueError:
        start = None
    place = by_ref(Location.objects.all(), ref)
    if place is None or start is None or start.tzinfo is None:
        raise Missing(because="No time was chosen.", way_out="Choose one of the free times.", code="start_missing", where="start")
    return place, start


def _patient(asked: QueryDict) -> Patient | None:
    found: Patient | None = by_ref(search.everyone(), asked.get("patient", ""))
    return found


def _found(text: str) -> list[dict[str, Any]]:
    fits = search.find(text) if text else None
    return [{"patient": each, "url": f"{reverse('calendar_book')}?patient={each.ref}"} for each in (fits or [])[:FOUND]]


def _rule(patient: Patient | None) -> SeriesRule | None:
    course = patient.courses.select_related("protocol").order_by("-opened_at").first() if patient else None
    try:
        return series_rule(course.protocol.data) if course else None
    except Missing:
        return None


def _weeks(request: StaffRequest, kind: VisitType, day: date) -> list[PlaceWeek]:
    """The place that was asked for comes first, else this person's own."""
    here, asked = place_of(request), request.GET.get("place", "")
    first = asked or (str(here.ref) if here else "")
    places = sorted(Location.objects.all(), key=lambda place: (str(place.ref) != first, place.name))
    found = calendar.free(kind, places, day, DAYS, now=request.now)
    return [_week(place, slots, day) for place, slots in found.items()]


def _week(place: Location, slots: Sequence[Slot], day: date) -> PlaceWeek:
    zone = ZoneInfo(place.time_zone)
    days: dict[date, list[tuple[str, str]]] = {day + timedelta(days=n): [] for n in range(DAYS)}
    for slot in slots:
        start = slot.start.astimezone(zone)
        if start.date() in days:
            days[start.date()].append((start.isoformat(), f"{start:%H:%M}"))
    return PlaceWeek(place, tuple((on, tuple(starts)) for on, starts in days.items()), len(slots))

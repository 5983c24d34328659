"""Places: locations with their hours, time zone, crash cart and chairs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.record.models import Chair, Location
from winddown.services import people
from winddown.web.access import StaffRequest
from winddown.web.people.forms import ChairForm, LocationForm, NewLocationForm, words_of_hours
from winddown.web.people.shell import carried_out, desk, posted, show
from winddown.web.people.words import WEEKDAYS


@desk("place.manage")
def place_list(request: StaffRequest) -> HttpResponse:
    chairs = Prefetch("chairs", Chair.objects.order_by("position", "id"))
    rows = [{"place": place, "hours": hours_lines(place)} for place in Location.objects.order_by("name").prefetch_related(chairs)]
    return show(request, "people/place_list.html", {"rows": rows})


@desk("place.manage")
def place_new(request: StaffRequest) -> HttpResponse:
    here = request.staff.home.time_zone if request.staff.home else None
    form = NewLocationForm(posted(request), initial={"time_zone": here})
    if form.is_bound and carried_out(form, lambda: people.open_location(**form.details(), by=request.staff, now=request.now)):
        messages.success(request, _("Kept."))
        return redirect("people_places")
    return show(request, "people/place_new.html", {"form": form}, status=422 if form.is_bound else 200)


@desk("place.manage")
def place_page(request: StaffRequest, ref: UUID) -> HttpResponse:
    place = get_object_or_404(Location.objects, ref=ref)
    form = LocationForm(request.POST) if request.method == "POST" else LocationForm.of(place)
    if form.is_bound and carried_out(form, lambda: people.describe_location(place, **form.details(), by=request.staff, now=request.now)):
        return _kept(request, place)
    return _place_page(request, place, form=form)


@desk("place.manage")
@require_POST
def chair_new(request: StaffRequest, ref: UUID) -> HttpResponse:
    place, form = get_object_or_404(Location.objects, ref=ref), ChairForm(request.POST, prefix="new")
    if carried_out(form, lambda: people.add_chair(place, form.cleaned_data["name"], by=request.staff, now=request.now)):
        return _kept(request, place)
    return _place_page(request, place, new_chair=form)


@desk("place.manage")
@require_POST
def chair_page(request: StaffRequest, chair: UUID) -> HttpResponse:
    row = get_object_or_404(Chair.objects.select_related("location"), ref=chair)
    form = ChairForm(request.POST, prefix=str(chair))
    if carried_out(form, lambda: _describe(request, row, **form.cleaned_data)):
        return _kept(request, row.location)
    return _place_page(request, row.location, changed={row.pk: form})


def hours_lines(place: Location) -> list[tuple[Any, str]]:
    """Weekday and its hours in words, Monday first; empty for a closed day."""
    return [(words, words_of_hours(place.hours.get(day, []))) for day, words in WEEKDAYS.items()]


def _describe(request: StaffRequest, chair: Chair, *, name: str, position: int | None) -> None:
    where = chair.position if position is None else position
    people.describe_chair(chair, name=name, position=where, by=request.staff, now=request.now)


def _kept(request: StaffRequest, place: Location) -> HttpResponse:
    messages.success(request, _("Kept."))
    return redirect("people_place_page", ref=place.ref)


def _place_page(
    request: StaffRequest, place: Location, *, changed: dict[int, ChairForm] | None = None, **forms: LocationForm | ChairForm
) -> HttpResponse:
    changed = changed or {}
    chairs = [
        {
            "chair": chair,
            "form": changed.get(chair.pk) or ChairForm(prefix=str(chair.ref), initial={"name": chair.name, "position": chair.position}),
        }
        for chair in Chair.objects.filter(location=place).order_by("position", "id")
    ]
    context = {
        "place": Location.objects.get(pk=place.pk),
        "form": LocationForm.of(place),
        "new_chair": ChairForm(prefix="new"),
        "chairs": chairs,
    }
    refused = bool(changed) or any(form.is_bound for form in forms.values())
    return show(request, "people/place_page.html", context | forms, status=422 if refused else 200)

"""Who works when, when a place is shut, and what kinds of visit there are."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.http import require_POST

from winddown.record.models import Closure, Location, Shift, Staff, VisitType
from winddown.services import calendar
from winddown.web.access import StaffRequest
from winddown.web.people.asked import place_asked
from winddown.web.people.shell import HouseForm, carried_out, desk, paged, posted, show

ROLES = (("nurse", __("nurse")), ("prescriber", __("prescriber")))
DAY = {"type": "date"}
CLOCK = {"type": "time", "step": 900}


class ShiftForm(HouseForm):
    """A person on shift, once or weekly."""

    staff: Any = forms.ModelChoiceField(label=__("Who"), queryset=None)
    role = forms.ChoiceField(label=__("As"), choices=ROLES)
    day = forms.DateField(label=__("First day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    begins = forms.TimeField(label=__("From"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"), initial=time(8))
    ends = forms.TimeField(label=__("To"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"), initial=time(17))
    lanes = forms.IntegerField(label=__("Patients at once, at most"), min_value=1, max_value=20, initial=2)
    weeks = forms.IntegerField(label=__("Weeks in a row"), min_value=1, max_value=26, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = Staff.objects.filter(active=True, roles__overlap=["nurse", "prescriber"]).order_by("name")  # type: ignore[attr-defined]


class ClosureForm(HouseForm):
    """A span in which the place is shut."""

    first = forms.DateTimeField(
        label=__("Shut from"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    last = forms.DateTimeField(label=__("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
    words = forms.CharField(label=__("Why"), max_length=160)


class KindForm(HouseForm):
    """A kind of visit. The needs are those that a clinic meets most; finer ones are kept as data."""

    name = forms.CharField(label=__("Name"), max_length=80)
    minutes = forms.IntegerField(label=__("Minutes"), min_value=5, max_value=720)
    recovery_min = forms.IntegerField(label=__("Minutes of recovery"), min_value=0, max_value=480, initial=0)
    needs = forms.MultipleChoiceField(
        label=__("Needs all the time"),
        choices=[
            ("chair", __("chair")),
            ("nurse", __("nurse")),
            ("prescriber", __("prescriber")),
            ("pump", __("pump")),
            ("monitor", __("monitor")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    prescriber_min = forms.IntegerField(label=__("or the prescriber for the first minutes"), min_value=1, max_value=480, required=False)
    notice_hours = forms.IntegerField(label=__("Hours of notice the public gives"), min_value=0, max_value=720, initial=24)
    public = forms.BooleanField(label=__("May be booked by the public"), required=False)
    words = forms.CharField(
        label=__("What happens, for the patient"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def told(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        needs: list[dict[str, Any]] = [{"kind": kind} for kind in data.pop("needs")]
        until = data.pop("prescriber_min")
        if until and all(need["kind"] != "prescriber" for need in needs):
            needs.append({"kind": "prescriber", "to_min": until})
        return data | {"needs": needs}


@desk("place.manage")
def shifts_page(request: StaffRequest) -> HttpResponse:
    places = list(Location.objects.order_by("name", "id"))
    place = place_asked(request, places)
    if place is None:
        return redirect("people_places")
    with timezone.override(ZoneInfo(place.time_zone)):
        form = ShiftForm(posted(request), initial={"day": timezone.localdate(request.now)})
        if form.is_bound and carried_out(
            form, lambda: calendar.put_on_shift(location=place, by=request.staff, now=request.now, **form.cleaned_data)
        ):
            messages.success(request, _("On shift."))
            return redirect(f"{request.path}?place={place.ref}")
        return show(
            request, "calendar/shifts.html", _shifts(request, place, form) | {"places": places}, status=422 if form.is_bound else 200
        )


@desk("place.manage")
@require_POST
def shift_end(request: StaffRequest, ref: UUID) -> HttpResponse:
    shift = get_object_or_404(Shift.objects.select_related("location"), ref=ref)
    calendar.end_shift(shift, by=request.staff, now=request.now)
    messages.success(request, _("The shift has fallen out. Look for visits that now lack a person."))
    return redirect(f"/calendar/shifts/?place={shift.location.ref}")


@desk("place.manage")
@require_POST
def closure_new(request: StaffRequest) -> HttpResponse:
    places = list(Location.objects.order_by("name", "id"))
    place = place_asked(request, places)
    if place is None:
        return redirect("people_places")
    with timezone.override(ZoneInfo(place.time_zone)):
        form = ClosureForm(request.POST)
        if carried_out(form, lambda: _close(request, place, form)):
            messages.success(request, _("Closed for that time."))
            return redirect(f"/calendar/shifts/?place={place.ref}")
        context = _shifts(request, place, ShiftForm(initial={"day": timezone.localdate(request.now)})) | {
            "closure_form": form,
            "places": places,
        }
        return show(request, "calendar/shifts.html", context, status=422)


@desk("place.manage")
def kinds_page(request: StaffRequest) -> HttpResponse:
    form = KindForm(posted(request))
    if form.is_bound and carried_out(form, lambda: _describe(request, form)):
        messages.success(request, _("Kept."))
        return redirect("calendar_kinds")
    return show(request, "calendar/kinds.html", {"kinds": VisitType.objects.all(), "form": form}, status=422 if form.is_bound else 200)


def _describe(request: StaffRequest, form: KindForm) -> None:
    from django.utils.text import slugify

    told = form.told()
    calendar.describe_visit(key=slugify(told["name"])[:40] or "visit", by=request.staff, now=request.now, **told)


def _close(request: StaffRequest, place: Location, form: ClosureForm) -> None:
    first, last, words = (form.cleaned_data[name] for name in ("first", "last", "words"))
    calendar.close(place, first, last, words=words, by=request.staff, now=request.now)


def _shifts(request: StaffRequest, place: Location, form: ShiftForm) -> dict[str, Any]:
    begin: datetime = request.now - timedelta(days=1)
    shifts = Shift.objects.filter(location=place, ended_at__isnull=True, span__endswith__gt=begin).select_related("staff").order_by("span")
    return {
        "place": place,
        "form": form,
        "closure_form": ClosureForm(),
        "page": paged(request, shifts),
        "closures": Closure.objects.filter(location=place, ended_at__isnull=True, span__endswith__gt=begin).order_by("span"),
    }

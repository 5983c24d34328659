"""Planning a visit under a signed order: place, chair and time, with what is taken that day beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.refusals import Missing, OutOfRange
from winddown.record.models import Chair, Location, Session
from winddown.services import orders, sessions
from winddown.web.access import StaffRequest, read_chart
from winddown.web.orders.order_page import newest_of, order_of
from winddown.web.orders.words import order_status, status_words
from winddown.web.patients.base import head_of
from winddown.web.people.asked import day_asked, place_asked
from winddown.web.people.shell import HouseForm, carried_out, desk, posted, show

HOLDING = ("planned", "checked_in", "ready", "running", "held", "stopped", "recovering")


class PlanForm(HouseForm):
    """When and where. Times are those of the chosen place."""

    day = forms.DateField(label=__("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label=__("Start"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=__("Minutes in the chair"), min_value=15, max_value=900)
    chair = forms.ChoiceField(label=__("Chair"), widget=forms.RadioSelect)

    def __init__(self, chairs: Sequence[Chair], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.chairs = {str(chair.ref): chair for chair in chairs}
        self.fields["chair"].choices = [(ref, chair.name) for ref, chair in self.chairs.items()]  # type: ignore[attr-defined]


@desk("session.plan")
def order_plan(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The chair is refused when it is taken, by the database and not by this page."""
    order = order_of(ref)
    places = list(Location.objects.order_by("name", "id"))
    place = place_asked(request, places)
    if place is None:
        raise Missing(because="This practice has no location yet.", way_out="An administrator opens one under Places.", code="no_place")
    zone = ZoneInfo(place.time_zone)
    with timezone.override(zone):
        day = day_asked(request)
        minutes = orders.visit_minutes(order)
        form = PlanForm(
            list(place.chairs.order_by("position", "id")), posted(request), {"day": day, "minutes": minutes, "start": _soon(request, zone)}
        )
        read_chart(request, order.patient, f"plan visit {order.ref}")
        if form.is_bound and carried_out(form, lambda: _plan(request, form, order, zone)):
            messages.success(request, _("The visit is planned."))
            return redirect("board")
        newest = newest_of(order)
        context = head_of(request, order.patient) | {
            "order": order,
            "standing": order_status(order, newest.pk != order.pk),
            "newest": newest if newest.pk != order.pk else None,
            "form": form,
            "places": places,
            "place": place,
            "day": day,
            "key": uuid4(),
            "taken": _taken(list(form.chairs.values()), day, zone),
            "minutes": minutes,
        }
        return show(request, "orders/plan.html", context, status=422 if form.is_bound else 200)


def _soon(request: StaffRequest, zone: ZoneInfo) -> time:
    """The next full quarter of an hour."""
    local = request.now.astimezone(zone) + timedelta(minutes=15)
    return time(local.hour, local.minute - local.minute % 15)


def start_at(day: date, start: time, zone: ZoneInfo) -> datetime:
    """The wall-clock time of the place as an instant. Refuses an hour that the clocks skip that day; of a repeated one, the first."""
    told = datetime.combine(day, start, tzinfo=zone)
    instant = told.astimezone(UTC)
    if instant.astimezone(zone).time() != start:
        raise OutOfRange(
            because=_("The clocks skip %(time)s on that day.") % {"time": f"{start:%H:%M}"},
            way_out=_("Choose another time."),
            code="time_skipped",
            where="start",
        )
    return instant


def _plan(request: StaffRequest, form: PlanForm, order: Any, zone: ZoneInfo) -> None:
    told = form.cleaned_data
    begin = start_at(told["day"], told["start"], zone)
    if begin < request.now - timedelta(hours=12):
        raise OutOfRange(because=_("That time is over."), way_out=_("Choose a time from today on."), code="time_over", where="day")
    sessions.plan(order, form.chairs[told["chair"]], begin, minutes=told["minutes"], by=request.staff, now=request.now)


def _taken(chairs: Sequence[Chair], day: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Per chair, the spans that are taken on that day. One query."""
    first = datetime.combine(day, time(), tzinfo=zone)
    span = (first, first + timedelta(days=1))
    rows = Session.objects.filter(chair__in=chairs, status__in=HOLDING, planned__overlap=span).select_related("patient").order_by("planned")
    by_chair: dict[int, list[dict[str, Any]]] = {chair.pk: [] for chair in chairs}
    for row in rows:
        by_chair[row.chair_id].append({"from": row.planned.lower, "to": row.planned.upper, "status": status_words(row.status)})
    return [{"name": chair.name, "spans": by_chair[chair.pk]} for chair in chairs]

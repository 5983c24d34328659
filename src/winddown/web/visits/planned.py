"""Tomorrow's plan: what the program proposes, why, and a person's yes to each move or to all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from winddown.record.models import Booking, Chair, DayPlan, Location, Staff
from winddown.services import day_plans
from winddown.web.access import StaffRequest
from winddown.web.calendar.day import place_asked
from winddown.web.people.shell import desk, show


@desk("booking.write")
def plan_page(request: StaffRequest) -> HttpResponse:
    places = list(Location.objects.order_by("name", "id"))
    place = place_asked(request, places)
    if place is None:
        return show(request, "visits/plan.html", {"places": []})
    with timezone.override(ZoneInfo(place.time_zone)):
        day = _day(request)
        if request.method == "POST":
            day_plans.propose(place, day, by=request.staff, now=request.now)
            return redirect(f"{reverse('visit_plan')}?place={place.ref}&day={day}")
        row = day_plans.newest(place, day)
        lines = _lines(row) if row else []
        pending = any(line["change"] and not line["done"] for line in lines)
        context = {"places": places, "place": place, "day": day, "row": row, "lines": lines, "left": _left(row), "pending": pending}
        return show(request, "visits/plan.html", context)


@desk("booking.write")
@require_POST
def plan_accept(request: StaffRequest, plan: Any) -> HttpResponse:
    row = get_object_or_404(DayPlan.objects.select_related("location"), ref=plan)
    carried, refused = day_plans.accept(row, request.POST.getlist("booking"), by=request.staff, now=request.now)
    if carried:
        told = ngettext("%(n)d change carried out.", "%(n)d changes carried out.", carried) % {"n": carried}
        messages.success(request, f"{told} {_('Whoever has another time is told by message, where there is an address.')}")
    for because in refused:
        messages.warning(request, because)
    return redirect(f"{reverse('visit_plan')}?place={row.location.ref}&day={row.day}")


def _day(request: StaffRequest) -> date:
    tomorrow = timezone.localdate(request.now) + timedelta(days=1)
    try:
        asked = parse_date(request.POST.get("day") or request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked or tomorrow


def _lines(row: DayPlan) -> list[dict[str, Any]]:
    """Each visit as proposed, with names instead of references; three queries."""
    refs = [each["booking"] for each in row.proposed["visits"]]
    booked = {str(each.ref): each for each in Booking.objects.filter(ref__in=refs).select_related("patient", "visit_type")}
    chairs = {str(each.ref): each.name for each in Chair.objects.filter(location=row.location)}
    nurses = {str(each.ref): each.name for each in Staff.objects.filter(roles__contains=["nurse"])}
    done = {each["booking"] for each in row.accepted}
    return [
        each
        | {
            "row": booked[each["booking"]],
            "was": datetime.fromisoformat(each["was"]),
            "start": datetime.fromisoformat(each["start"]),
            "end": datetime.fromisoformat(each["end"]),
            "chair": chairs.get(each["chair"], ""),
            "nurse": nurses.get(each["nurse"], ""),
            "done": each["booking"] in done,
        }
        for each in row.proposed["visits"]
        if each["booking"] in booked
    ]


def _left(row: DayPlan | None) -> list[dict[str, Any]]:
    left = {each["booking"]: each["because"] for each in row.proposed["left_out"]} if row else {}
    rows = Booking.objects.filter(ref__in=list(left)).select_related("patient", "visit_type")
    return [{"row": each, "because": left[str(each.ref)]} for each in rows]

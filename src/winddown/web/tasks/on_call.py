"""The on-call page: who is on call, who has said that they are watching, and the rules by which an unanswered task goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.figures import Figure
from winddown.domain.tasks.escalation import NAMES, SIGNED, Ladder
from winddown.domain.tasks.roster import Duty, gaps
from winddown.record.models import OnCall, SafetyRules
from winddown.record.queries import tasks as asked
from winddown.services import permissions, roster
from winddown.services.escalation import ladder
from winddown.web.access import StaffRequest
from winddown.web.board.here import at_place, place_of
from winddown.web.people.shell import carried_out, posted, show
from winddown.web.tasks.forms import DutyForm, RulesForm

AHEAD = timedelta(days=14)


@at_place("task.see")
def on_call(request: StaffRequest) -> HttpResponse:
    """The next two weeks of this location, with the spans in which nobody is on call."""
    return _page(request, DutyForm(initial=_next_duty(request.now)))


@at_place("on_call.set")
@require_POST
def on_call_new(request: StaffRequest) -> HttpResponse:
    form = DutyForm(request.POST)
    if carried_out(form, lambda: roster.put_on_call(place_of(request), **form.cleaned_data, by=request.staff, now=request.now)):
        messages.success(request, _("On the roster."))
        return redirect("on_call")
    return _page(request, form)


@at_place("on_call.set")
@require_POST
def on_call_cancel(request: StaffRequest, duty: UUID) -> HttpResponse:
    roster.cancel(get_object_or_404(OnCall.objects.select_related("location"), ref=duty), by=request.staff, now=request.now)
    return redirect("on_call")


@at_place("task.clinical")
@require_POST
def watch_begin(request: StaffRequest) -> HttpResponse:
    row = roster.begin_watching(place_of(request), channel=request.POST.get("channel", ""), by=request.staff, now=request.now)
    until = timezone.localtime(row.until).strftime("%H:%M")
    messages.success(request, _("You are watching until %(until)s. Keep this screen open and awake.") % {"until": until})
    return redirect("on_call")


@at_place("task.clinical")
@require_POST
def watch_end(request: StaffRequest) -> HttpResponse:
    roster.end_watching(place_of(request), by=request.staff, now=request.now)
    return redirect("on_call")


@at_place("safety.sign")
def rules(request: StaffRequest) -> HttpResponse:
    """The steps in force with their sources, and a new version of them."""
    now_in_force = ladder()
    initial = {name: getattr(now_in_force, name).value for name in NAMES} | {"country": roster.country()}
    form = RulesForm(posted(request), initial=initial)
    if form.is_bound and carried_out(form, lambda: _sign(request, form)):
        messages.success(request, _("Signed. The new version is in force."))
        return redirect("safety_rules")
    context = {"form": form, "ladder": now_in_force, "versions": SafetyRules.objects.select_related("by").order_by("-version")[:20]}
    return show(request, "tasks/rules.html", context, status=422 if form.is_bound else 200)


def _sign(request: StaffRequest, form: RulesForm) -> SafetyRules:
    data = form.cleaned_data
    steps = Ladder(**{name: Figure(data[name], "min", SIGNED, "derived") for name in NAMES})
    return roster.sign_rules(steps, country=data["country"], because=data["because"], by=request.staff, now=request.now)


def _page(request: StaffRequest, form: DutyForm) -> HttpResponse:
    place, until = place_of(request), request.now + AHEAD
    rows = asked.duties(place, request.now, until)
    duties = [Duty(row.staff_id, row.rank, row.span.lower, row.span.upper) for row in rows]
    watching = asked.watching(place, request.now)
    context: dict[str, Any] = {
        "form": form,
        "place": place,
        "places": request.places,  # type: ignore[attr-defined]
        "rows": [{"row": row, "now": row.span.lower <= request.now < row.span.upper} for row in rows],
        "gaps": gaps(duties, request.now, until)[:8],
        "watching": watching,
        "i_watch": any(row.staff_id == request.staff.pk for row in watching),
        "may_set": permissions.may(request.staff, "on_call.set"),
        "ladder": ladder(),
    }
    return show(request, "tasks/on_call.html", context, status=422 if form.is_bound else 200)


def _next_duty(now: datetime) -> dict[str, datetime]:
    """From now to eight tomorrow morning: the night that is most often forgotten."""
    local = timezone.localtime(now).replace(second=0, microsecond=0)
    return {"starts_at": local, "ends_at": (local + timedelta(days=1)).replace(hour=8, minute=0)}

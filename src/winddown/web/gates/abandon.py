"""The visit ends before an infusion: why, and what becomes of a bag that was made."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed
from winddown.record.models import Session
from winddown.services import bags, sessions
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.gates import room
from winddown.web.gates.rows import BEFORE
from winddown.web.gates.start_acts import note
from winddown.web.sessions.room import bedside
from winddown.web.sessions.sight import Sight


@bedside("session.chart")
def abandon(request: StaffRequest, session: Session) -> HttpResponse:
    """A reason is needed; a bag that hangs or stands ready is wasted with a witness on the bag's page."""
    if request.method == "POST":
        _require_possible(session)
        sessions.abandon(session, because=request.POST.get("because", ""), **note(request))
        messages.success(request, _("The visit is abandoned; nothing was given."))
        return redirect("gates_bag" if bags.unwasted(session) else "gates_start", ref=session.ref)
    access.read_chart(request, session.patient, "abandon")
    context = {"possible": session.status in BEFORE, "unwasted": bags.unwasted(session)}
    return room.show(request, Sight.of(session, request.now), "gates/abandon.html", context)


def _require_possible(session: Session) -> None:
    if session.status not in (*BEFORE, "abandoned"):
        raise NotAllowed(
            because=_("The infusion has begun; the visit cannot be abandoned."),
            way_out=_("Hold or stop it on the chart, and discharge through recovery."),
            code="begun",
        )

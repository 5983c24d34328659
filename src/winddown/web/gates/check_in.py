"""The patient has arrived: the front desk or a nurse says so, and in which chair. Nothing clinical is shown here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from winddown.domain.sessions.story import Event, effective, latest
from winddown.record.models import Occupancy, Session
from winddown.record.queries.stories import events_of
from winddown.services import orders, patients, permissions, sessions
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.gates import entry, room
from winddown.web.gates.room import Act
from winddown.web.gates.start_acts import note
from winddown.web.patients.words import age_words
from winddown.web.sessions import room as house
from winddown.web.sessions.room import bedside


@bedside("session.check_in")
def check_in(request: StaffRequest, session: Session) -> HttpResponse:
    """One tap for the planned chair; another free chair can be chosen first."""
    if request.method == "POST":
        return room.refused_in_place(request, session, lambda: _acted(request, session))
    access.read_chart(request, session.patient, "check-in")
    return house.show(request, "gates/check_in.html", _context(request, session) | room.common(request, session))


def _acted(request: StaffRequest, session: Session) -> HttpResponse:
    room.carry_out(request, session, ACTS)
    charts = permissions.may(request.staff, "session.chart")
    return redirect("gates_start" if charts else "gates_check_in", ref=session.ref)


def _arrived(request: StaffRequest, session: Session) -> object:
    """Sit in the chosen chair and check in, in one transaction."""
    chairs = list(session.location.chairs.all())
    wanted = request.POST.get("chair", "") or str(session.chair.ref)
    refs = {str(chair.ref): chair for chair in chairs}
    chair = refs[entry.choice({"chair": wanted}, "chair", _("The chair"), refs)]
    if chair.pk != session.chair_id:
        sessions.seat(session, chair, by=request.staff, now=request.now)
    return sessions.check_in(session, **note(request))


ACTS: Mapping[str, Act] = {"arrived": Act(_arrived)}


def _context(request: StaffRequest, session: Session) -> dict[str, Any]:
    story = effective(events_of(session))
    today = timezone.localdate(request.now)
    return {
        "age": age_words(session.patient.birth_date, today),
        "arrived": latest(story, "checked_in"),
        "chairs": _chairs(session),
        "points": _points(session, story, request),
        "may_gate": permissions.may(request.staff, "chart.read"),
    }


def _chairs(session: Session) -> list[dict[str, Any]]:
    """The chairs of this place in floor-plan order, and who sits in them only as taken or free."""
    chairs = list(session.location.chairs.order_by("position"))
    seats = Occupancy.objects.filter(chair__in=chairs, span__endswith__isnull=True).exclude(session=session)
    taken = set(seats.values_list("chair_id", flat=True))
    return [{"chair": chair, "taken": chair.pk in taken, "planned": chair.pk == session.chair_id} for chair in chairs]


def _points(session: Session, story: tuple[Event, ...], request: StaffRequest) -> list[dict[str, str]]:
    """What will stop the start and can be put right at the desk."""
    today = timezone.localdate(request.now)
    consent = patients.consent_on(session.patient, today)
    escort = latest(story, "escort_named")
    signed = orders.is_signed(session.order)
    until = date_format(consent.expires_on) if consent and consent.expires_on else ""
    return [
        _point(bool(consent), _("Consent valid until %(day)s") % {"day": until}, _("No consent in force: sign one before the start.")),
        _point(signed, _("Order signed"), _("The order is not signed: tell the prescriber.")),
        _point(bool(escort), _("Escort %(name)s") % {"name": escort.text("name") if escort else ""}, _("Ask who takes the patient home.")),
    ]


def _point(met: bool, words: str, otherwise: str) -> dict[str, str]:
    return {"level": "calm" if met else "watch", "words": words if met else otherwise}

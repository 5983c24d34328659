"""Where a visit is worked on: its chart, the checks before the start, the recovery gate. A door whose room is not there is not shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from winddown.record.models import Session, Staff
from winddown.services import permissions
from winddown.web.people.shell import exists

ROOMS = {"chart": "/sessions/{ref}/", "start": "/sessions/{ref}/start-gate/", "recovery": "/sessions/{ref}/recovery/"}
_NOBODY = UUID(int=0)


def url(room: str, session: Session) -> str:
    """The address of one room of this visit; the chart where that room does not exist, empty where there is no chart either."""
    for name in (room, "chart"):
        if exists(ROOMS[name].format(ref=_NOBODY)):
            return ROOMS[name].format(ref=session.ref)
    return ""


def chart_url(session: Session, staff: Staff) -> str:
    return url("chart", session) if permissions.may(staff, "chart.read") else ""


def check_in(session: Session, staff: Staff) -> dict[str, Any] | None:
    if session.status != "planned" or not permissions.may(staff, "session.check_in"):
        return None
    return {"words": _("Check in"), "url": reverse("board_check_in", args=[session.ref]), "method": "post"}


def next_thing(session: Session, staff: Staff, duty_key: str = "", duty_state: str = "") -> dict[str, Any] | None:
    """The one button of a card: what comes next for this visit and this person."""
    if session.status == "planned":
        return check_in(session, staff)
    room, words = _next(session.status, duty_key, duty_state)
    to = url(room, session) if permissions.may(staff, "chart.read") else ""
    return {"words": words, "url": to} if to else None


def _next(status: str, duty_key: str, duty_state: str) -> tuple[str, str]:
    if status == "checked_in":
        return "start", _("Go on with the checks")
    if status == "ready":
        return "chart", _("Start the infusion")
    if status == "stopped":
        return "chart", _("Start recovery")
    if duty_state in ("due", "amber", "red"):
        told = {"observation_set": _("Take the set now"), "scores": _("Score now"), "site_check": _("Look at the IV site")}
        return "chart", told.get(duty_key, _("Open the chart"))
    if status == "recovering":
        return "recovery", _("Recovery criteria")
    return "chart", _("Open the chart")


def all_of(session: Session, staff: Staff) -> list[dict[str, Any]]:
    """Every door of one line of today's list."""
    first = check_in(session, staff)
    if first:
        return [first]
    if not permissions.may(staff, "chart.read"):
        return []
    rooms = [("chart", _("Chart"))]
    if session.status in ("checked_in", "ready"):
        rooms = [("start", _("Checks")), *rooms]
    if session.status in ("recovering", "stopped"):
        rooms = [("recovery", _("Recovery")), *rooms]
    found = [{"words": words, "url": url(room, session)} for room, words in rooms]
    return [door for place, door in enumerate(found) if door["url"] and door["url"] not in {each["url"] for each in found[:place]}]

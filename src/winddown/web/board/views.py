"""The chair board of one location: the page, its parts as they change, and the two things done on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.refusals import UnknownWord
from winddown.record.models import Chair, Session
from winddown.services import audit, health, permissions, screens, sessions
from winddown.web.access import StaffRequest, key_of, wants_json
from winddown.web.board import doors
from winddown.web.board.cards import Look, card_of, cards, today
from winddown.web.board.here import CHOSEN, at_place, covered, live_frame, place_of, show
from winddown.web.people.shell import frame


@at_place("board.see")
def board(request: StaffRequest) -> HttpResponse:
    """Every chair of the location, today's list beside it, the alarms on top."""
    if request.place is None:  # type: ignore[attr-defined]
        return show(request, "board/no_place.html", frame(request))
    look = _look(request)
    audit.note("see board", by=request.staff, now=request.now, subject=str(place_of(request).ref))
    context = live_frame(request, place_of(request), look.standing) | _parts(request, look)
    return show(request, "board/board.html", context | {"places": request.places})  # type: ignore[attr-defined]


@at_place("board.see", background=True)
def parts(request: StaffRequest) -> HttpResponse:
    """All that moves on the board, once more."""
    return covered(request) or show(request, "board/parts.html", _parts(request, _look(request)))


@at_place("board.see", background=True)
def card(request: StaffRequest, chair: UUID) -> HttpResponse:
    """One card once more. The chair may be of any location of the practice: the wall asks here too."""
    if (answer := covered(request)) is not None:
        return answer
    row = get_object_or_404(Chair.objects.select_related("location"), ref=chair)
    look = Look.at_chair(row, staff=request.staff, now=request.now)
    look.on_wall = request.GET.get("on") == "wall"
    return show(request, "board/wall_card.html" if look.on_wall else "board/card.html", {"chair": card_of(row, look)})


def _look(request: StaffRequest) -> Look:
    place = place_of(request)
    return Look.at([place], staff=request.staff, now=request.now, location=place)


def _parts(request: StaffRequest, look: Look) -> dict[str, Any]:
    place = place_of(request)
    screen = screens.screen_of(request.session.session_key or "", place)
    return {
        "place": place,
        "as_of": request.now,
        "cards": cards(look),
        "groups": today(look, place),
        "unwell": [part for part in health.here(now=request.now) if not part.ok],
        "screen": screen,
        "screen_tested": screen is not None and screens.is_tested(screen, now=request.now),
        "may_plan": permissions.may(request.staff, "patient.list"),
    }


@at_place("board.see")
@require_POST
def choose_place(request: StaffRequest) -> HttpResponse:
    """Look at another location from now on, on this device."""
    wanted = request.POST.get("place", "")
    known = {str(place.ref): place.name for place in request.places}  # type: ignore[attr-defined]
    if wanted not in known:
        raise UnknownWord("location", wanted, known.values())
    request.session[CHOSEN] = wanted
    return redirect("wall" if request.POST.get("on") == "wall" else "board")


@at_place("session.check_in")
@require_POST
def check_in(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The patient has arrived. A nurse goes on to the checks, the front desk stays on the board."""
    session: Session = get_object_or_404(Session.objects.select_related("patient", "chair", "location"), ref=ref)
    sessions.check_in(session, by=request.staff, now=request.now, key=key_of(request))
    if wants_json(request):
        return JsonResponse({"status": session.status, "version": session.version})
    messages.success(request, _("%(chair)s: checked in.") % {"chair": session.chair.name})
    onward = doors.url("start", session) if permissions.may(request.staff, "session.chart") else ""
    return redirect(onward or "board")

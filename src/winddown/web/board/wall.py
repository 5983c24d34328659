"""All chairs of all locations on one screen, read from across the room by the prescriber who supervises."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse

from winddown.services import audit, health
from winddown.web.access import StaffRequest
from winddown.web.board.cards import Look, cards
from winddown.web.board.here import at_place, live_frame, place_of, show


@at_place("chart.read")
def wall(request: StaffRequest) -> HttpResponse:
    """Initials only, for it hangs in the open. It does not cover itself when nobody touches it; a chart asks for the PIN then."""
    look = _look(request)
    audit.note("see wall", by=request.staff, now=request.now, subject="wall")
    context = live_frame(request, place_of(request), look.standing, with_place=True) | _parts(request, look)
    context["lock"] = context["lock"] | {"after_s": 0}
    return show(request, "board/wall.html", context)


@at_place("chart.read", background=True)
def parts(request: StaffRequest) -> HttpResponse:
    return show(request, "board/wall_parts.html", _parts(request, _look(request)))


def _look(request: StaffRequest) -> Look:
    look = Look.at(request.places, staff=request.staff, now=request.now)  # type: ignore[attr-defined]
    look.on_wall = True
    return look


def _parts(request: StaffRequest, look: Look) -> dict[str, Any]:
    """Cards by location, each in its floor-plan order; a location without chairs is left out."""
    rows = groupby(cards(look), key=lambda card: card["location"])
    return {
        "as_of": request.now,
        "rooms": [{"name": name, "cards": list(group)} for name, group in rows],
        "unwell": [part for part in health.here(now=request.now) if not part.ok],
        "count": len(look.chairs),
    }

"""What an alarm screen says of itself. All of it works behind a locked screen: the lock hides, it never silences."""

from __future__ import annotations

from uuid import UUID

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from winddown.record.models import AlarmScreen, Location
from winddown.services import screens
from winddown.web.access import StaffRequest, page


def _is(request: StaffRequest, name: str) -> bool:
    return request.POST.get(name, "") == "true"


@page("board.see", background=True)
@require_POST
def heartbeat(request: StaffRequest, place: UUID) -> JsonResponse:
    """Every ten seconds: whether it is seen, whether the browser lets it sound, and until when a person muted it."""
    said = screens.Beat(
        visible=_is(request, "visible"), sound=request.POST.get("sound") == "running", muted=bool(request.POST.get("muted_until"))
    )
    return _told(request, screens.beat(_sign_in(request), _location(place), said, by=request.staff, now=request.now))


@page("board.see", background=True)
@require_POST
def mute(request: StaffRequest, place: UUID) -> JsonResponse:
    return _told(request, screens.mute(_sign_in(request), _location(place), _is(request, "muted"), by=request.staff, now=request.now))


@page("board.see", background=True)
@require_POST
def test_tone(request: StaffRequest, place: UUID) -> JsonResponse:
    """A tone that the browser did not play was heard by nobody, whatever was answered."""
    heard = _is(request, "heard") and _is(request, "played")
    return _told(request, screens.answer_tone(_sign_in(request), _location(place), heard=heard, by=request.staff, now=request.now))


def _location(ref: UUID) -> Location:
    found: Location = get_object_or_404(Location, ref=ref)
    return found


def _sign_in(request: StaffRequest) -> str:
    return request.session.session_key or ""


def _told(request: StaffRequest, screen: AlarmScreen) -> JsonResponse:
    return JsonResponse(
        {
            "screen": str(screen.ref),
            "counts": screens.is_awake(screen, now=request.now),
            "tested": screens.is_tested(screen, now=request.now),
        }
    )

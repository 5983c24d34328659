"""The door of this room: every page here is about one session of this practice, and speaks in its location's time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from winddown.record.models import Session
from winddown.services import announcements
from winddown.web.access import StaffRequest, page, read_chart
from winddown.web.people.shell import frame

View = Callable[..., HttpResponse]
SEEN = TimestampSigner(salt="winddown.chart.seen")
SEEN_FOR_S = 14 * 3600


def bedside(permission: str, *, background: bool = False) -> Callable[[View], View]:
    """A page about one session. The view is called with the session in place of its reference; another practice's is not found."""

    def wrap(view: View) -> View:
        @wraps(view)
        def at_the_chair(request: StaffRequest, ref: UUID, **kwargs: Any) -> HttpResponse:
            session = session_of(ref)
            with timezone.override(ZoneInfo(session.location.time_zone)):
                return view(request, session, **kwargs)

        return page(permission, background=background)(at_the_chair)

    return wrap


def session_of(ref: UUID) -> Session:
    """The session with everything that a page of it needs, in one query; 404 outside this practice."""
    rows = Session.objects.select_related("patient", "location", "chair", "order__course__protocol")
    session: Session = get_object_or_404(rows, ref=ref)
    return session


def show(request: StaffRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A whole page in the house's frame, with the live stream."""
    stream = {"live": {"url": "/live/stream", "after": announcements.latest()}}
    return render(request, template, frame(request) | stream | dict(context), status=status)


def part(request: StaffRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A piece of a page, for a page that is there already."""
    return render(request, template, dict(context), status=status)


def wants_part(request: StaffRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def seen_token(request: StaffRequest, session: Session) -> str:
    """Proof, handed to the page, that its reading of this chart has been written down already."""
    return SEEN.sign(f"{session.ref}.{request.staff.ref}")


def note_reading(request: StaffRequest, session: Session) -> None:
    """The polls of a page whose view is in the audit trail add no line; the same address opened on its own is a reading of the chart."""
    told = f"{session.ref}.{request.staff.ref}"
    try:
        if SEEN.unsign(request.GET.get("seen", ""), max_age=SEEN_FOR_S) == told:
            return
    except BadSignature:
        pass
    read_chart(request, session.patient, str(session.ref))

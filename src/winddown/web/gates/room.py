"""What the pages around one infusion share: the frame of the page, how an act is taken, and two versions side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from winddown.domain.refusals import Stale, UnknownWord
from winddown.domain.sessions.story import Event
from winddown.record.models import Session, Staff
from winddown.record.queries.stories import events_of
from winddown.services import permissions
from winddown.web import access
from winddown.web.access import StaffRequest
from winddown.web.board.here import alarm_urls
from winddown.web.sessions import room as house
from winddown.web.sessions.marks import words_of
from winddown.web.sessions.page import alarms_here
from winddown.web.sessions.present import strip_of
from winddown.web.sessions.sight import Sight


@dataclass(frozen=True)
class Act:
    """One thing a form of a gate records.

    kinds  the events it writes: when one of them is newer than the page, somebody else was faster and both are shown
    """

    do: Callable[[StaffRequest, Session], object]
    kinds: tuple[str, ...] = ()


def show(request: StaffRequest, sight: Sight, template: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
    """A whole page of this visit: the frame of the house, its live feed, the strip, and the alarms that a person must see."""
    session = sight.session
    base = {
        "location_name": session.location.name,
        "alarms": alarms_here(session),
        "alarm_urls": alarm_urls(session.location),
        "strip": strip_of(sight, (context or {}).get("card")),
    }
    return house.show(request, template, base | common(request, session) | dict(context or {}))


def common(request: StaffRequest, session: Session) -> dict[str, Any]:
    """What the forms of a page and of a part of it ask for."""
    change = request.GET.get("change", "")
    return {"session": session, "new_key": uuid4, "seen": house.seen_token(request, session), "change": change}


def carry_out(request: StaffRequest, session: Session, acts: Mapping[str, Act]) -> str:
    """Do the act that the form names and return its name. Refuses an unknown one, and one that somebody did meanwhile."""
    name = request.POST.get("act", "")
    act = acts.get(name)
    if act is None:
        raise UnknownWord("act", name, acts)
    _require_fresh(request, session, act)
    act.do(request, session)
    return name


def answer(request: StaffRequest, session: Session, url: str, part: Callable[[], HttpResponse]) -> HttpResponse:
    """After an act: the part that changed for a page with scripts, the whole page for one without."""
    return part() if is_part(request) else redirect(url)


def is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def stale_part(request: StaffRequest, session: Session, stale: Stale) -> HttpResponse:
    """Both versions beside each other; what was typed stays in its field, and the next try knows of the other."""
    context = {"refusal": stale, "session": session, "form": request.POST.get("slot", "")}
    return render(request, "gates/parts/stale.html", context, status=409)


def people_here() -> list[Staff]:
    """Everyone who can act today, by name. One query."""
    return list(Staff.objects.filter(active=True).order_by("name"))


def second_people(everyone: Sequence[Staff], first: Staff) -> list[Staff]:
    """Who may confirm with their own PIN: somebody else, with the right to."""
    return [person for person in everyone if person.pk != first.pk and permissions.may(person, "second.person")]


def _require_fresh(request: StaffRequest, session: Session, act: Act) -> None:
    seen = access.seen_version(request)
    if seen is None or seen >= session.version:
        return
    key = str(access.key_of(request))
    story = events_of(session)
    if any(event.id == key for event in story):
        return
    newer = [event for event in story[seen:] if event.kind in act.kinds]
    if newer:
        raise Stale(because=_meanwhile(newer[-1]), way_out=_("Look at both. If yours is right, save it again."), code="newer_version")


def _meanwhile(event: Event) -> str:
    told = {"who": event.by, "what": words_of(event), "at": timezone.localtime(event.written_at).strftime("%H:%M:%S")}
    return _("Since this page was drawn, %(who)s recorded at %(at)s: %(what)s.") % told


def refused_in_place(request: StaffRequest, session: Session, deed: Callable[[], HttpResponse]) -> HttpResponse:
    """A stale act on a page with scripts shows both versions in place; every other refusal goes its usual way."""
    try:
        return deed()
    except Stale as stale:
        if not is_part(request):
            raise
        return stale_part(request, session, stale)

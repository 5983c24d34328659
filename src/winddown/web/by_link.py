"""The patient's door: a signed link instead of an account. It opens one practice, one patient and one purpose, and shows nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from winddown.record.models import Link, Location, Patient
from winddown.record.scope import at_practice
from winddown.services import clock, links
from winddown.web.access import View
from winddown.web.help_now import Help, left_to_right
from winddown.web.secret_address import answered

# An answer given before the link ended is a fact: it is taken in for a while after, when the phone finds the network again.
LATE = timedelta(days=14)


class LinkRequest(HttpRequest):
    """A request that came by a link: whose it is, what it opens, the place's own time.

    spoken   the language of questionnaires: the page's own, or the link's where only questionnaires were brought in it
    """

    link: Link
    patient: Patient
    place: Location | None
    now: datetime
    token: str
    spoken: str


def by_link(purpose: str | None, *others: str) -> Callable[[View], View]:
    """Admit the bearer of a link of this purpose, or one of the others (None: of any), inside the link's practice and one transaction.

    The address itself is the proof, so no cookie is trusted and no forgery token is asked for. Nothing of the page is stored by the
    browser or named to another site.
    """
    purposes = None if purpose is None else (purpose, *others)
    for each in purposes or ():
        if each not in links.PURPOSES:
            raise LookupError(f"{each!r} is not in services/links.py")

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def opened(request: LinkRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            request.now, request.token = clock.now(), token

            def inside() -> HttpResponse:
                practice_id, ref = links.read_token(token)
                with at_practice(practice_id):
                    return _inside(request, ref, purposes, lambda: view(request, *args, **kwargs))

            return answered(request, inside)

        opened.permission = None  # type: ignore[attr-defined]
        opened.is_public = True  # type: ignore[attr-defined]
        opened.purpose = purpose  # type: ignore[attr-defined]
        return opened

    return wrap


def is_caregivers(request: LinkRequest) -> bool:
    """A link that a caregiver opened from their own pages: it answers for the patient and decides nothing for them."""
    return request.link.access is not None and request.link.access.who == "caregiver"


def frame(request: LinkRequest) -> dict[str, Any]:
    """What the patient's base page asks for."""
    return {
        "practice_name": request.link.practice.name,
        "location_name": request.place.name if request.place else "",
        "phone": left_to_right(request.place.phone) if request.place else "",
        "patient_key": f"link-{request.link.ref}",
        "home": f"/p/{request.token}/",
        "given_name": request.patient.given_name,
        "token": request.token,
        "by_caregiver": is_caregivers(request),
        "help_now": Help(request.place, request.now),
        "page_languages": settings.PATIENT_LANGUAGES,
    }


def show(request: LinkRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    return render(request, template, frame(request) | (context or {}), status=status)


def _inside(request: LinkRequest, ref: Any, purpose: Collection[str] | None, view: Callable[[], HttpResponse]) -> HttpResponse:
    moment = request.now - LATE if request.method == "POST" else request.now
    request.link = links.opened(ref, purpose, now=moment)
    request.patient = links.patient_of(request.link)
    request.place = _place(request)
    with timezone.override(ZoneInfo(request.place.time_zone) if request.place else None), _language(request):
        known = request.link.language in dict(settings.PATIENT_LANGUAGES)
        request.spoken = translation.get_language() or "en"
        if request.link.language and not known:
            request.spoken = request.link.language
        return view()


def _place(request: LinkRequest) -> Location | None:
    """Where this patient was last or will be next, else the practice's first place."""
    session = request.patient.sessions.select_related("location").order_by("-planned").first()
    return session.location if session else Location.objects.order_by("id").first()


def _language(request: LinkRequest) -> Any:
    """The language chosen on this phone, else the one the link was made in, else the phone's own."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    known = dict(settings.PATIENT_LANGUAGES)
    wanted = chosen if chosen in known else request.link.language if request.link.language in known else translation.get_language()
    return translation.override(wanted)

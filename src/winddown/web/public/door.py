"""The door of the public site: a stranger at a practice's address, in a language, with no account, no session and no cookie.

A view says `@visitor()` and takes `clinic` (the practice's short name in the address) and perhaps `spoken` (the language in the address).
It runs inside that practice and one transaction; what it reads comes from `services/site/reading.py`. No cookie is trusted, so a form of
this site asks for no forgery token; a form that another site sends in a visitor's name is refused by where it came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property, wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.domain.suicide_safety.crisis import Country, country_of
from winddown.record.models import Practice
from winddown.record.scope import at_practice
from winddown.services import clock, roster
from winddown.services.site import reading
from winddown.web.access import View, refused, wants_json

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
FIVE_MINUTES = 300
ROOM, PEOPLE, ARTICLES = "in-the-room/", "people/", "articles/"
MENU = (
    ("treatment/", _("The treatment")),
    (ROOM, _("In the room")),
    ("places/", _("Places")),
    (PEOPLE, _("Clinicians")),
    (ARTICLES, _("Articles and questions")),
)


class VisitorRequest(HttpRequest):
    """A stranger's request: at which practice, in which language, when."""

    practice: Practice
    spoken: str
    now: datetime
    clinic_site: Frame


class Frame:
    """What the public base page asks for; each part is read only when a page shows it."""

    def __init__(self, request: VisitorRequest) -> None:
        self._request = request

    @cached_property
    def places(self) -> list[reading.PublicPlace]:
        return list(reading.places())

    @cached_property
    def shelf(self) -> list[reading.PublicText]:
        """Every approved text in every language."""
        return list(reading.shelf(on=timezone.localdate(self._request.now)))

    @cached_property
    def texts(self) -> list[reading.PublicText]:
        """Each approved text once, in the reader's language where it has it."""
        return reading.in_language(self.shelf, self._request.spoken)

    @cached_property
    def therapy(self) -> reading.PublicText | None:
        return next((text for text in self.texts if text.kind == "therapy"), None)

    @cached_property
    def articles(self) -> list[reading.PublicText]:
        found = [text for text in self.texts if text.kind == "article"]
        return sorted(found, key=lambda text: (text.lapsed, -text.review.approved_on.toordinal(), text.title))

    @cached_property
    def people(self) -> list[reading.PublicPerson]:
        return reading.people(self._request.spoken)

    @cached_property
    def notices(self) -> list[str]:
        return reading.notices(self._request.spoken, now=self._request.now)

    @cached_property
    def menu(self) -> list[dict[str, Any]]:
        """The pages that have something to say in this practice."""
        has: dict[str, Any] = {"treatment/": self.therapy, ROOM: reading.has_protocol(), "places/": self.places, PEOPLE: self.people}
        has[ARTICLES] = self.articles or reading.has_answers()
        home = f"/clinic/{self._request.practice.slug}/{self._request.spoken}/"
        return [
            {"url": home + path, "words": words, "current": self._request.path.startswith(home + path)} for path, words in MENU if has[path]
        ]

    @cached_property
    def country(self) -> Country:
        return country_of(roster.country())

    @cached_property
    def book_url(self) -> str:
        """The booking page of this practice, or nothing where the house has none."""
        url = f"/clinic/{self._request.practice.slug}/book/"
        return f"{url}?lang={self._request.spoken}" if _exists(url) else ""


def visitor(*, seconds: int = FIVE_MINUTES) -> Callable[[View], View]:
    """Admit anybody to a practice's public page.

    seconds   how long a browser or a cache may show the answer again; 0 for a page that is one person's (never stored anywhere)
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def opened(request: VisitorRequest, clinic: str, *args: Any, spoken: str = "", **kwargs: Any) -> HttpResponse:
            practice = reading.practice_of(clinic)
            if practice is None:
                raise Http404
            request.practice, request.now = practice, clock.now()
            with _language(request, spoken):
                try:
                    _same_site(request)
                    with at_practice(practice.pk), _zone(request):
                        return _kept(request, view(request, *args, **kwargs), seconds)
                except Refusal as refusal:
                    return _kept(request, _refused(request, refusal), 0)

        opened.permission = None  # type: ignore[attr-defined]
        opened.is_public = True  # type: ignore[attr-defined]
        return opened

    return wrap


def show(request: VisitorRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    return render(request, template, frame(request) | dict(context or {}), status=status)


def frame(request: VisitorRequest) -> dict[str, Any]:
    """What `public/base.html` asks for."""
    home = f"/clinic/{request.practice.slug}/{request.spoken}/"
    return {
        "practice_name": request.practice.name,
        "clinic": request.practice.slug,
        "spoken": request.spoken,
        "home": home,
        "site": request.clinic_site,
        "robots": "" if request.clinic_site.therapy else "noindex",
        "alternates": _alternates(request),
        "canonical": request.build_absolute_uri(request.path),
    }


def _alternates(request: VisitorRequest) -> list[dict[str, str]]:
    """This page in each language: by the language in its address, or else by `?lang=`."""
    here = f"/clinic/{request.practice.slug}/{request.spoken}/"
    found = []
    for code in LANGUAGES:
        if request.path.startswith(here):
            path = f"/clinic/{request.practice.slug}/{code}/{request.path.removeprefix(here)}"
        else:
            path = f"{request.path}?lang={code}"
        name = get_language_info(code)["name_local"]
        found.append({"code": code, "name": name.capitalize(), "path": path, "url": request.build_absolute_uri(path)})
    return found


def _language(request: VisitorRequest, spoken: str) -> AbstractContextManager[Any]:
    """The language in the address, else the one asked for by `?lang=` or a form, else the browser's own."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    chosen = spoken or (asked if asked in LANGUAGES else (translation.get_language() or "en").split("-")[0])
    request.spoken = chosen if chosen in LANGUAGES else "en"
    return translation.override(request.spoken)


def _zone(request: VisitorRequest) -> AbstractContextManager[Any]:
    """Days are those of the practice's first place; hours of a place are always written in its own time."""
    request.clinic_site = Frame(request)
    return timezone.override(ZoneInfo(request.clinic_site.places[0].time_zone) if request.clinic_site.places else None)


def _same_site(request: VisitorRequest) -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed(because="This form was sent from another site.", way_out="Open the clinic's own page.", code="other_site")


def _kept(request: VisitorRequest, response: HttpResponse, seconds: int) -> HttpResponse:
    """Cache rules and the fingerprint of the page; what the browser has already is not sent again."""
    response["Content-Language"] = request.spoken
    if seconds == 0 or request.method not in ("GET", "HEAD") or response.status_code != 200:
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    response["Cache-Control"] = f"public, max-age={seconds}"
    if not request.path.startswith(f"/clinic/{request.practice.slug}/{request.spoken}/"):
        patch_vary_headers(response, ["Accept-Language"])
    response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    if request.headers.get("If-None-Match") == response["ETag"]:
        same = HttpResponseNotModified()
        for name in ("Cache-Control", "ETag", "Vary"):
            if name in response:
                same[name] = response[name]
        return same
    return response


def _refused(request: VisitorRequest, refusal: Refusal) -> HttpResponse:
    if wants_json(request):
        return refused(request, refusal)
    with at_practice(request.practice.pk), _zone(request):
        return show(request, "public/refusal.html", {"refusal": refusal, "robots": "noindex"}, status=422)


def _exists(url: str) -> bool:
    try:
        resolve(url)
    except Resolver404:
        return False
    return True

"""The door of the patient's own pages: a cookie of its own, a sign-in that ends soon, one patient, and no right of the staff's.

A view says so itself with `@own_page`. Nobody signed in as staff gets in by that, and nobody signed in here gets any further.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import Location, OwnAccess, OwnSession, Patient
from winddown.record.scope import at_practice
from winddown.services import audit, clock, own_access, own_sign_in
from winddown.web.access import View, refused, wants_json
from winddown.web.help_now import Help, left_to_right

COOKIE, PATH = "winddown_me", "/me/"


class OwnRequest(HttpRequest):
    """A request of somebody who is signed in to own pages: who, whose pages, the place's own time.

    spoken   the language of questionnaires
    """

    signed_in: OwnSession
    own: OwnAccess
    patient: Patient
    place: Location | None
    now: datetime
    spoken: str


def own_page(*, reads: str = "", caregiver: str = "") -> Callable[[View], View]:
    """Admit the patient, inside the practice and one transaction.

    reads      what a look at this page is called in the audit; every look leaves a line
    caregiver  what a caregiver must be permitted to enter too: `visits`, `diary`, or `any` permission; empty: the patient alone
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: OwnRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.now = clock.now()
            held = own_sign_in.read_token(request.COOKIES.get(COOKIE, ""))
            if held is None:
                return private(_unknown(request))
            try:
                with at_practice(held[0]):
                    session = own_sign_in.found(held[1], now=request.now)
                    if session is None:
                        return private(_unknown(request))
                    _stand(request, session)
                    _require(request.own, caregiver)
                    return private(_inside(request, reads, lambda: view(request, *args, **kwargs)))
            except Refusal as refusal:
                return private(_refused(request, refusal))

        guarded.permission = None  # type: ignore[attr-defined]
        guarded.is_public = True  # type: ignore[attr-defined]
        guarded.is_own = True  # type: ignore[attr-defined]
        guarded.caregiver = caregiver  # type: ignore[attr-defined]
        guarded.reads = reads  # type: ignore[attr-defined]
        return guarded

    return wrap


def open_door(view: View) -> View:
    """A page in front of the door: signing in. It sees no practice by itself."""

    @wraps(view)
    def outside(request: OwnRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.now = clock.now()
        with translation.override(language_of(request)):
            try:
                return private(view(request, *args, **kwargs))
            except Refusal as refusal:
                return private(_refused(request, refusal))

    outside.permission = None  # type: ignore[attr-defined]
    outside.is_public = True  # type: ignore[attr-defined]
    outside.is_own = False  # type: ignore[attr-defined]
    return outside


def frame(request: OwnRequest) -> dict[str, Any]:
    """What the base of own pages asks for."""
    return {
        "practice_name": request.signed_in.practice.name,
        "location_name": request.place.name if request.place else "",
        "phone": left_to_right(request.place.phone) if request.place else "",
        "patient_key": f"own-{request.own.ref}",
        "given_name": request.patient.given_name,
        "own": request.own,
        "is_caregiver": request.own.who == "caregiver",
        "help_now": Help(request.place, request.now),
        "page_languages": settings.PATIENT_LANGUAGES,
    }


def show(request: OwnRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    return render(request, template, frame(request) | (context or {}), status=status)


def let_in(response: HttpResponse, session: OwnSession, request: HttpRequest) -> HttpResponse:
    """The cookie of this sign-in: for own pages only, out of reach of scripts, gone with the browser."""
    token = own_sign_in.token_of(session)
    response.set_cookie(
        COOKIE, token, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure() or settings.SESSION_COOKIE_SECURE
    )
    return response


def let_out(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def browser_of(request: HttpRequest) -> str:
    """The kind of device, for the list of sign-ins; nothing that could follow anybody."""
    return "phone" if "Mobi" in request.headers.get("User-Agent", "") else "computer"


def language_of(request: HttpRequest, of_access: str = "") -> str:
    """The language chosen on this device, else the one of the invitation, else the browser's own."""
    known = dict(settings.PATIENT_LANGUAGES)
    for wish in (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), of_access):
        if wish in known:
            return wish
    return translation.get_language() or settings.LANGUAGE_CODE


def _stand(request: OwnRequest, session: OwnSession) -> None:
    request.signed_in, request.own = session, session.access
    request.patient = own_access.patient_of(session.access)
    visit = request.patient.sessions.select_related("location").order_by("-planned").first()
    request.place = visit.location if visit else Location.objects.order_by("id").first()


def _require(access: OwnAccess, caregiver: str) -> None:
    if access.who == "caregiver" and caregiver != "any" and caregiver not in access.may:
        raise NotAllowed(
            because="This page is the patient's own.", way_out="Ask the patient, who can change what you may do.", code="not_permitted"
        )


def _inside(request: OwnRequest, reads: str, view: Callable[[], HttpResponse]) -> HttpResponse:
    language = language_of(request, request.own.language)
    zone = ZoneInfo(request.place.time_zone) if request.place else None
    with timezone.override(zone), translation.override(language):
        request.spoken = language
        if reads and request.method == "GET":
            told = {"subject": f"own:{request.own.ref}", "words": request.own.who}
            audit.note(f"own pages: {reads}", by=None, now=request.now, patient=request.patient, address=_address(request), **told)
        return view()


def _address(request: HttpRequest) -> str | None:
    return request.META.get("REMOTE_ADDR") or None


def _unknown(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"refused": "Sign in first.", "way_out": "Open /me/.", "code": "signed_out"}, status=401)
    wish = "" if request.method != "GET" or request.path == PATH else f"?next={quote(request.path)}"
    return redirect(f"/me/sign-in/{wish}")


def _refused(request: OwnRequest, refusal: Refusal) -> HttpResponse:
    if wants_json(request):
        return refused(request, refusal)
    status = 403 if refusal.code == "not_permitted" else 422
    context = {"refusal": refusal, "page_languages": settings.PATIENT_LANGUAGES}
    with translation.override(language_of(request)):
        return render(request, "me/refused.html", context, status=status)

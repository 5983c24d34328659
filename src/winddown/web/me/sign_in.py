"""Signing in to own pages: ask for a link, open it, leave here or everywhere. An address that is not known gets the same answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import OwnEntry, OwnSession
from winddown.record.scope import at_practice
from winddown.services import own_access, own_sign_in
from winddown.web.own_door import OwnRequest, browser_of, language_of, let_in, let_out, open_door, own_page

NEXT = "winddown_me_next"


@open_door
def ask(request: OwnRequest) -> HttpResponse:
    """The address field. Whatever is typed, the answer is the same page."""
    refusal = None
    if request.method == "POST":
        try:
            own_access.ask(request.POST.get("email", "")[:320], source=request.META.get("REMOTE_ADDR", ""), now=request.now)
            return redirect("me_sent")
        except Refusal as why:
            refusal = why
    response = _render(request, "me/sign_in.html", {"refusal": refusal}, status=422 if refusal else 200)
    wish = request.GET.get("next", "")
    if wish.startswith("/me/") and url_has_allowed_host_and_scheme(wish, None):
        response.set_cookie(NEXT, wish[:200], max_age=3600, path="/me/", httponly=True, samesite="Lax")
    return response


@open_door
def sent(request: OwnRequest) -> HttpResponse:
    return _render(request, "me/sent.html", {"minutes": own_access.ASKED_FOR.seconds // 60})


@open_door
def enter(request: OwnRequest, own_entry: str) -> HttpResponse:
    """The page of a one-time link. Looking uses nothing up, since mail programs look first; the button does."""
    try:
        practice_id, ref = own_access.read_token(own_entry)
        with at_practice(practice_id):
            row = own_access.opened(ref, now=request.now)
            with translation.override(language_of(request, row.access.language)):
                if request.method != "POST":
                    return _entry_page(request, row)
                return _let_in(request, row)
    except NotAllowed as refusal:
        if refusal.code == "birth_date_wrong":
            return _wrong(request, practice_id, ref, refusal)
        return _render(request, "me/gone.html", {"refusal": refusal}, status=404)


@own_page(caregiver="any")
def out(request: OwnRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("me")
    own_sign_in.sign_out(request.signed_in, now=request.now)
    messages.success(request, _("You are signed out."))
    return let_out(redirect("me_sign_in"))


@own_page(caregiver="any")
def out_everywhere(request: OwnRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("me_settings")
    own_access.sign_out_everywhere(request.own, now=request.now)
    messages.success(request, _("You are signed out on every device."))
    return let_out(redirect("me_sign_in"))


def welcome(request: OwnRequest, session: OwnSession) -> HttpResponse:
    """On to the page that was asked for, with the cookie of the new sign-in."""
    wish = request.COOKIES.get(NEXT, "")
    onward = wish if wish.startswith("/me/") and url_has_allowed_host_and_scheme(wish, None) else "/me/"
    response = let_in(redirect(onward), session, request)
    response.delete_cookie(NEXT, path="/me/")
    return response


def _let_in(request: OwnRequest, row: OwnEntry) -> HttpResponse:
    born = _born(request.POST) if row.access.proven_at is None else None
    session = own_sign_in.by_link(row, born=born, browser=browser_of(request), now=request.now)
    return welcome(request, session)


def _wrong(request: OwnRequest, practice_id: int, ref: str, refusal: NotAllowed) -> HttpResponse:
    """Count it in a transaction of its own, then show the page again or say that the link is closed."""
    with at_practice(practice_id):
        row = own_access.opened(ref, now=request.now)
        own_access.count_wrong_birth_date(row.access_id, now=request.now)
    try:
        with at_practice(practice_id), translation.override(language_of(request, row.access.language)):
            return _entry_page(request, own_access.opened(ref, now=request.now), refusal)
    except NotAllowed as gone:
        return _render(request, "me/gone.html", {"refusal": gone}, status=404)


def _entry_page(request: OwnRequest, row: OwnEntry, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "practice_name": row.practice.name,
        "first": row.access.proven_at is None,
        "is_caregiver": row.access.who == "caregiver",
        "refusal": refusal,
        "today": request.now.date(),
    }
    return _render(request, "me/enter.html", context, status=422 if refusal else 200)


def _born(posted: Any) -> date | None:
    """A date as a date field sends it, or from three fields where a browser has none."""
    try:
        return parse_date(posted.get("born", "")) or _from_words(posted.get("born", ""))
    except ValueError:
        return None


def _from_words(text: str) -> date | None:
    for form in ("%m/%d/%Y", "%d.%m.%Y", "%Y%m%d"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    return None


def _render(request: OwnRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, {"page_languages": settings.PATIENT_LANGUAGES} | context, status=status)

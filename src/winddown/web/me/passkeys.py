"""Passkeys for own pages: two questions to the browser and their answers, as JSON. What was asked is remembered once and for minutes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from winddown.domain.refusals import NotAllowed
from winddown.services import own_limits, own_passkeys
from winddown.web.me.sign_in import welcome
from winddown.web.own_door import OwnRequest, browser_of, open_door, own_page

ASKED, LASTS_S = "winddown_me_asked", 300


@open_door
def begin(request: OwnRequest) -> HttpResponse:
    own_limits.from_one_source(request.META.get("REMOTE_ADDR", ""), now=request.now)
    return _ask(*own_passkeys.begin_sign_in(host=request.get_host()))


@open_door
def sign_in(request: OwnRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("me_sign_in")
    session = own_passkeys.sign_in(_answer(request), _asked(request), host=request.get_host(), browser=browser_of(request), now=request.now)
    onward = welcome(request, session)
    response = JsonResponse({"onward": onward["Location"]})
    response.cookies = onward.cookies
    return response


@own_page(caregiver="any")
def begin_keeping(request: OwnRequest) -> HttpResponse:
    return _ask(*own_passkeys.begin_keeping(request.own, host=request.get_host()))


@own_page(caregiver="any")
def keep(request: OwnRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("me_settings")
    name = _("phone") if browser_of(request) == "phone" else _("computer")
    own_passkeys.keep(request.own, _answer(request), _asked(request), name=name, host=request.get_host(), now=request.now)
    return JsonResponse({"onward": "/me/settings/"})


@own_page(caregiver="any")
def remove(request: OwnRequest, own_passkey: int) -> HttpResponse:
    if request.method == "POST":
        own_passkeys.remove(request.own, own_passkey, now=request.now)
    return redirect("me_settings")


def _ask(asked: Mapping[str, Any], state: Mapping[str, Any]) -> HttpResponse:
    name = uuid4().hex
    cache.set(f"me-passkey:{name}", dict(state), LASTS_S)
    response = JsonResponse(dict(asked))
    response.set_cookie(ASKED, name, max_age=LASTS_S, path="/me/", httponly=True, samesite="Strict")
    return response


def _asked(request: OwnRequest) -> Mapping[str, Any]:
    """What this browser was asked; handed out once."""
    key = f"me-passkey:{request.COOKIES.get(ASKED, '')[:64]}"
    state = cache.get(key)
    if not isinstance(state, dict) or not cache.delete(key):
        raise NotAllowed(because="That took too long, or was answered already.", way_out="Try again.", code="passkey_late")
    return state


def _answer(request: OwnRequest) -> Mapping[str, Any]:
    try:
        told = json.loads(request.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise NotAllowed(because="This is no answer of a passkey.", way_out="Try again.", code="passkey_refused")
    return told

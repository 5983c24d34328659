"""The first page, the lock, and a person's own account."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winddown.domain.refusals import Refusal
from winddown.services import people, permissions
from winddown.services.site import reading
from winddown.web.access import LOCKED, SEEN, StaffRequest, is_locked, page, wants_json
from winddown.web.people.forms import PinForm, SecretForm
from winddown.web.people.shell import carried_out, desk, exists, menu, posted, show
from winddown.web.people.staff import credential_lines
from winddown.web.people.words import role_words

BOARD = "/board/"


@desk("own.account")
def _board(request: StaffRequest) -> HttpResponse:
    first = BOARD if permissions.may(request.staff, "board.see") else next((line["url"] for line in menu(request)), "")
    return redirect(first) if first and exists(first) else show(request, "people/home.html")


@wraps(_board)
def home(request: StaffRequest) -> HttpResponse:
    """The board for staff, or the first room they may enter; a stranger is led to the practice's public site, where there is one."""
    only = None if request.user.is_authenticated else reading.the_only_practice()
    return redirect("clinic", clinic=only.slug) if only else _board(request)


@page("own.account", background=True)
def lock(request: StaffRequest) -> HttpResponse:
    """Who is signed in and nothing else. The password or the PIN opens the screen again."""
    onward = _onward(request)
    if request.method != "POST":
        return show(request, "people/lock.html", {"form": SecretForm(), "next": onward}) if is_locked(request) else redirect(onward)
    form = SecretForm(request.POST)
    if not carried_out(form, lambda: people.unlock(request.staff, form.cleaned_data["secret"], now=request.now)):
        return _still_locked(request, form, onward)
    request.session.pop(LOCKED, None)
    request.session[SEEN] = request.now.isoformat()
    return JsonResponse({"unlocked": True}) if wants_json(request) else redirect(onward)


def _still_locked(request: StaffRequest, form: SecretForm, onward: str) -> HttpResponse:
    _count(request, form.refusal)
    if wants_json(request):
        because = form.refusal.because if form.refusal else _("Enter your password or PIN.")
        return JsonResponse({"refused": because, "way_out": form.refusal.way_out if form.refusal else ""}, status=422)
    return show(request, "people/lock.html", {"form": form, "next": onward}, status=422)


def _count(request: StaffRequest, refusal: Refusal | None) -> None:
    if refusal is not None and refusal.code == "secret_wrong":
        people.count_wrong_pin(str(request.staff.ref), now=request.now)


@page("own.account", background=True)
@require_POST
def lock_now(request: StaffRequest) -> HttpResponse:
    request.session[LOCKED] = True
    return JsonResponse({"locked": True}) if wants_json(request) else redirect("/lock/")


def _onward(request: StaffRequest) -> str:
    """Where to go after the lock: an address of this house only."""
    wish = request.POST.get("next") or request.GET.get("next") or "/"
    mine = url_has_allowed_host_and_scheme(wish, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wish if mine and not wish.startswith("/lock/") else "/"


@desk("own.account")
def account(request: StaffRequest) -> HttpResponse:
    credentials = credential_lines([request.staff], today=localdate(request.now))[request.staff.pk]
    return show(request, "people/account.html", {"roles": role_words(request.staff.roles), "credentials": credentials})


@desk("own.account")
def pin(request: StaffRequest) -> HttpResponse:
    form = PinForm(posted(request))
    if form.is_bound and carried_out(
        form, lambda: people.set_pin(request.staff, form.cleaned_data["pin"], password=form.cleaned_data["secret"], now=request.now)
    ):
        messages.success(request, _("Your PIN is set."))
        return redirect("people_account")
    _count(request, form.refusal)
    return show(request, "people/pin.html", {"form": form}, status=422 if form.is_bound else 200)

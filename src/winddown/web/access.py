"""The door of every page: who may enter, inside which practice, and whether the screen is locked.

A view says so itself with `@page("permission")`. A view that says nothing cannot be reached, and a test fails on it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import Staff
from winddown.record.scope import at_practice
from winddown.services import audit, clock, people, permissions

View = Callable[..., HttpResponse]
LOCKED, SEEN = "locked", "seen_at"
OUTSIDE = ("account_", "mfa_", "django_static")


class StaffRequest(HttpRequest):
    """A request that came through the door: `staff`, `now`, and `second` when another person proved who they are."""

    staff: Staff
    now: datetime
    second: Staff | None
    practice_id: int


def public(view: View) -> View:
    """A page for anyone: health, the sign-in screen's helpers. It sees no practice."""
    view.permission = None  # type: ignore[attr-defined]
    view.is_public = True  # type: ignore[attr-defined]
    return view


def page(permission: str, *, background: bool = False) -> Callable[[View], View]:
    """Admit staff whose role holds `permission`, inside their practice and one transaction; turn refusals into words.

    background   a request that the page makes by itself (stream, heartbeat, alarm poll): it works behind a locked screen and does not
                 count as the person being there.
    """
    if permission not in permissions.PERMISSIONS:
        raise LookupError(f"{permission!r} is not in services/permissions.py")

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _unknown(request)
            request.now = clock.now()
            request.practice_id = request.user.practice_id
            if not background and is_locked(request):
                return _locked(request)
            try:
                request.second = _second(request)
                with at_practice(request.practice_id):
                    request.staff = _staff(request)
                    permissions.require(request.staff, permission)
                    return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.is_public = False  # type: ignore[attr-defined]
        guarded.is_background = background  # type: ignore[attr-defined]
        return guarded

    return wrap


def is_locked(request: HttpRequest) -> bool:
    """Locked by hand, or idle for longer than the setting. Checking also counts as being there."""
    if request.session.get(LOCKED):
        return True
    now = clock.now()
    seen = parse_datetime(request.session.get(SEEN, "")) if request.session.get(SEEN) else None
    if seen is not None and now - seen > timedelta(minutes=settings.LOCK_AFTER_MIN):
        request.session[LOCKED] = True
        return True
    if seen is None or now - seen > timedelta(seconds=20):
        request.session[SEEN] = now.isoformat()
    return False


def read_chart(request: StaffRequest, patient: Any, subject: str) -> None:
    """Every view that shows a chart calls this once; the line is written in the view's own transaction."""
    address = request.META.get("REMOTE_ADDR") or None
    audit.note("read chart", by=request.staff, now=request.now, patient=patient, subject=subject, address=address)


def key_of(request: HttpRequest) -> UUID:
    """The idempotency key that the form carried; a hand-made request without one gets its own."""
    text = request.POST.get("key", "")
    try:
        return UUID(text) if text else uuid4()
    except ValueError:
        raise Refusal(because=f"The key {text!r} is not a UUID.", way_out="Reload the page and send again.", code="key_invalid") from None


def by_ref(rows: QuerySet[Any], text: str) -> Any:
    """The row that this reference names; None for one that is not there, and for a text that is no reference at all."""
    try:
        return rows.filter(ref=UUID(text)).first()
    except ValueError:
        return None


def seen_version(request: HttpRequest) -> int | None:
    """The version of the story the writer had on the screen."""
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "") or request.path.endswith(".json")


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in its own words: value, limit, way out. 403 for a person, 422 for a value. What was typed stays on the page."""
    status = 403 if isinstance(refusal, NotAllowed) and refusal.code == "not_permitted" else 422
    if wants_json(request):
        words = {"refused": refusal.because, "way_out": refusal.way_out, "code": refusal.code, "where": refusal.where}
        return JsonResponse(words, status=status)
    fragment = request.headers.get("HX-Request") == "true"
    template = "components/refusal.html" if fragment else "refusal.html"
    return render(request, template, {"refusal": refusal, "back": request.headers.get("Referer", "/")}, status=status)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every template may ask for."""
    staff = getattr(request, "staff", None)
    return {
        "staff": staff,
        "may": {act.replace(".", "_"): permissions.may(staff, act) for act in permissions.PERMISSIONS} if staff else {},
        "now": getattr(request, "now", None) or clock.now(),
        "lock_after_min": settings.LOCK_AFTER_MIN,
    }


class AccessMiddleware:
    """Nothing is reachable by forgetting: a view without a declared permission answers 403."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if hasattr(view, "is_public") or name.startswith(OUTSIDE):
            return None
        return HttpResponseForbidden("This address has no declared permission.")


def _staff(request: HttpRequest) -> Staff:
    staff = Staff.objects.filter(account_id=request.user.pk, active=True).first()
    if staff is None:
        raise NotAllowed(because="This account has no place on the staff.", way_out="Ask an administrator.", code="not_permitted")
    return staff


def _second(request: StaffRequest) -> Staff | None:
    """Prove the second person before the act's transaction opens; a wrong PIN is counted in a transaction of its own."""
    ref, pin = request.POST.get("second", ""), request.POST.get("second_pin", "")
    if not ref:
        return None
    try:
        with at_practice(request.practice_id):
            return people.prove_second(ref, pin, first=_staff(request), now=request.now)
    except NotAllowed as refusal:
        if refusal.code == "pin_wrong":
            with at_practice(request.practice_id):
                people.count_wrong_pin(ref, now=request.now)
        raise


def _unknown(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"refused": "Sign in first.", "way_out": "Open /accounts/login/.", "code": "signed_out"}, status=401)
    return redirect(f"/accounts/login/?next={request.get_full_path()}")


def _locked(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"refused": "The screen is locked.", "way_out": "Unlock it first.", "code": "locked"}, status=423)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=423, headers={"HX-Redirect": "/lock/"})
    return redirect(f"/lock/?next={request.get_full_path() if request.method == 'GET' else '/'}")

"""The door of one visit by its link, and of other addresses that prove themselves. The clinic's own pages have the public site's door."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt

from winddown.record.models import Booking, Practice
from winddown.record.scope import at_practice
from winddown.services import asking, clock, secret_addresses
from winddown.web.access import View
from winddown.web.public import door as public
from winddown.web.secret_address import answered


class VisitRequestByLink(public.VisitorRequest):
    """The bearer of one visit's link."""

    row: Booking
    token: str


def by_secret(purpose: str) -> Callable[[View], View]:
    """Admit the bearer of an address signed for this purpose, inside its practice. The address is the proof, so no cookie is trusted."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def opened(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            request.now, request.token = clock.now(), token

            def inside() -> HttpResponse:
                practice_id, ref = secret_addresses.read(purpose, token)
                with at_practice(practice_id):
                    request.practice = Practice.objects.get(pk=practice_id)
                    request.spoken = (translation.get_language() or "en").split("-")[0]
                    return view(request, ref, *args, **kwargs)

            return answered(request, inside)

        opened.permission = None  # type: ignore[attr-defined]
        opened.is_public = True  # type: ignore[attr-defined]
        return opened

    return wrap


def by_visit(view: View) -> View:
    """The door of one visit: `request.row`, in the place's own time and the visitor's language."""

    @by_secret("visit")
    @wraps(view)
    def opened(request: VisitRequestByLink, ref: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        from winddown.services.links import gone

        rows = Booking.objects.select_related("patient", "visit_type", "location__practice")
        row = rows.filter(ref=ref).first()
        if row is None:
            raise gone()
        request.row = row
        with timezone.override(ZoneInfo(row.location.time_zone)), _language(request, row.contact.get("language", "")):
            return view(request, *args, **kwargs)

    return opened


def frame(request: Any) -> dict[str, Any]:
    """What the visitor's base page asks for: the public site's own, with the numbers to call. None is for a search engine."""
    if not hasattr(request, "clinic_site"):
        request.clinic_site = public.Frame(request)
    found = public.frame(request)
    sealed = request.POST.get("pass") or request.GET.get("pass", "")
    if sealed:
        for one in found["alternates"]:
            one["path"] += f"&{urlencode({'pass': sealed})}"
    return found | {"robots": "noindex, nofollow", "phones": [place for place in asking.places() if place.phone]}


def show(request: Any, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    return render(request, template, frame(request) | (context or {}), status=status)


def _language(request: Any, wanted: str) -> Any:
    """The language asked for, else the one kept with the visit, else the browser's own."""
    asked, known = request.GET.get("lang", ""), dict(settings.LANGUAGES)
    request.spoken = asked if asked in known else wanted if wanted in known else (translation.get_language() or "en").split("-")[0]
    return translation.override(request.spoken)

"""Two doors without an account: the clinic's own pages by its name, and one visit by its link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import Booking, Practice
from winddown.record.scope import at_practice
from winddown.services import asking, clock, secret_addresses
from winddown.web.access import View, refused, wants_json
from winddown.web.help_now import Help


class ClinicRequest(HttpRequest):
    """A visitor of one practice's public pages: nobody in particular."""

    practice: Practice
    now: datetime
    spoken: str


class VisitRequestByLink(ClinicRequest):
    """The bearer of one visit's link."""

    row: Booking
    token: str


def of_clinic(view: View) -> View:
    """Admit anyone into the public rooms of the practice of this name; an unknown name is not found.

    No cookie is trusted, so a form asks for no forgery token; one that another site sends is refused by where it came from.
    """

    @csrf_exempt
    @wraps(view)
    def opened(request: ClinicRequest, clinic: str, *args: Any, **kwargs: Any) -> HttpResponse:
        practice = Practice.objects.filter(slug=clinic).first()
        if practice is None:
            raise Http404
        request.practice, request.now = practice, clock.now()
        with _language(request, request.POST.get("lang") or request.GET.get("lang", "")):
            try:
                _same_site(request)
                with at_practice(practice.pk):
                    return _unstored(view(request, *args, **kwargs))
            except Refusal as refusal:
                return _unstored(refused(request, refusal))

    opened.permission = None  # type: ignore[attr-defined]
    opened.is_public = True  # type: ignore[attr-defined]
    return opened


def by_secret(purpose: str) -> Callable[[View], View]:
    """Admit the bearer of an address signed for this purpose, inside its practice. The address is the proof, so no cookie is trusted."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def opened(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
            request.now, request.token = clock.now(), token
            try:
                practice_id, ref = secret_addresses.read(purpose, token)
                with at_practice(practice_id):
                    request.practice = Practice.objects.get(pk=practice_id)
                    return _unstored(view(request, ref, *args, **kwargs))
            except NotAllowed as refusal:
                return _unstored(_gone(request, refusal) if refusal.code == "link_gone" else refused(request, refusal))
            except Refusal as refusal:
                return _unstored(refused(request, refusal))

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
    """What the visitor's base page asks for."""
    where = asking.places()
    return {
        "practice_name": request.practice.name,
        "clinic": request.practice.slug,
        "spoken": request.spoken,
        "languages": [(code, name) for code, name in settings.LANGUAGES if code != request.spoken],
        "phones": [place for place in where if place.phone],
        "patient_key": "visitor",
        "help_now": Help(where[0] if where else None, request.now),
    }


def show(request: Any, template: str, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    return render(request, template, frame(request) | (context or {}), status=status)


def _language(request: Any, wanted: str) -> Any:
    """The language asked for, else the one kept with the visit, else the browser's own."""
    asked, known = request.GET.get("lang", ""), dict(settings.LANGUAGES)
    request.spoken = asked if asked in known else wanted if wanted in known else (translation.get_language() or "en").split("-")[0]
    return translation.override(request.spoken)


def _same_site(request: HttpRequest) -> None:
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed(because="This form was sent from another site.", way_out="Open the clinic's own page.", code="other_site")


def _gone(request: HttpRequest, refusal: NotAllowed) -> HttpResponse:
    if wants_json(request):
        return refused(request, refusal)
    return render(request, "at_home/gone.html", status=404)


def _unstored(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response

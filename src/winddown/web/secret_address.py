"""An address that is itself the proof: who holds it is let in. So none of its pages stays on a device, travels on or is searched."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from winddown.domain.refusals import Refusal
from winddown.web.access import refused, wants_json


def sealed(response: HttpResponse) -> HttpResponse:
    """Not stored, not named to another site, not indexed."""
    response["Cache-Control"], response["Referrer-Policy"], response["X-Robots-Tag"] = "no-store", "no-referrer", "noindex, nofollow"
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """One page, one status, for every such address that does not work: it does not say why."""
    return sealed(render(request, "at_home/gone.html", status=404))


def answered(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """What `act` shows, or its refusal in words; sealed in any case."""
    try:
        return sealed(act())
    except Refusal as refusal:
        if refusal.code == "link_gone" and not wants_json(request):
            return gone(request)
        return sealed(refused(request, refusal))

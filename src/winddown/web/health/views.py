"""Is the house well? Proven by traffic, never by status."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from winddown.services import clock, health
from winddown.web.access import public


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, listener and watch have each done their work recently; 503 with the reason otherwise."""
    parts = health.check(now=clock.now())
    ok = all(part.ok for part in parts)
    told = {"status": "ok" if ok else "failing", "parts": {part.name: {"ok": part.ok, "words": part.words} for part in parts}}
    if not ok:
        told["reason"] = "; ".join(part.words for part in parts if not part.ok)
    return JsonResponse(told, status=200 if ok else 503)

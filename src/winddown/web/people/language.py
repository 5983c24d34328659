"""The language of the pages in this browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.i18n import set_language as remember

from winddown.web.access import public


@public
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie of this browser and go back to the page. It shows nothing, so it needs no one signed in."""
    return remember(request)

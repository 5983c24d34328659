"""Pages and API on the sync path, the live stream on the async one."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

pages = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]

from winddown.web.live.stream import Stream  # noqa: E402 - needs the application registry

stream = Stream()


async def application(scope, receive, send):
    """Route by path: /live/stream to the stream, everything else to Django's pages."""
    if scope["type"] == "lifespan":
        await stream.lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/live/stream":
        await stream(scope, receive, send)
    else:
        await pages(scope, receive, send)

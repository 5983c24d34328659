"""The WSGI application, for servers that want only the pages."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winddown.config.settings")

application = get_wsgi_application()

"""The web floor as a Django application: templates, static files, tags."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "winddown.web"
    label = "web"

"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.programme import today

urlpatterns: list[URLPattern] = [
    path("programme/", today.today, name="programme_today"),
    path("programme/now/", today.now, name="programme_now"),
]

"""Addresses of this room: the way to stop that every reminder carries."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.stopping import views

urlpatterns: list[URLPattern] = [path("m/<str:token>/", views.stop, name="stop_messages")]

"""Addresses of this room: the way to stop that every reminder carries, and text messages that come in."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.stopping import texts, views

urlpatterns: list[URLPattern] = [
    path("m/<str:token>/", views.stop, name="stop_messages"),
    path("texts/<slug:clinic>/", texts.texts, name="texts_in"),
]

"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.library import views

urlpatterns: list[URLPattern] = [
    path("models/", views.model_list, name="model_list"),
    path("models/<slug:model_id>/", views.model_page, name="model_page"),
]

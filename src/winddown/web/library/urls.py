"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.library import ahead, views

urlpatterns: list[URLPattern] = [
    path("models/", views.model_list, name="model_list"),
    path("models/<slug:model_id>/", views.model_page, name="model_page"),
    path("orders/<uuid:ref>/effects/", ahead.order_effects, name="order_effects"),
]

"""Addresses of this room: what a patient opens by a link."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.at_home import adaptive_page, views

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/", views.door, name="at_home"),
    path("p/<str:token>/forms/", views.forms, name="at_home_forms"),
    path("p/<str:token>/forms/adaptive/<slug:bank>/", adaptive_page.ask, name="at_home_adaptive"),
    path("p/<str:token>/forms/done/", views.done, name="at_home_forms_done"),
]

"""Addresses of this room: what a patient opens by a link."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.at_home import views

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/", views.door, name="at_home"),
    path("p/<str:token>/forms/", views.forms, name="at_home_forms"),
    path("p/<str:token>/forms/done/", views.done, name="at_home_forms_done"),
]

"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.charges import views

urlpatterns: list[URLPattern] = [
    path("charges/", views.month_page, name="charges"),
    path("charges/file/", views.month_file, name="charges_file"),
]

"""The rooms of the web floor, each with its own addresses."""

from __future__ import annotations

from django.urls import include, path

ROOMS = (
    "health",
    "people",
    "patients",
    "sensory",
    "orders",
    "sessions",
    "gates",
    "ledger",
    "screening",
    "papers",
    "board",
    "devices",
    "at_home",
    "stopping",
    "home_care",
    "scores",
    "relief",
    "tasks",
    "library",
    "calendar",
    "visits",
    "consent",
    "me",
    "inbox",
    "public",
    "site",
    "programme",
    "charges",
)

urlpatterns = [path("", include(f"winddown.web.{room}.urls")) for room in ROOMS]

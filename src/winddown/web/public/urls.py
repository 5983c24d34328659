"""Addresses of this room."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path, register_converter

from winddown.web.public import pages


class SpokenConverter:
    """The languages the site is in; any other address does not exist."""

    regex = "|".join(code for code, _name in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SpokenConverter, "spoken")

urlpatterns: list[URLPattern] = [
    path("clinic/<slug:clinic>/", pages.front_door, name="clinic"),
    path("clinic/<slug:clinic>/<spoken:spoken>/", pages.home, name="clinic_home"),
    path("clinic/<slug:clinic>/<spoken:spoken>/places/", pages.places, name="clinic_places"),
]

"""Addresses of this room."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path, register_converter

from winddown.web.public import articles, machines, pages, room


class SpokenConverter:
    """The languages the site is in; any other address does not exist."""

    regex = "|".join(code for code, _name in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SpokenConverter, "spoken")

_HERE = "clinic/<slug:clinic>/<spoken:spoken>/"

urlpatterns: list[URLPattern] = [
    path("robots.txt", machines.robots, name="robots"),
    path("clinic/<slug:clinic>/", pages.front_door, name="clinic"),
    path("clinic/<slug:clinic>/sitemap.xml", machines.sitemap, name="clinic_sitemap"),
    path(_HERE, pages.home, name="clinic_home"),
    path(f"{_HERE}treatment/", pages.treatment, name="clinic_treatment"),
    path(f"{_HERE}in-the-room/", room.room, name="clinic_room"),
    path(f"{_HERE}places/", pages.places, name="clinic_places"),
    path(f"{_HERE}places/<slug:where>/", pages.place, name="clinic_place"),
    path(f"{_HERE}people/", pages.people, name="clinic_people"),
    path(f"{_HERE}articles/", articles.articles, name="clinic_articles"),
    path(f"{_HERE}articles/<slug:article>/", articles.article, name="clinic_article"),
    path(f"{_HERE}articles/<slug:article>/ask/", articles.ask, name="clinic_article_ask"),
    path(f"{_HERE}ask/", articles.ask, name="clinic_ask"),
    path(f"{_HERE}asked/<uuid:question>/", articles.asked, name="clinic_asked"),
]

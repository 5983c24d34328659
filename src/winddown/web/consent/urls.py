"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from winddown.domain.consent.packaged import ABOUT
from winddown.web.consent import at_home, staff


class AboutConverter:
    """The kinds of consent there are; any other address does not exist."""

    regex = "|".join(ABOUT)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AboutConverter, "about")

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/consent/", at_home.consent, name="at_home_consent"),
    path("p/<str:token>/consent/paper/", at_home.paper, name="at_home_consent_paper"),
    path("patients/<uuid:ref>/consents/", staff.consent_page, name="consent_page"),
    path("patients/<uuid:ref>/consents/send/", staff.consent_send, name="consent_send"),
    path("patients/<uuid:ref>/consents/<uuid:consent>/paper/", staff.consent_paper, name="consent_paper"),
    path("consent-texts/", staff.consent_texts, name="consent_texts"),
    path("consent-texts/<about:about>/new/", staff.consent_text_new, name="consent_text_new"),
]

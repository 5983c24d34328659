"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.relief import exposure, letter, own, views

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:ref>/relief/", views.relief_page, name="relief"),
    path("patients/<uuid:ref>/relief/decide/", views.decide, name="relief_decide"),
    path("patients/<uuid:ref>/relief/link/", views.make_link, name="relief_link"),
    path("patients/<uuid:ref>/relief/letter.pdf", letter.letter_pdf, name="relief_letter"),
    path("patients/<uuid:ref>/exposure/", exposure.exposure_page, name="exposure"),
    path("honesty/", views.honesty_page, name="relief_honesty"),
    path("p/<str:token>/relief/", own.own_page, name="relief_own"),
]

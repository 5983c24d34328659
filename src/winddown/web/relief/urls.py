"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.relief import exposure, letter, letter_out, own, views

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:ref>/relief/", views.relief_page, name="relief"),
    path("patients/<uuid:ref>/relief/decide/", views.decide, name="relief_decide"),
    path("patients/<uuid:ref>/relief/link/", views.make_link, name="relief_link"),
    path("patients/<uuid:ref>/letter/", letter.letter_page, name="relief_letter"),
    path("patients/<uuid:ref>/letter/write/", letter.letter_write, name="relief_letter_write"),
    path("patients/<uuid:ref>/letter/send/", letter.letter_send, name="relief_letter_send"),
    path("patients/<uuid:ref>/letter/spare/", letter.letter_spare, name="relief_letter_spare"),
    path("patients/<uuid:ref>/letter/contact/", letter.letter_contact, name="relief_letter_contact"),
    path("patients/<uuid:ref>/letter/way/", letter.letter_way, name="relief_letter_way"),
    path("patients/<uuid:ref>/letter/letter.pdf", letter.letter_pdf, name="relief_letter_pdf"),
    path("letter/<str:token>/", letter_out.open_letter, name="letter_open"),
    path("patients/<uuid:ref>/exposure/", exposure.exposure_page, name="exposure"),
    path("honesty/", views.honesty_page, name="relief_honesty"),
    path("p/<str:token>/relief/", own.own_page, name="relief_own"),
]

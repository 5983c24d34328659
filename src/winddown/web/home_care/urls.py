"""Addresses of this room: what staff see of a patient's weeks at home."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.home_care import views

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:ref>/at-home/", views.page, name="patient_at_home"),
    path("patients/<uuid:ref>/at-home/contact/", views.contact, name="patient_contact"),
    path("patients/<uuid:ref>/at-home/link/", views.new_link, name="patient_diary_link"),
]

"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.papers import views

urlpatterns: list[URLPattern] = [
    path("sessions/<uuid:ref>/record.pdf", views.record, name="papers_record"),
    path("sessions/<uuid:ref>/downtime.pdf", views.downtime, name="papers_downtime"),
    path("sessions/<uuid:ref>/ambulance.pdf", views.ambulance, name="papers_ambulance"),
    path("sessions/<uuid:ref>/going-home.pdf", views.going_home, name="papers_going_home"),
    path("bags/<uuid:ref>/label/", views.label, name="papers_label"),
    path("bags/<uuid:ref>/label.pdf", views.label_pdf, name="papers_label_pdf"),
]

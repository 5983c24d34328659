"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.scores import catalogue, enter, sending, views

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:ref>/scores/", views.scores, name="patient_scores"),
    path("patients/<uuid:ref>/scores/<slug:instrument>/", views.one, name="patient_score"),
    path("patients/<uuid:ref>/answers/<uuid:answer>/", views.answer, name="patient_answer"),
    path("patients/<uuid:ref>/answers/<uuid:answer>/correct/", enter.correct, name="patient_answer_correct"),
    path("patients/<uuid:ref>/forms/", sending.forms, name="patient_forms"),
    path("patients/<uuid:ref>/forms/enter/<slug:instrument>/", enter.enter, name="patient_form_enter"),
    path("patients/<uuid:ref>/forms/links/<uuid:link>/", sending.link, name="patient_form_link"),
    path("patients/<uuid:ref>/forms/links/<uuid:link>/revoke/", sending.revoke, name="patient_form_revoke"),
    path("instruments/", catalogue.instrument_list, name="instruments"),
    path("instruments/<slug:instrument>/", catalogue.instrument_page, name="instrument_page"),
]

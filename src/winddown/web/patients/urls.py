"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.patients import chart_page, facts, identity, lists

urlpatterns: list[URLPattern] = [
    path("patients/", lists.patient_list, name="patient_list"),
    path("patients/new/", lists.patient_new, name="patient_new"),
    path("patients/<uuid:ref>/", chart_page.patient_page, name="patient_page"),
    path("patients/<uuid:ref>/history/", chart_page.patient_history, name="patient_history"),
    path("patients/<uuid:ref>/identity/", identity.identity_correct, name="patient_identity"),
    path("patients/<uuid:ref>/consent/", identity.consent_new, name="patient_consent"),
    path("patients/<uuid:ref>/consent/withdraw/", identity.consent_withdraw, name="patient_consent_withdraw"),
    path("patients/<uuid:ref>/merge/", identity.merge, name="patient_merge"),
    path("patients/<uuid:ref>/sessions/<uuid:session>/move/", identity.session_move, name="patient_session_move"),
    path("patients/<uuid:ref>/facts/<slug:kind>/", facts.fact_new, name="patient_fact"),
    path("patients/<uuid:ref>/facts/<uuid:fact>/correct/", facts.fact_correct, name="patient_fact_correct"),
    path("patients/<uuid:ref>/facts/<uuid:fact>/end/", facts.fact_end, name="patient_fact_end"),
]

"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.sensory import at_home, begin, clinic, maps, overview, result, run

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:ref>/sensory/", overview.sensory_overview, name="sensory_overview"),
    path("patients/<uuid:ref>/sensory/new/", begin.sensory_new, name="sensory_new"),
    path("patients/<uuid:ref>/sensory/tests/<uuid:test>/", result.sensory_result, name="sensory_result"),
    path("patients/<uuid:ref>/sensory/tests/<uuid:test>/run/", run.sensory_run, name="sensory_run"),
    path("patients/<uuid:ref>/sensory/tests/<uuid:test>/entries/", run.sensory_enter, name="sensory_enter"),
    path("patients/<uuid:ref>/body/", maps.body_maps_page, name="body_maps"),
    path("patients/<uuid:ref>/body/new/", maps.body_map_new, name="body_map_new"),
    path("patients/<uuid:ref>/body/link/", maps.body_map_link, name="body_map_link"),
    path("p/<str:token>/map/", at_home.body_at_home, name="body_at_home"),
    path("p/<str:token>/map/done/", at_home.body_at_home_done, name="body_at_home_done"),
    path("sensory/", clinic.sensory_clinic, name="sensory_clinic"),
    path("sensory/norms/", clinic.norms_load, name="sensory_norms"),
]

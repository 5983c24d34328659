"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.programme import comparing, doses, events, lists, places, results, taking, today

urlpatterns: list[URLPattern] = [
    path("programme/", today.today, name="programme_today"),
    path("programme/now/", today.now, name="programme_now"),
    path("programme/outcomes/", results.results, name="programme_results"),
    path("programme/outcomes/file/", results.results_file, name="programme_results_file"),
    path("programme/outcomes/rebuild/", results.rebuild_now, name="programme_rebuild"),
    path("programme/outcomes/rebuild/now/", results.rebuild_part, name="programme_rebuild_part"),
    path("programme/people/", lists.people, name="programme_list"),
    path("programme/compare/", comparing.compare, name="programme_compare"),
    path("programme/dose/", doses.doses, name="programme_dose"),
    path("programme/events/", events.events, name="programme_events"),
    path("programme/events/visits/", events.event_list, name="programme_event_list"),
    path("programme/places/", places.places, name="programme_places"),
    path("programme/export/", taking.export_page, name="programme_export"),
    path("programme/export/now/", taking.export_part, name="programme_export_part"),
    path("programme/export/ask/", taking.export_ask, name="programme_export_ask"),
    path("programme/exports/<uuid:ref>/key/", taking.export_key, name="programme_export_key"),
    path("programme/exports/<uuid:ref>/file/", taking.export_file, name="programme_export_file"),
]

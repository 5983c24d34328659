"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.screening import at_home, check_page, counting, day_before, history_page, page, referral, rule_pages, sending

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/history/", at_home.at_home, name="at_home_history"),
    path("p/<str:token>/history/done/", at_home.at_home_done, name="at_home_history_done"),
    path("p/<str:token>/day_before/", at_home.day_before, name="at_home_day_before"),
    path("patients/<uuid:ref>/screening/day-before/link/", sending.day_before_link, name="screening_day_before_link"),
    path("patients/<uuid:ref>/screening/link/", sending.history_link, name="screening_link"),
    path("screening/", rule_pages.rule_list, name="screening_rules"),
    path("screening/change/", rule_pages.rule_change, name="screening_change"),
    path("screening/counts/", counting.counts, name="screening_counts"),
    path("patients/<uuid:ref>/screening/", page.screening, name="screening"),
    path("patients/<uuid:ref>/screening/run/", page.run_again, name="screening_run_again"),
    path("patients/<uuid:ref>/screening/phase/", page.phase, name="screening_phase"),
    path("patients/<uuid:ref>/screening/runs/<uuid:run>/", page.kept_run, name="screening_run"),
    path("patients/<uuid:ref>/screening/history/", history_page.history_form, name="screening_history"),
    path("patients/<uuid:ref>/screening/history/log/", history_page.history_log, name="screening_log"),
    path("patients/<uuid:ref>/screening/lists/<slug:list>/", history_page.line_new, name="screening_line"),
    path("patients/<uuid:ref>/screening/entries/<uuid:entry>/end/", history_page.line_end, name="screening_line_end"),
    path("patients/<uuid:ref>/screening/entries/<uuid:entry>/chart/", history_page.line_to_chart, name="screening_line_chart"),
    path("patients/<uuid:ref>/screening/referral/", referral.referral, name="screening_referral"),
    path("patients/<uuid:ref>/screening/checks/<slug:check>/", check_page.check_form, name="screening_check"),
    path("patients/<uuid:ref>/screening/day-before/", day_before.day_before, name="screening_day_before"),
    path("patients/<uuid:ref>/screening/day-before/print/", day_before.printed, name="screening_day_before_print"),
]

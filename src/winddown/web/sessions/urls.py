"""Addresses of this room: the chart of a visit, its data, and one address for each act."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.sessions import act_views, corrections, emergency, medication, page, story
from winddown.web.sessions.acts import ACTS

AT = "sessions/<uuid:ref>/"

urlpatterns: list[URLPattern] = [
    path(AT, page.session_page, name="session"),
    path(f"{AT}now/", page.now_part, name="session_now"),
    path(f"{AT}acts/", page.acts_part, name="session_acts"),
    path(f"{AT}chart.json", page.chart_json, name="session_chart"),
    path(f"{AT}forecast.json", page.forecast_json, name="session_forecast"),
    path(f"{AT}what-if.json", page.what_if_json, name="session_what_if"),
    path(f"{AT}score/", page.score, name="session_score"),
    path(f"{AT}story/", story.story, name="session_story"),
    path(f"{AT}medication/", medication.medication, name="session_medication"),
    path(f"{AT}photos/<uuid:photo>/", page.photo, name="session_photo_file"),
    path(f"{AT}events/<uuid:event>/correct/", corrections.correct, name="session_correct"),
    path(f"{AT}events/<uuid:event>/retract/", corrections.retract, name="session_retract"),
    path(f"{AT}emergency/", emergency.card_page, name="session_emergency"),
    path(f"{AT}emergency/card/", emergency.card_part, name="session_emergency_card"),
    path(f"{AT}emergency/act/", emergency.card_act, name="session_emergency_act"),
    path(f"{AT}emergency/print/", emergency.card_print, name="session_emergency_print"),
    *(path(f"{AT}{act.key.replace('_', '-')}/", act_views.view_of(act), name=act.url_name) for act in ACTS),
]

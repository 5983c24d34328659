"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.board import alarm_pages, screen_beats, views, wall

urlpatterns: list[URLPattern] = [
    path("board/", views.board, name="board"),
    path("board/parts/", views.parts, name="board_parts"),
    path("board/cards/<uuid:chair>/", views.card, name="board_card"),
    path("board/place/", views.choose_place, name="board_place"),
    path("board/sessions/<uuid:ref>/check-in/", views.check_in, name="board_check_in"),
    path("wall/", wall.wall, name="wall"),
    path("wall/parts/", wall.parts, name="wall_parts"),
    path("alarms/", alarm_pages.alarm_list, name="alarm_list"),
    path("alarms/<uuid:ref>/acknowledge/", alarm_pages.acknowledge, name="alarm_acknowledge"),
    path("alarm-screen/<uuid:place>/heartbeat/", screen_beats.heartbeat, name="alarm_screen_heartbeat"),
    path("alarm-screen/<uuid:place>/mute/", screen_beats.mute, name="alarm_screen_mute"),
    path("alarm-screen/<uuid:place>/test-tone/", screen_beats.test_tone, name="alarm_screen_tone"),
]

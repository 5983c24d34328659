"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.tasks import banner, crisis, on_call, red_words, screener, views

urlpatterns: list[URLPattern] = [
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/new/", views.task_new, name="task_new"),
    path("tasks/words/", red_words.words, name="red_words"),
    path("tasks/banner/", banner.banner, name="task_banner"),
    path("tasks/<uuid:ref>/", views.task_page, name="task_page"),
    path("tasks/<uuid:ref>/acknowledge/", views.acknowledge, name="task_acknowledge"),
    path("tasks/<uuid:ref>/hand-on/", views.hand_on, name="task_hand_on"),
    path("tasks/<uuid:ref>/note/", views.note, name="task_note"),
    path("tasks/<uuid:ref>/close/", views.close, name="task_close"),
    path("p/<str:token>/early-sign/", crisis.early_sign, name="at_home_early_sign"),
    path("p/<str:token>/told/", crisis.told, name="at_home_told"),
    path("patients/<uuid:ref>/suicide-screen/", screener.screener, name="suicide_screener"),
    path("on-call/", on_call.on_call, name="on_call"),
    path("on-call/new/", on_call.on_call_new, name="on_call_new"),
    path("on-call/<uuid:duty>/cancel/", on_call.on_call_cancel, name="on_call_cancel"),
    path("on-call/watch/", on_call.watch_begin, name="watch_begin"),
    path("on-call/watch/end/", on_call.watch_end, name="watch_end"),
    path("on-call/rules/", on_call.rules, name="safety_rules"),
]

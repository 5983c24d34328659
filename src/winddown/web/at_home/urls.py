"""Addresses of this room: what a patient opens by a link."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.at_home import adaptive_page, diary, home, views, wishes

urlpatterns: list[URLPattern] = [
    path("p/<str:token>/", views.door, name="at_home"),
    path("p/<str:token>/worker.js", diary.worker, name="at_home_worker"),
    path("p/<str:token>/forms/", views.forms, name="at_home_forms"),
    path("p/<str:token>/forms/adaptive/<slug:bank>/", adaptive_page.ask, name="at_home_adaptive"),
    path("p/<str:token>/forms/done/", views.done, name="at_home_forms_done"),
    path("p/<str:token>/diary/", diary.page, name="at_home_diary"),
    path("p/<str:token>/diary/wishes/", wishes.page, name="at_home_wishes"),
    path("p/<str:token>/home/", home.page, name="at_home_home"),
    path("p/<str:token>/home/shortcut/", home.shortcut, name="at_home_shortcut"),
    path("p/<str:token>/diary/done/", diary.done, name="at_home_diary_done"),
    path("p/<str:token>/diary/curve/", diary.curve, name="at_home_diary_curve"),
]

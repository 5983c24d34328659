"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.inbox import inbox, own

urlpatterns: list[URLPattern] = [
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/waiting/", inbox.waiting, name="inbox_waiting"),
    path("messages/time/", inbox.answer_time, name="answer_time"),
    path("messages/<uuid:thread>/", inbox.thread, name="thread"),
    path("messages/<uuid:thread>/read/", inbox.read, name="thread_read"),
    path("patients/<uuid:ref>/own/", own.own, name="own_pages"),
    path("patients/<uuid:ref>/own/write/", own.write, name="own_write"),
    path("patients/<uuid:ref>/own/<uuid:own_access>/out/", own.sign_out, name="own_sign_out"),
    path("patients/<uuid:ref>/own/<uuid:own_access>/end/", own.end, name="own_end"),
]

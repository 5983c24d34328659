"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.calendar import book, day, morning, one, own, staffing

urlpatterns: list[URLPattern] = [
    path("calendar/", day.day_page, name="calendar"),
    path("calendar/book/", book.book_page, name="calendar_book"),
    path("calendar/shifts/", staffing.shifts_page, name="calendar_shifts"),
    path("calendar/shifts/<uuid:ref>/end/", staffing.shift_end, name="calendar_shift_end"),
    path("calendar/closures/", staffing.closure_new, name="calendar_closure_new"),
    path("calendar/kinds/", staffing.kinds_page, name="calendar_kinds"),
    path("calendar/morning/", morning.morning_page, name="morning"),
    path("p/<str:token>/booking/", own.own_visits_page, name="own_visits"),
    path("p/<str:token>/booking/<uuid:visit>/answer/", own.own_answer, name="own_answer"),
    path("p/<str:token>/booking/<uuid:visit>/cancel/", own.own_cancel, name="own_cancel"),
    path("p/<str:token>/booking/<uuid:visit>/move/", own.own_move, name="own_move"),
    path("p/<str:token>/booking/<uuid:visit>/visit.ics", own.own_file, name="own_file"),
    path("bookings/<uuid:ref>/link/", own.link_for_patient, name="booking_link"),
    path("bookings/<uuid:ref>/", one.booking_page, name="booking"),
    path("bookings/<uuid:ref>/move/", one.booking_move, name="booking_move"),
    path("bookings/<uuid:ref>/cancel/", one.booking_cancel, name="booking_cancel"),
    path("bookings/<uuid:ref>/arrive/", one.booking_arrive, name="booking_arrive"),
]

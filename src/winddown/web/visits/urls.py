"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.visits import arrival, ask, calls, course, feeds, planned, used, visitor, wait_list

urlpatterns: list[URLPattern] = [
    path("clinic/<slug:clinic>/book/", ask.ask_page, name="visit_ask"),
    path("clinic/<slug:clinic>/book/times/", ask.times_page, name="visit_times"),
    path("clinic/<slug:clinic>/book/call/", ask.call_page, name="visit_call"),
    path("v/kept/<str:token>/", ask.kept_page, name="visit_kept"),
    path("v/offer/<str:token>/", wait_list.offer_page, name="visit_offer"),
    path("v/<str:token>/", visitor.visit_page, name="visit_own"),
    path("v/<str:token>/confirm/", visitor.visit_confirm, name="visit_confirm"),
    path("v/<str:token>/answer/", visitor.visit_answer, name="visit_answer"),
    path("v/<str:token>/move/", visitor.visit_move, name="visit_move"),
    path("v/<str:token>/cancel/", visitor.visit_cancel, name="visit_cancel"),
    path("v/<str:token>/arrive/", visitor.visit_arrive, name="visit_arrive"),
    path("v/<str:token>/visit.ics", visitor.visit_file, name="visit_file"),
    path("calendar/calls/", calls.call_list, name="visit_calls"),
    path("calendar/calls/<uuid:asked>/", calls.call_act, name="visit_call_act"),
    path("calendar/telephone/", calls.telephone_page, name="visit_telephone"),
    path("calendar/wait-list/", wait_list.wait_list, name="visit_wait_list"),
    path("calendar/wait-list/offer/", wait_list.offer_time, name="visit_offer_time"),
    path("calendar/wait-list/<uuid:wish>/end/", wait_list.wish_end, name="visit_wish_end"),
    path("clinic/<slug:clinic>/here/<uuid:place>/", arrival.door_page, name="visit_door"),
    path("calendar/door/<uuid:place>/", arrival.door_sheet, name="visit_door_sheet"),
    path("calendar/arrive/", arrival.desk_arrive, name="visit_desk_arrive"),
    path("calendar/feeds/", feeds.feed_list, name="visit_feeds"),
    path("calendar/feeds/<uuid:feed>/end/", feeds.feed_end, name="visit_feed_end"),
    path("feeds/<str:token>.ics", feeds.feed_file, name="visit_feed"),
    path("courses/<uuid:ref>/schedule/", course.schedule_page, name="course_schedule"),
    path("calendar/use/", used.used_page, name="visit_used"),
    path("calendar/plan/", planned.plan_page, name="visit_plan"),
    path("calendar/plan/<uuid:plan>/accept/", planned.plan_accept, name="visit_plan_accept"),
    path("bookings/<uuid:ref>/admit/", calls.admit, name="visit_admit"),
]

"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.people import audit_trail, home, language, places, signin_doors, staff

signin_doors.close_what_is_not_used()

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("lock/", home.lock, name="lock"),
    path("lock/now/", home.lock_now, name="lock_now"),
    path("account/", home.account, name="people_account"),
    path("account/pin/", home.pin, name="people_pin"),
    path("staff/", staff.staff_list, name="people_staff"),
    path("staff/new/", staff.staff_new, name="people_staff_new"),
    path("staff/roles/", staff.roles, name="people_roles"),
    path("staff/<uuid:ref>/", staff.staff_page, name="people_staff_page"),
    path("staff/<uuid:ref>/credentials/", staff.staff_credential, name="people_staff_credential"),
    path("staff/<uuid:ref>/password/", staff.staff_password, name="people_staff_password"),
    path("staff/<uuid:ref>/active/", staff.staff_active, name="people_staff_active"),
    path("places/", places.place_list, name="people_places"),
    path("places/new/", places.place_new, name="people_place_new"),
    path("places/<uuid:ref>/", places.place_page, name="people_place_page"),
    path("places/<uuid:ref>/chairs/", places.chair_new, name="people_chair_new"),
    path("places/chairs/<uuid:chair>/", places.chair_page, name="people_chair_page"),
    path("language/", language.set_language, name="set_language"),
    path("audit/", audit_trail.audit_trail, name="people_audit"),
]

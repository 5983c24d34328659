"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.devices import devices, orphans

urlpatterns: list[URLPattern] = [
    path("devices/", devices.device_list, name="device_list"),
    path("devices/enroll/", devices.device_new, name="device_new"),
    path("devices/<uuid:ref>/", devices.device_page, name="device_page"),
    path("devices/<uuid:ref>/bind/", devices.device_bind, name="device_bind"),
    path("devices/<uuid:ref>/release/", devices.device_release, name="device_release"),
    path("orphans/", orphans.orphan_list, name="orphan_list"),
    path("orphans/attach/", orphans.orphan_attach, name="orphan_attach"),
]

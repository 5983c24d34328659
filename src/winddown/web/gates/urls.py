"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.gates import abandon, bag_page, check_in, recovery, start_gate

urlpatterns: list[URLPattern] = [
    path("sessions/<uuid:ref>/check-in/", check_in.check_in, name="gates_check_in"),
    path("sessions/<uuid:ref>/start-gate/", start_gate.start_gate, name="gates_start"),
    path("sessions/<uuid:ref>/start-gate/lines/", start_gate.lines, name="gates_start_lines"),
    path("sessions/<uuid:ref>/start-gate/pump/", start_gate.pump_preview, name="gates_pump_preview"),
    path("sessions/<uuid:ref>/bag/", bag_page.bag_page, name="gates_bag"),
    path("sessions/<uuid:ref>/bag/preview/", bag_page.preview, name="gates_bag_preview"),
    path("sessions/<uuid:ref>/recovery/", recovery.recovery, name="gates_discharge"),
    path("sessions/<uuid:ref>/recovery/lines/", recovery.lines, name="gates_discharge_lines"),
    path("sessions/<uuid:ref>/recovery/clock/", recovery.clock, name="gates_discharge_clock"),
    path("sessions/<uuid:ref>/abandon/", abandon.abandon, name="gates_abandon"),
]

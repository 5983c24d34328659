"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from winddown.web.orders import courses, order_form, order_page, planning, protocols

urlpatterns: list[URLPattern] = [
    path("protocols/", protocols.protocol_list, name="protocol_list"),
    path("protocols/adopt/", protocols.protocol_adopt, name="protocol_adopt"),
    path("protocols/<uuid:ref>/", protocols.protocol_page, name="protocol_page"),
    path("protocols/<uuid:ref>/new/", protocols.protocol_new, name="protocol_new"),
    path("patients/<uuid:ref>/courses/new/", courses.course_new, name="course_new"),
    path("courses/<uuid:ref>/", courses.course_page, name="course_page"),
    path("courses/<uuid:ref>/orders/new/", order_form.order_new, name="order_new"),
    path("courses/<uuid:ref>/orders/preview/", order_form.order_preview, name="order_preview"),
    path("orders/<uuid:ref>/", order_page.order_page, name="order_page"),
    path("orders/<uuid:ref>/sign/", order_page.order_sign, name="order_sign"),
    path("orders/<uuid:ref>/change/", order_form.order_change, name="order_change"),
    path("orders/<uuid:ref>/plan/", planning.order_plan, name="order_plan"),
]

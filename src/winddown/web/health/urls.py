"""Health."""

from __future__ import annotations

from django.urls import path

from winddown.web.health import views

urlpatterns = [path("healthz", views.healthz, name="healthz")]

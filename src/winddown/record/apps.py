"""The record as one Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    name = "winddown.record"
    label = "record"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from winddown.record import protection  # slow import

        post_migrate.connect(protection.after_migrate, sender=self)

"""Announcements: how news travels up without an upward arrow; and heartbeats, how health is proven by traffic."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Scoped


class AnnouncementCounter(Scoped):
    """The last number given out in this practice. Its row lock makes numbers visible in order and without a gap."""

    changes: ClassVar[tuple[str, ...]] = ("number",)
    device_role_may: ClassVar[str] = "select, insert, update (number)"

    number = models.PositiveBigIntegerField(default=0)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["practice"], name="one_counter_per_practice")]


class Announcement(Scoped):
    """One piece of news. A live page reads everything after the number it last saw."""

    device_role_may: ClassVar[str] = "select, insert"

    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=12)
    session_ref = models.UUIDField(null=True, blank=True)
    chair_ref = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    body = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="announcement_number_once")]


class Heartbeat(Scoped):
    """When a part of the house last proved itself by doing its work."""

    changes: ClassVar[tuple[str, ...]] = ("at", "detail")
    device_role_may: ClassVar[str] = "select, insert, update (at, detail)"

    part = models.CharField(max_length=20)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "part"], name="one_heartbeat_per_part")]

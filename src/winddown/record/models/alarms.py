"""Alarms as raised, what was done about each, and the screens that are supposed to sound them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.people import Staff
from winddown.record.models.places import Chair, Location
from winddown.record.models.sessions import Session


class Alarm(Referenced):
    """A condition raised by readings, by a score, or by silence, in the words that were shown."""

    device_role_may: ClassVar[str] = "select, insert"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="alarms", null=True, blank=True)
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    condition = models.CharField(max_length=60)
    tier = models.CharField(max_length=8, blank=True)
    severity = models.CharField(max_length=6)
    words = models.CharField(max_length=400)
    next_step = models.CharField(max_length=400, blank=True)
    raised_at = models.DateTimeField()
    written_at = models.DateTimeField()

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["session", "raised_at"])]


class AlarmAct(Scoped):
    """Acknowledged, worsened, acted on, cleared."""

    device_role_may: ClassVar[str] = "select, insert"

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=14)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    tier = models.CharField(max_length=8, blank=True)
    severity = models.CharField(max_length=6, blank=True)
    words = models.CharField(max_length=400, blank=True)
    next_step = models.CharField(max_length=400, blank=True)

    class Meta(Scoped.Meta):
        constraints = [
            models.UniqueConstraint(fields=["alarm"], condition=models.Q(kind="cleared"), name="alarm_cleared_once"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["acknowledged", "acted"]) | models.Q(by__isnull=False), name="acknowledged_by_someone"
            ),
        ]


class AlarmScreen(Referenced):
    """A screen that said it would sound alarms: when it was last seen awake, whether it is muted, and who heard its test tone."""

    changes: ClassVar[tuple[str, ...]] = ("seen_at", "muted", "hidden", "tone_heard_at", "closed_at")
    device_role_may: ClassVar[str] = "select"

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    muted = models.BooleanField(default=False)
    hidden = models.BooleanField(default=False)
    tone_heard_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

"""Readings: one number from a monitor or a hand, with when it was observed and when it arrived."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Scoped
from winddown.record.models.devices import Device, DeviceMessage
from winddown.record.models.people import Staff
from winddown.record.models.places import Chair
from winddown.record.models.sessions import Session, SessionEvent


class Reading(Scoped):
    """One number. Without a session it waits on the orphan list; `ReadingAttachment` gives it one, by a named person."""

    device_role_may: ClassVar[str] = "select, insert"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="readings", null=True, blank=True)
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    message = models.ForeignKey(DeviceMessage, on_delete=models.PROTECT, related_name="readings", null=True, blank=True)
    event = models.ForeignKey(SessionEvent, on_delete=models.PROTECT, related_name="readings", null=True, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    kind = models.CharField(max_length=24)
    value = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=12)
    raw_value = models.CharField(max_length=60, blank=True)
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=[("monitor", "monitor"), ("hand", "hand")])
    label = models.CharField(max_length=14)
    problem = models.CharField(max_length=300, blank=True)

    class Meta(Scoped.Meta):
        indexes = [
            models.Index(fields=["session", "observed_at"]),
            models.Index(fields=["session", "kind", "observed_at"]),
            models.Index(fields=["practice", "received_at"], condition=models.Q(session__isnull=True), name="reading_orphans"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["device", "kind", "observed_at", "raw_value"], name="reading_once"),
            models.CheckConstraint(condition=models.Q(source="monitor") | models.Q(by__isnull=False), name="hand_reading_has_a_hand"),
        ]


class ReadingAttachment(Scoped):
    """A nurse's word that an orphan belongs to this session, or to nobody."""

    device_role_may: ClassVar[str] = "select"

    reading = models.OneToOneField(Reading, on_delete=models.PROTECT, related_name="attachment")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attached_readings", null=True, blank=True)
    because = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

"""Devices, the chair each was bound to and when, and every message exactly as it arrived."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.people import Staff
from winddown.record.models.places import Chair, Location


class Device(Referenced):
    """A monitor or a pump, known by the identifier it sends."""

    changes: ClassVar[tuple[str, ...]] = ("words", "location", "silent_after_s")
    device_role_may: ClassVar[str] = "select"

    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=[("monitor", "monitor"), ("pump", "pump"), ("phantom", "phantom")])
    words = models.CharField(max_length=120, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="devices")
    silent_after_s = models.PositiveIntegerField(default=15)

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="device_key_once")]


class DeviceBinding(Scoped):
    """A device at a chair for a span of time. Only the end of the span changes."""

    changes: ClassVar[tuple[str, ...]] = ("span",)
    device_role_may: ClassVar[str] = "select"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="bindings")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="bindings")
    span = DateTimeRangeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Scoped.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_device_one_chair", expressions=[("device", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)]
            )
        ]


class DeviceMessage(Scoped):
    """Raw bytes as received, kept before anything is read from them."""

    device_role_may: ClassVar[str] = "select, insert"

    received_at = models.DateTimeField()
    peer = models.CharField(max_length=80)
    raw = models.BinaryField()
    control_id = models.CharField(max_length=250, blank=True)
    answer = models.CharField(max_length=2, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["practice", "received_at"])]

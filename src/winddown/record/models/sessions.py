"""One infusion visit: the session, its append-only story, its bag, and where the patient sat."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.courses import Order
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.places import Chair, Location


class Session(Referenced):
    """One visit under one signed order.

    `status` and `status_at` mirror the newest event that moved the lifecycle, so that a board is one query.
    """

    changes: ClassVar[tuple[str, ...]] = ("status", "status_at", "version", "patient", "chair", "order")
    device_role_may: ClassVar[str] = "select, update (status, status_at, version)"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="sessions")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="sessions")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="sessions")
    planned = DateTimeRangeField()
    status = models.CharField(max_length=12, default="planned")
    status_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0, help_text="how many events its story has; a writer names the one it saw")
    created_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_chair_one_plan",
                expressions=[("chair", RangeOperators.EQUAL), ("planned", RangeOperators.OVERLAPS)],
                condition=models.Q(status__in=["planned", "checked_in", "ready", "running", "held"]),
            )
        ]
        indexes = [models.Index(fields=["practice", "status"])]

    def __str__(self) -> str:
        return f"session {self.ref}"


class SessionEvent(Referenced):
    """One fact of a session's story. `ref` is the writer's idempotency key; `id` is its place in the order of writing."""

    device_role_may: ClassVar[str] = "select, insert"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    device = models.ForeignKey("record.Device", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    second = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    data = models.JSONField(default=dict)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    odd = models.CharField(max_length=300, blank=True)

    class Meta(Referenced.Meta):
        ordering = ["id"]
        indexes = [
            models.Index(fields=["session", "id"]),
            # The diary asks each minute who is at home: it reads the ends of infusions and no other event.
            models.Index(
                fields=["practice", "happened_at"],
                condition=models.Q(kind__in=["infusion_completed", "stopped"]),
                name="event_infusion_ended",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(by__isnull=False) | models.Q(device__isnull=False), name="event_has_a_source"),
            models.CheckConstraint(
                condition=models.Q(second__isnull=True) | ~models.Q(second=models.F("by")), name="second_person_is_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["pump_read_back", "gate_overridden"]) | models.Q(second__isnull=False),
                name="two_person_acts_have_two",
            ),
        ]


class SessionMove(Scoped):
    """What was charted on the wrong patient, moved whole, as a fact."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="moves")
    from_patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    to_patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class Occupancy(Scoped):
    """Which session held which chair, from check-in until it left. The span's end is the only thing that changes."""

    changes: ClassVar[tuple[str, ...]] = ("span",)
    device_role_may: ClassVar[str] = "select"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="occupancies")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, related_name="occupancies")
    span = DateTimeRangeField()

    class Meta(Scoped.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_chair_one_patient", expressions=[("chair", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)]
            )
        ]


class Bag(Referenced):
    """A prepared infusion bag and its label."""

    device_role_may: ClassVar[str] = "select"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="bags")
    drug = models.CharField(max_length=40)
    drug_form = models.CharField(max_length=12)
    total_mg = models.DecimalField(max_digits=8, decimal_places=3)
    volume_ml = models.DecimalField(max_digits=8, decimal_places=3)
    concentration_mg_per_ml = models.DecimalField(max_digits=9, decimal_places=6)
    line_volume_ml = models.DecimalField(max_digits=6, decimal_places=2)
    primed_with = models.CharField(max_length=8, choices=[("drug", "drug"), ("diluent", "diluent")])
    preparation = models.JSONField()
    prepared_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    use_by = models.DateTimeField()

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(prepared_by=models.F("checked_by")), name="bag_checked_by_another"),
            models.CheckConstraint(condition=models.Q(concentration_mg_per_ml__gt=0), name="bag_concentration_positive"),
        ]


class Attachment(Referenced):
    """A photo or document of a session, kept with its digest."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attachments")
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

"""The calendar: what kinds of visit there are, who is on shift, what is booked, and what each booking holds."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.devices import Device
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.places import Chair, Location
from winddown.record.models.sessions import Session

STANDING = ("held", "booked", "arrived")


class VisitType(Referenced):
    """One kind of visit: how long, what it needs when, and whether the public may book it."""

    changes: ClassVar[tuple[str, ...]] = (
        "name",
        "words",
        "minutes",
        "recovery_min",
        "needs",
        "public",
        "active",
        "notice_hours",
        "position",
    )

    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    words = models.CharField(max_length=300, blank=True, help_text="what happens, for the patient")
    minutes = models.PositiveSmallIntegerField()
    recovery_min = models.PositiveSmallIntegerField(default=0)
    needs = models.JSONField(help_text="[{kind, from_min, to_min, whole}], minutes after the start; to_min null means the end of the visit")
    notice_hours = models.PositiveSmallIntegerField(default=0)
    public = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Referenced.Meta):
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["practice", "key"], name="visit_type_key_once")]

    def __str__(self) -> str:
        return self.name


class Shift(Referenced):
    """A person at a place for a span, in one role, for as many patients at once as `lanes`. A shift that falls out is ended."""

    changes: ClassVar[tuple[str, ...]] = ("ended_at",)

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="shifts")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="shifts")
    role = models.CharField(max_length=12, choices=[("nurse", "nurse"), ("prescriber", "prescriber")])
    span = DateTimeRangeField()
    lanes = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_person_one_shift",
                expressions=[("staff", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=models.Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(condition=models.Q(lanes__gte=1, lanes__lte=20), name="shift_lanes_1_to_20"),
        ]


class Closure(Referenced):
    """A span in which a place is shut although its hours say open."""

    changes: ClassVar[tuple[str, ...]] = ("ended_at",)

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="closures")
    span = DateTimeRangeField()
    words = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class Booking(Referenced):
    """A visit at a time. `status` mirrors the newest act.

    held      kept for a short while, until somebody confirms
    booked    stands
    arrived   the patient is here
    cancelled, missed, lapsed   over; what it held is free again
    """

    changes: ClassVar[tuple[str, ...]] = ("status", "span", "location", "held_until", "session", "patient", "version", "recovery_min")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="bookings")
    span = DateTimeRangeField()
    status = models.CharField(max_length=10, default="booked")
    held_until = models.DateTimeField(null=True, blank=True)
    series = models.UUIDField(null=True, blank=True, db_index=True)
    session = models.OneToOneField(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="booking")
    contact = models.JSONField(default=dict, help_text="name, phone, email of somebody who is not a patient yet")
    recovery_min = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="instead of the kind's own, from this patient's forecast"
    )
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["location", "status"])]
        constraints = [
            models.CheckConstraint(condition=~models.Q(status="held") | models.Q(held_until__isnull=False), name="held_booking_has_an_end"),
            ExclusionConstraint(
                name="one_patient_one_place",
                expressions=[("patient", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=models.Q(status__in=STANDING, patient__isnull=False),
            ),
        ]


class BookingAct(Referenced):
    """One thing that happened to a booking. `ref` is the writer's idempotency key."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta(Referenced.Meta):
        ordering = ["id"]


class Hold(Scoped):
    """One lane of one resource held for a span, by a booking or by a visit planned without one. The database lets no two stand."""

    changes: ClassVar[tuple[str, ...]] = ("active",)

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="holds")
    kind = models.CharField(max_length=12)
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lane = models.PositiveSmallIntegerField(default=0)
    span = DateTimeRangeField()
    active = models.BooleanField(default=True)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["booking"]), models.Index(fields=["session"])]
        constraints = [
            *(
                ExclusionConstraint(
                    name=f"one_hold_of_a_{resource}",
                    expressions=[(resource, RangeOperators.EQUAL), ("lane", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                    condition=models.Q(active=True, **{f"{resource}__isnull": False}),
                )
                for resource in ("chair", "staff", "device")
            ),
            models.CheckConstraint(
                name="hold_of_one_resource",
                condition=models.Q(chair__isnull=False, staff__isnull=True, device__isnull=True)
                | models.Q(chair__isnull=True, staff__isnull=False, device__isnull=True)
                | models.Q(chair__isnull=True, staff__isnull=True, device__isnull=False),
            ),
            models.CheckConstraint(
                name="hold_by_one",
                condition=models.Q(booking__isnull=False, session__isnull=True) | models.Q(booking__isnull=True, session__isnull=False),
            ),
        ]

"""Protocol versions, courses, orders and their signatures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced, Scoped
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff


class ProtocolVersion(Referenced):
    """One signed version of a recipe; a change is a new version."""

    device_role_may: ClassVar[str] = "select"

    key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    data = models.JSONField()
    signed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta(Referenced.Meta):
        constraints = [models.UniqueConstraint(fields=["practice", "key", "version"], name="protocol_version_once")]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class Course(Referenced):
    """One patient's plan: indication, protocol and version, target, and the sessions under it."""

    device_role_may: ClassVar[str] = "select"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    indication = models.CharField(max_length=200)
    icd10 = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=300, blank=True)
    planned_sessions = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class Order(Referenced):
    """What was prescribed for one session. Signing locks it; a change is a new version that supersedes."""

    device_role_may: ClassVar[str] = "select"

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="orders")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders")
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by")
    draft = models.JSONField(help_text="what was entered, as domain.dosing.order reads it back")
    figures = models.JSONField(help_text="mg, mL, mg/h, mg/kg/h and total as shown when it was written")
    findings = models.JSONField(default=list, help_text="what the limits said, with the reasons given")
    signatures_needed = models.PositiveSmallIntegerField(default=1)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(signatures_needed__gte=1), name="order_needs_a_signature")]


class OrderSignature(Scoped):
    """A prescriber's signature on one version, with what was on the screen."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="signatures")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    meaning = models.CharField(max_length=120)
    signed_at = models.DateTimeField()

    class Meta(Scoped.Meta):
        constraints = [models.UniqueConstraint(fields=["order", "by"], name="one_signature_per_prescriber")]

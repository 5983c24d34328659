"""Pinprick tests with their drawn order and every answer, body maps, and norms a clinic holds a license to."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.sessions import Session


class SensoryTest(Referenced):
    """One test of one affected and one control site. `plan` is the whole order as drawn; it never changes.

    `repeats` names the test this one was made to repeat, with nothing changed between: only such pairs tell how repeatable testing is.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sensory_tests")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="sensory_tests")
    form = models.SlugField(max_length=30)
    plan = models.JSONField()
    control = models.SlugField(max_length=40)
    affected = models.SlugField(max_length=40)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by")
    started_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "started_at"])]
        constraints = [
            models.CheckConstraint(condition=~models.Q(control=models.F("affected")), name="sensory_sites_differ"),
            models.CheckConstraint(condition=~models.Q(repeats=models.F("id")), name="sensory_repeats_another"),
        ]

    def __str__(self) -> str:
        return f"sensory test {self.ref}"


class SensoryEntry(Referenced):
    """One answer, or one thing that happened in a test. `ref` is the writer's idempotency key; taking back is a row of its own."""

    test = models.ForeignKey(SensoryTest, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12)
    step = models.PositiveIntegerField(default=0)
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    odd = models.CharField(max_length=300, blank=True)

    class Meta(Referenced.Meta):
        ordering = ["id"]
        indexes = [models.Index(fields=["test", "id"])]


class BodyMap(Referenced):
    """Where it hurts, as regions, on one day; a correction is a new map that supersedes."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="body_maps")
    regions = models.JSONField(help_text="keys of domain.sensory.body, each once, in its order; an empty list says that nothing hurts")
    worst = models.SlugField(max_length=40, blank=True)
    words = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=10, choices=[("patient", "patient"), ("caregiver", "caregiver"), ("staff", "staff")])
    marked_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "marked_at"])]
        constraints = [
            models.CheckConstraint(condition=~models.Q(source="staff") | models.Q(by__isnull=False), name="staff_map_has_a_writer")
        ]


class SensoryNorms(Referenced):
    """A table of norms as a clinic loaded it, with its license; the newest counts, an empty one takes it out of use."""

    rows = models.JSONField()
    license = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

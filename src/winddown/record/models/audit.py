"""Who read or wrote which chart, when and from where."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Scoped
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff


class AuditEntry(Scoped):
    """One act on one chart, or one act of administration when `patient` is empty."""

    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    act = models.CharField(max_length=60)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta(Scoped.Meta):
        indexes = [models.Index(fields=["practice", "at"]), models.Index(fields=["patient", "at"])]

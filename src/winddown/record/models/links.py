"""Links that let one patient do one thing without an account."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.own import OwnAccess
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff


class Link(Referenced):
    """One link. Its address is signed over `ref` and the practice; the row says what it opens, until when, and if it was taken back."""

    changes: ClassVar[tuple[str, ...]] = ("revoked_at", "revoked_by")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=20)
    subject = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    access = models.ForeignKey(
        OwnAccess,
        on_delete=models.PROTECT,
        related_name="links",
        null=True,
        blank=True,
        help_text="who opened it from own pages; of a caregiver, everything written through it is theirs",
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta(Referenced.Meta):
        constraints = [models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="link_expires_after_making")]
        indexes = [models.Index(fields=["patient", "purpose", "made_at"])]

    def __str__(self) -> str:
        return f"link {self.ref}"

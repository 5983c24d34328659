"""Patients: the row is a projection for searching; every change is a fact beneath it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.people import Staff


class Patient(Referenced):
    """Identity with a local record number. Names and merge target mirror the newest facts, so that a list is one query."""

    changes: ClassVar[tuple[str, ...]] = ("family_name", "given_name", "birth_date", "sex", "merged_into")

    record_number = models.CharField(max_length=20)
    family_name = models.CharField(max_length=120)
    given_name = models.CharField(max_length=120)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=[("female", "female"), ("male", "male")])
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from")
    created_at = models.DateTimeField()

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "record_number"], name="record_number_once"),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="patient_not_merged_into_self"),
        ]
        indexes = [models.Index(fields=["practice", "family_name", "birth_date"])]

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def __str__(self) -> str:
        return f"patient {self.record_number}"


class PatientFact(Referenced):
    """One thing learned about a patient: identity, weight, height, allergy, condition, medicine, limb, mobility, merge."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=30)
    data = models.JSONField()
    observed_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "kind", "observed_at"])]


class Consent(Referenced):
    """Consent on file with its dates; a withdrawal is a new row. The permission for a caregiver is apart from the consent to treatment."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    about = models.CharField(max_length=12, default="treatment", choices=[("treatment", "treatment"), ("caregiver", "caregiver")])
    kind = models.CharField(max_length=12, choices=[("signed", "signed"), ("withdrawn", "withdrawn")])
    signed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="empty: the patient, by a link"
    )

    class Meta(Referenced.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="withdrawn") | models.Q(expires_on__gt=models.F("signed_on")),
                name="signed_consent_expires_after_signing",
            )
        ]

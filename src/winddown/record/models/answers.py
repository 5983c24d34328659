"""Answers to instruments, the licensed texts a clinic brought, and which forms a course asks for when. All append-only."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.courses import Course
from winddown.record.models.links import Link
from winddown.record.models.patients import Patient
from winddown.record.models.people import Staff
from winddown.record.models.sessions import Session

SOURCES = ("patient", "caregiver", "staff")


class Answer(Referenced):
    """One set of answers to one version of one instrument, as it came. `ref` is the writer's idempotency key.

    A correction is a new row that supersedes. `score` and `judged` are what the version's own rule made of the items when they were
    written; the items are the truth.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="answers")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="answers", null=True, blank=True)
    instrument = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    items = models.JSONField()
    answered_at = models.DateTimeField()
    written_at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=[(word, word) for word in SOURCES])
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="answers", null=True, blank=True)
    score = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    judged = models.JSONField(default=dict, help_text="band, why there is no score, missing and odd items, parts, findings")
    odd = models.CharField(max_length=300, blank=True)
    because = models.CharField(max_length=300, blank=True, help_text="why it replaces an earlier one")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "instrument", "answered_at"])]
        constraints = [
            models.CheckConstraint(condition=~models.Q(source="staff") | models.Q(by__isnull=False), name="staff_answer_names_its_writer"),
            models.CheckConstraint(condition=models.Q(by__isnull=False) | models.Q(link__isnull=False), name="answer_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"answer {self.ref}"


class InstrumentText(Referenced):
    """The licensed words of one instrument in one language, as the clinic brought them. The newest one stands."""

    instrument = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    license_words = models.CharField(max_length=500)
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [models.CheckConstraint(condition=~models.Q(license_words=""), name="instrument_text_names_its_license")]


class FormSchedule(Referenced):
    """Which sets of forms a course asks for, and on which days. The newest row of a course stands; none means the packaged schedule."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="form_schedules")
    data = models.JSONField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

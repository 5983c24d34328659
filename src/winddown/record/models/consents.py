"""Consent texts as the director signed them, each sitting with one of them step by step, and the paper as it was signed."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.links import Link
from winddown.record.models.patients import Consent, Patient
from winddown.record.models.people import Staff


class ConsentTextVersion(Referenced):
    """One language of one version of a text. The newest version stands; `renew` asks everybody who signed an older one to sign anew."""

    about = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    valid_days = models.PositiveIntegerField()
    renew = models.BooleanField(default=False)
    because = models.CharField(max_length=300)
    signed_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta(Referenced.Meta):
        constraints = [
            models.UniqueConstraint(fields=["practice", "about", "version", "language"], name="consent_text_version_once"),
            models.CheckConstraint(condition=~models.Q(because=""), name="consent_text_says_what_changed"),
        ]


class ConsentSitting(Referenced):
    """One person sat down with one text, at home by a link or here on a tablet. `figures` are the risk figures of that day."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consent_sittings")
    text = models.ForeignKey(ConsentTextVersion, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="consent_sittings")

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "opened_at"])]


class ConsentStep(Referenced):
    """One step of a sitting: seconds read, a question answered, a statement acknowledged, a question asked, signed. `ref` is its key."""

    sitting = models.ForeignKey(ConsentSitting, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=14)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()


class ConsentPaper(Referenced):
    """The paper as it was signed: the PDF and its hash, the drawn signature or the typed name, and how long the text was in sight."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="paper")
    sitting = models.OneToOneField(ConsentSitting, on_delete=models.PROTECT, related_name="paper")
    typed_name = models.CharField(max_length=200)
    signature = models.TextField(blank=True, help_text="the strokes as SVG; empty when the name was typed and confirmed")
    reading_seconds = models.PositiveIntegerField(null=True, blank=True)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

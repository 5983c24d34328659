"""Readings that a patient took at home: typed on their page, or sent by their own device. Append-only, and never a reading of a session."""

from __future__ import annotations

from django.db import models

from winddown.record.base import Referenced
from winddown.record.models.links import Link
from winddown.record.models.patients import Patient

HOME_SOURCES = ("page", "device")


class HomeReading(Referenced):
    """One number from home. Those taken together share `taken`; `ref` is made from the sender's key, so that twice is once."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="home_readings")
    taken = models.UUIDField(help_text="the measurement it belongs to, such as both numbers of one pressure")
    kind = models.SlugField(max_length=20)
    value = models.DecimalField(max_digits=6, decimal_places=2)
    unit = models.CharField(max_length=12)
    measured_at = models.DateTimeField()
    written_at = models.DateTimeField()
    source = models.CharField(max_length=6, choices=[(word, word) for word in HOME_SOURCES])
    device = models.CharField(max_length=60, blank=True, help_text="what the sender calls itself")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="home_readings")
    odd = models.CharField(max_length=200, blank=True)

    class Meta(Referenced.Meta):
        indexes = [models.Index(fields=["patient", "kind", "measured_at"])]

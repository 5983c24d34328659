"""What the pages of this room share: a test of this patient, and the moment a device stamped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime

from winddown.record.models import Patient, SensoryTest


def test_of(patient: Patient, ref: UUID) -> SensoryTest:
    """A test of this patient, or of a record merged into this one; 404 otherwise."""
    family = [patient.pk, *patient.merged_from.values_list("pk", flat=True)]
    rows = SensoryTest.objects.select_related("by", "patient", "session", "repeats").filter(patient__in=family)
    test: SensoryTest = get_object_or_404(rows, ref=ref)
    return test


def stamped(typed: Mapping[str, str], now: datetime) -> datetime:
    """When the device says it happened, never ahead of now; now without a stamp or with one that cannot be read."""
    try:
        at = parse_datetime(typed.get("happened_at", "").strip())
    except ValueError:
        at = None
    if at is None:
        return now
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now)

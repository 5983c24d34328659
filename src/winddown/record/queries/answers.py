"""A patient's answers over time. Those of a record merged into this one count as this patient's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from winddown.record.models import Answer, Patient


def _standing(patient: Patient) -> QuerySet[Answer]:
    """What no later answer supersedes."""
    whose = Q(patient=patient) | Q(patient__merged_into=patient)
    return Answer.objects.filter(whose, superseded_by__isnull=True).select_related("by", "link__access")


def series(patient: Patient, instrument: str) -> list[Answer]:
    """All standing answers to one instrument, oldest first. An answer without a score is there too."""
    return list(_standing(patient).filter(instrument=instrument).order_by("answered_at", "id"))


def all_of(patient: Patient) -> dict[str, list[Answer]]:
    """All standing answers by instrument, oldest first. One query."""
    found: dict[str, list[Answer]] = {}
    for answer in _standing(patient).order_by("answered_at", "id"):
        found.setdefault(answer.instrument, []).append(answer)
    return found


def moments_of(patient: Patient, instrument: str) -> list[datetime]:
    """When one instrument was answered, with a score or without, oldest first. One query."""
    whose = Q(patient=patient) | Q(patient__merged_into=patient)
    rows = Answer.objects.filter(whose, superseded_by__isnull=True, instrument=instrument)
    return list(rows.order_by("answered_at").values_list("answered_at", flat=True))


def newest(patient: Patient, instruments: Iterable[str] | None = None) -> dict[str, Answer]:
    """The newest standing answer to each instrument. One query."""
    rows = _standing(patient)
    if instruments is not None:
        rows = rows.filter(instrument__in=list(instruments))
    ordered = rows.order_by("instrument", "-answered_at", "-id").distinct("instrument")
    return {answer.instrument: answer for answer in ordered}


def since(patient: Patient, moment: datetime) -> list[Answer]:
    return list(_standing(patient).filter(answered_at__gte=moment).order_by("answered_at", "id"))

"""Finding a patient by three letters, a record number or a birth date."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from winddown.record.models import Patient, Session

LETTERS_MIN = 3
PLANNED = 1
UNDER_WAY = frozenset({"checked_in", "ready", "running", "held", "stopped", "recovering"})


def everyone() -> QuerySet[Patient]:
    """The records that are open, by name. Merged ones are reached through the record they point at."""
    return Patient.objects.filter(merged_into__isnull=True).order_by("family_name", "given_name", "id")


def find(text: str) -> QuerySet[Patient] | None:
    """The patients that fit; None when the text is too short to search with."""
    text = text.strip()
    born = _day(text)
    if born is not None:
        return everyone().filter(birth_date=born)
    has_number = any(letter.isdigit() for letter in text)
    if not has_number and len(text) < LETTERS_MIN:
        return None
    fits = Q()
    for word in text.replace(",", " ").split():
        fits &= Q(family_name__istartswith=word) | Q(given_name__istartswith=word)
    return everyone().filter(fits | Q(record_number__icontains=text)) if has_number else everyone().filter(fits)


def visits_of(patients: list[Patient]) -> dict[int, Session]:
    """The visit that matters now for each: the one going on, else the next planned, else the last. One query for all."""
    chosen: dict[int, Session] = {}
    for session in Session.objects.filter(patient__in=patients).select_related("chair", "location").order_by("planned", "id"):
        held = chosen.get(session.patient_id)
        if held is None or _rank(session) > _rank(held) or _rank(session) == _rank(held) != PLANNED:
            chosen[session.patient_id] = session
    return chosen


def _rank(session: Session) -> int:
    if session.status in UNDER_WAY:
        return PLANNED + 1
    return PLANNED if session.status == "planned" else 0


def _day(text: str) -> date | None:
    try:
        day: Any = forms.DateField(required=False).clean(text)
    except forms.ValidationError:
        return None
    return day if isinstance(day, date) else None

"""Two records of one person side by side, and the merge that loses nothing of either."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from winddown.record.models import Patient, PatientFact, Staff
from winddown.services import patients
from winddown.web.patients.chart import lines_of, live_by_kind

COPIED = ("weight", "height", "allergy", "condition", "medicine", "affected_limb", "mobility", "phone", "note")


def side(patient: Patient) -> dict[str, Any]:
    """One of the two, in words."""
    live = live_by_kind(lines_of(patient))
    lists = {kind: [line.words for line in live[kind]] for kind in ("allergy", "condition", "medicine", "phone")}
    return {"patient": patient, "card": patients.card(patient), "lists": lists, "sessions": patient.sessions.count()}


@transaction.atomic
def merge(duplicate: Patient, into: Patient, *, because: str, by: Staff, now: datetime) -> None:
    """Merge, and repeat on the record that stays what only the duplicate knew: an allergy must not vanish with a number."""
    patients.merge(duplicate, into, because=because, by=by, now=now)
    known = [(fact.kind, fact.data) for fact in _live(into)]
    for fact in _live(duplicate):
        if fact.kind in COPIED and (fact.kind, fact.data) not in known:
            data = fact.data | {"from": duplicate.record_number}
            patients.learn(into, fact.kind, data, by=by, observed_at=fact.observed_at, now=now)


def _live(patient: Patient) -> list[PatientFact]:
    facts = list(PatientFact.objects.filter(patient=patient).order_by("observed_at", "id"))
    gone = {fact.supersedes_id for fact in facts if fact.supersedes_id}
    return [fact for fact in facts if fact.pk not in gone]

"""Two records of one person side by side, and the merge that loses nothing of either."""

from __future__ import annotations

from typing import Any

from winddown.record.models import Patient
from winddown.services import patients
from winddown.web.patients.chart import lines_of, live_by_kind


def side(patient: Patient) -> dict[str, Any]:
    """One of the two, in words."""
    live = live_by_kind(lines_of(patient))
    lists = {kind: [line.words for line in live[kind]] for kind in ("allergy", "condition", "medicine", "phone")}
    return {"patient": patient, "card": patients.card(patient), "lists": lists, "sessions": patient.sessions.count()}

"""A patient's facts as the page shows them: newest first, what is live, what was replaced, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from winddown.record.models import Patient, PatientFact
from winddown.web.patients.words import KINDS, fact_words

SPARK_WIDTH, SPARK_HEIGHT = 100, 28


@dataclass(frozen=True)
class FactLine:
    """One fact in words."""

    ref: UUID
    kind: str
    kind_words: Any
    words: str
    data: dict[str, Any]
    observed_at: datetime
    written_at: datetime
    by: str
    is_live: bool
    was_late: bool


def lines_of(patient: Patient) -> list[FactLine]:
    """All facts, newest first. One query however long the history."""
    rows = list(PatientFact.objects.filter(patient=patient).select_related("by").order_by("-observed_at", "-id"))
    gone = {row.supersedes_id for row in rows if row.supersedes_id}
    return [_line(row, row.pk not in gone) for row in rows]


def _line(row: PatientFact, is_live: bool) -> FactLine:
    return FactLine(
        ref=row.ref,
        kind=row.kind,
        kind_words=KINDS.get(row.kind, row.kind),
        words=fact_words(row.kind, row.data),
        data=row.data,
        observed_at=row.observed_at,
        written_at=row.written_at,
        by=row.by.name,
        is_live=is_live,
        was_late=(row.written_at - row.observed_at).total_seconds() > 60,
    )


def live_by_kind(lines: list[FactLine]) -> dict[str, list[FactLine]]:
    """What counts now, by kind; a kind without a fact is there and empty."""
    found: dict[str, list[FactLine]] = {kind: [] for kind in KINDS}
    for line in lines:
        if line.is_live:
            found.setdefault(line.kind, []).append(line)
    return found


def weight_spark(weights: list[FactLine]) -> dict[str, str] | None:
    """The last weights as a line in a 100 x 28 box, oldest left; none with fewer than two."""
    kilograms = [Decimal(line.data["weight_kg"]) for line in reversed(weights[:12])]
    if len(kilograms) < 2:
        return None
    low, high = min(kilograms), max(kilograms)
    spread = high - low or Decimal(1)
    step = Decimal(SPARK_WIDTH) / (len(kilograms) - 1)
    points = [
        f"{step * place:.1f},{SPARK_HEIGHT - 2 - (value - low) / spread * (SPARK_HEIGHT - 4):.1f}" for place, value in enumerate(kilograms)
    ]
    return {"points": " ".join(points), "words": f"{kilograms[0]} → {kilograms[-1]} kg"}

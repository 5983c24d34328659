"""When a patient's infusions really ran, for marking them on other courses of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from winddown.record.models import Patient, SessionEvent

_ENDS = ("infusion_completed", "stopped")


@dataclass(frozen=True)
class Infusion:
    """One infusion. `ended_at` is None while it runs, and where the end was never charted."""

    session: UUID
    started_at: datetime
    ended_at: datetime | None


def infusions_of(patient: Patient) -> list[Infusion]:
    """Every infusion of this patient that was started, oldest first. One query; what a later row replaced does not count."""
    whose = Q(session__patient=patient) | Q(session__patient__merged_into=patient)
    rows = SessionEvent.objects.filter(whose, kind__in=("started", *_ENDS, "retracted"))
    told = list(rows.order_by("id").values_list("id", "session__ref", "kind", "happened_at", "supersedes_id"))
    gone = {supersedes for _, _, _, _, supersedes in told if supersedes}
    begun: dict[UUID, datetime] = {}
    ended: dict[UUID, datetime] = {}
    for pk, session, kind, at, _ in told:
        if pk in gone or kind == "retracted":
            continue
        if kind == "started":
            begun.setdefault(session, at)
        else:
            ended[session] = at
    found = [Infusion(session, at, ended.get(session)) for session, at in begun.items()]
    return sorted(found, key=lambda infusion: infusion.started_at)

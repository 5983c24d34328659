"""When a patient's infusions really ran, for marking them on other courses of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
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


def unwanted_effects() -> tuple[dict[str, int], int]:
    """How many infusions ever begun here had each unwanted effect written down, and how many were begun. Corrected facts do not count.

    pressure: a cuff pressure of 180/110 mmHg or more between the start and the end of the stay; the limits are those of the hold.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """with stands as (
                 select e.session_id, e.kind, e.data, e.happened_at from record_sessionevent e
                 where e.kind in ('started', 'stopped', 'adverse_event')
                 and not exists (select 1 from record_sessionevent later where later.supersedes_id = e.id)),
               begun as (select session_id, min(happened_at) as at from stands where kind = 'started' group by session_id)
               select count(*),
                 count(*) filter (where exists (select 1 from stands s where s.session_id = begun.session_id and s.kind = 'stopped')),
                 count(*) filter (where exists (select 1 from stands s where s.session_id = begun.session_id and s.kind = 'adverse_event'
                   and s.data->>'term' in ('nausea', 'vomiting'))),
                 count(*) filter (where exists (select 1 from stands s where s.session_id = begun.session_id and s.kind = 'adverse_event'
                   and s.data->>'term' in ('dissociation', 'hallucination'))),
                 count(*) filter (where exists (select 1 from record_reading r where r.session_id = begun.session_id
                   and r.observed_at >= begun.at and r.label in ('accepted', 'late')
                   and ((r.kind = 'systolic' and r.value >= 180) or (r.kind = 'diastolic' and r.value >= 110))))
               from begun"""
        )
        infusions, stopped, nausea, perception, pressure = cursor.fetchone()
    return {"stopped": stopped, "nausea": nausea, "perception": perception, "pressure": pressure}, infusions

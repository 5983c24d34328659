"""Followed series as the arithmetic reads them, and adverse events by month. A fixed number of queries each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from winddown.domain.outcomes.summary import Series
from winddown.record.models import FollowedSeries, ProgrammeRebuild, Session, SessionEvent

_READ = (
    "id",
    "patient_id",
    "protocol__key",
    "diagnosis",
    "location__ref",
    "prescriber__ref",
    "response",
    "because",
    "remission",
    "ending",
    "relapse_after_days",
    "relapse_by_days",
    "watched_days",
    "baseline",
    "age_years",
    "patient__sex",
    "mg_per_kg",
    "total_mg_per_kg",
)


def series(programme: str) -> list[Series]:
    """Every standing series of this program. One query."""
    return [_series(row) for row in standing(programme).values_list(*_READ)]


def standing(programme: str) -> QuerySet[FollowedSeries]:
    """The rows behind the figures, oldest first."""
    return FollowedSeries.objects.filter(programme=programme, standing=True).order_by("began_at", "id")


def _series(row: tuple[Any, ...]) -> Series:
    pk, patient, protocol, diagnosis, location, clinician, *rest = row
    response, because, remission, end, after, until, watched, baseline, age, sex, mg_per_kg, total = rest
    return Series(
        pk=pk,
        patient=patient,
        protocol=protocol,
        diagnosis=diagnosis,
        location=str(location),
        clinician=str(clinician),
        response=response,
        because=because,
        remission=remission,
        end=end,
        relapse_after=after,
        relapse_by=until,
        watched=watched,
        baseline=baseline,
        age_years=age,
        female=sex == "female",
        mg_per_kg=mg_per_kg,
        total_mg_per_kg=total,
    )


def newest_rebuild() -> ProgrammeRebuild | None:
    rebuild: ProgrammeRebuild | None = ProgrammeRebuild.objects.select_related("by").order_by("-id").first()
    return rebuild


@dataclass
class EventMonth:
    """One month: infusions begun, and adverse events written down with them, by term and of grade 3 or more."""

    first: date
    infusions: int = 0
    events: int = 0
    serious: int = 0
    terms: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def events_by_month(zone: str, until: datetime, months: int = 24) -> list[EventMonth]:
    """The last so many months that had an infusion before them, oldest first; what a later row replaced does not count. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """with stands as (
                 select e.session_id, e.kind, e.data, e.happened_at from record_sessionevent e
                 where e.kind in ('started', 'adverse_event') and e.happened_at <= %s
                 and not exists (select 1 from record_sessionevent later where later.supersedes_id = e.id)),
               begun as (select session_id, min(happened_at) as at from stands where kind = 'started' group by session_id)
               select date_trunc('month', b.at at time zone %s)::date, count(distinct b.session_id), count(s.session_id),
                 count(*) filter (where s.data->>'grade' in ('3', '4', '5')), s.data->>'term'
               from begun b left join stands s on s.session_id = b.session_id and s.kind = 'adverse_event'
               group by grouping sets ((1), (1, 5)) order by 1""",
            [until, zone],
        )
        rows = cursor.fetchall()
    found: dict[date, EventMonth] = {}
    for first, infusions, events, serious, term in rows:
        month = found.setdefault(first, EventMonth(first))
        if term is None:
            month.infusions, month.events = max(month.infusions, infusions), max(month.events, events)
            month.serious = max(month.serious, serious)
        else:
            month.terms[term] += events
    return _without_gaps(found, months)


def _without_gaps(found: dict[date, EventMonth], months: int) -> list[EventMonth]:
    """A month without an infusion is drawn as one, not left out."""
    if not found:
        return []
    filled, day = [], min(found)
    while day <= max(found):
        filled.append(found.get(day) or EventMonth(day))
        day = (day + timedelta(days=32)).replace(day=1)
    return filled[-months:]


@dataclass(frozen=True)
class Visit:
    """What a series needs to know of one of its visits. mg_per_kg: as ordered; None where the order does not say."""

    session_id: int
    location_id: int
    prescriber_id: int
    born: date
    mg_per_kg: float | None


def visits() -> dict[UUID, Visit]:
    """Every visit in which an infusion was begun, whatever its status says: a pump that ran in an abandoned visit ran. One query."""
    begun = SessionEvent.objects.filter(session=OuterRef("pk"), kind="started")
    rows = Session.objects.filter(Exists(begun)).order_by()
    told = rows.values_list("ref", "id", "location_id", "order__by_id", "patient__birth_date", "order__figures__total_mg_per_kg")
    return {ref: Visit(pk, place, by, born, float(dose) if dose else None) for ref, pk, place, by, born, dose in told}


def with_event(first: datetime, last: datetime, term: str = "") -> list[tuple[Session, list[dict[str, Any]]]]:
    """Visits with an adverse event written down in a span (of this term, where one is named), newest first. Two queries."""
    rows = SessionEvent.objects.filter(kind="adverse_event", happened_at__gte=first, happened_at__lt=last)
    rows = rows.exclude(pk__in=SessionEvent.objects.filter(supersedes__isnull=False).values("supersedes_id"))
    rows = rows.filter(data__term=term) if term else rows
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for session, data, at in rows.order_by("happened_at").values_list("session_id", "data", "happened_at"):
        told[session].append({**data, "at": at})
    found = Session.objects.filter(pk__in=list(told)).select_related("patient", "location", "chair").order_by("-planned", "-id")
    return [(session, told[session.pk]) for session in found]

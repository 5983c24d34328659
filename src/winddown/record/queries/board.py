"""What a board shows of many chairs at once: a fixed number of queries, whatever the number of chairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from winddown.domain.sessions.story import Event
from winddown.domain.vitals.reading import USABLE
from winddown.record.models import Alarm, Session, SessionEvent

SEATED = ("checked_in", "ready", "running", "held", "stopped", "recovering")
NUMBERS = ("systolic", "diastolic", "pulse_rate", "heart_rate", "spo2", "respiratory_rate", "etco2")
PRESSURES_DRAWN = 24
_OWN = ("ref", "practice", "planned", "status", "version", "chair", "location", "patient", "order")
_SHOWN = (
    *_OWN,
    "patient__given_name",
    "patient__family_name",
    "chair__name",
    "chair__ref",
    "order__figures",
    "order__course__ref",
    "order__course__protocol__ref",
)


@dataclass(frozen=True)
class Newest:
    """The newest usable reading of one kind."""

    kind: str
    value: float
    observed_at: datetime
    label: str
    source: str


def visits(locations: Sequence[int], first: datetime, last: datetime, *, chair: int | None = None) -> list[Session]:
    """Visits planned between two instants, and everyone who sits in a chair whatever was planned; soonest first. One chair's if asked."""
    wanted = Q(planned__overlap=(first, last)) | Q(status__in=SEATED)
    if chair is not None:
        wanted &= Q(chair_id=chair)
    rows = Session.objects.filter(wanted, location_id__in=locations).select_related("patient", "chair", "order__course__protocol")
    return list(rows.only(*_SHOWN).order_by("planned", "id"))


def stories(sessions: Iterable[int]) -> dict[int, tuple[Event, ...]]:
    """The stories of many sessions, without what only sentences need: who wrote a row stays in the row."""
    wanted = list(sessions)
    rows = SessionEvent.objects.filter(session_id__in=wanted).order_by("id")
    found: dict[int, list[Event]] = {pk: [] for pk in wanted}
    for pk, number, ref, kind, happened_at, written_at, data, supersedes in rows.values_list(
        "session_id", "id", "ref", "kind", "happened_at", "written_at", "data", "supersedes__ref"
    ):
        event = Event(str(ref), number, kind, happened_at, written_at, "", data, str(supersedes) if supersedes else None)
        found[pk].append(event)
    return {pk: tuple(events) for pk, events in found.items()}


def newest_readings(sessions: Sequence[int]) -> dict[int, dict[str, Newest]]:
    """The newest usable reading of each kind, by session. One index probe per session and kind."""
    found: dict[int, dict[str, Newest]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """select s.id, k.kind, r.value, r.observed_at, r.label, r.source
               from unnest(%s::bigint[]) as s(id) cross join unnest(%s::text[]) as k(kind)
               cross join lateral (
                 select value, observed_at, label, source from record_reading
                 where session_id = s.id and kind = k.kind and value is not null and label = any(%s)
                 order by observed_at desc limit 1) r""",
            [list(sessions), list(NUMBERS), sorted(USABLE)],
        )
        for pk, kind, value, observed_at, label, source in cursor.fetchall():
            found.setdefault(pk, {})[kind] = Newest(kind, value, observed_at, label, source)
    return found


def pressures(sessions: Sequence[int]) -> dict[int, list[float]]:
    """The last systolic pressures of each session, oldest first."""
    found: dict[int, list[float]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """select s.id, r.value from unnest(%s::bigint[]) as s(id)
               cross join lateral (
                 select value, observed_at from record_reading
                 where session_id = s.id and kind = 'systolic' and value is not null and label = any(%s)
                 order by observed_at desc limit %s) r
               order by s.id, r.observed_at""",
            [list(sessions), sorted(USABLE), PRESSURES_DRAWN],
        )
        for pk, value in cursor.fetchall():
            found.setdefault(pk, []).append(value)
    return found


def alarms_between(locations: Sequence[int], first: datetime, last: datetime) -> list[Alarm]:
    """Alarms raised in a span, newest first."""
    rows = Alarm.objects.filter(location_id__in=locations, raised_at__gte=first, raised_at__lt=last)
    return list(rows.select_related("chair", "location", "session__patient").order_by("-raised_at", "-id"))


def acts_of(sessions: Iterable[int], kinds: Iterable[str], since: datetime) -> dict[int, list[tuple[datetime, str]]]:
    """When something of these kinds was done at each session, by session."""
    rows = SessionEvent.objects.filter(session_id__in=list(sessions), kind__in=list(kinds), happened_at__gte=since)
    found: dict[int, list[tuple[datetime, str]]] = {}
    for pk, at, kind in rows.order_by("happened_at", "id").values_list("session_id", "happened_at", "kind"):
        found.setdefault(pk, []).append((at, kind))
    return found

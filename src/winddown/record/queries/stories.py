"""A session's rows as the domain's events."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from winddown.domain.sessions.story import Event
from winddown.record.models import Session, SessionEvent


def event_of(row: SessionEvent) -> Event:
    """One row as the domain sees it. `by` is a name or the device's words, for sentences; identity stays in the row."""
    source = row.by.name if row.by else (row.device.words or row.device.key if row.device else "")
    return Event(
        id=str(row.ref),
        sequence=row.pk,
        kind=row.kind,
        happened_at=row.happened_at,
        written_at=row.written_at,
        by=source,
        data=row.data,
        supersedes=str(row.supersedes.ref) if row.supersedes else None,
        second=row.second.name if row.second else None,
    )


def events_of(session: Session) -> tuple[Event, ...]:
    """The whole story, in the order of writing. One query."""
    return tuple(event_of(row) for row in rows_of(session))


def rows_of(session: Session) -> QuerySet[SessionEvent]:
    return _named(SessionEvent.objects.filter(session=session))


def _named(rows: QuerySet[SessionEvent]) -> QuerySet[SessionEvent]:
    """With the names that sentences need and no other column of a person: the device role may read no more of them."""
    own = ("id", "practice", "ref", "session", "kind", "happened_at", "written_at", "data", "odd")
    beside = ("by__name", "second__name", "device__key", "device__words", "supersedes__ref")
    return rows.select_related("by", "second", "device", "supersedes").only(*own, *beside).order_by("id")


def stories_of(sessions: Iterable[Session]) -> dict[int, tuple[Event, ...]]:
    """The stories of many sessions in one query, by session id."""
    wanted = [session.pk for session in sessions]
    found: dict[int, list[Event]] = {pk: [] for pk in wanted}
    for row in _named(SessionEvent.objects.filter(session_id__in=wanted)):
        found[row.session_id].append(event_of(row))
    return {pk: tuple(events) for pk, events in found.items()}

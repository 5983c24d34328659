"""A session's rows as the domain's events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from winddown.domain.sessions.story import Event
from winddown.record.models import Session, SessionEvent


@dataclass(frozen=True)
class Told:
    """One event with what the record knows beside it: what the lifecycle frowned on, and the key of who wrote it (None for a device)."""

    event: Event
    odd: str
    by_id: int | None


_PLAIN = (
    "session_id", "ref", "id", "kind", "happened_at", "written_at", "by__name", "device__words", "device__key", "data", "supersedes__ref",
    "second__name", "odd", "by_id",
)  # fmt: skip


def events_of(session: Session) -> tuple[Event, ...]:
    """The whole story, in the order of writing. One query."""
    return tuple(each.event for each in told_of(session))


def told_of(session: Session) -> tuple[Told, ...]:
    """The whole story with what stands beside it, in the order of writing. One query, of plain columns: a story is read at every look."""
    return tuple(_told(row) for row in SessionEvent.objects.filter(session=session).order_by("id").values_list(*_PLAIN))


def event_of(row: SessionEvent) -> Event:
    """One row that is in hand as the domain sees it."""
    return _told(tuple(reduce(_followed, column.split("__"), row) for column in _PLAIN)).event


def _followed(held: Any, name: str) -> Any:
    return None if held is None else getattr(held, name)


def _told(row: tuple[Any, ...]) -> Told:
    """`by` of the event is a name or the device's words, for sentences; identity stands beside it."""
    _session, ref, pk, kind, happened_at, written_at, by, words, key, data, supersedes, second, odd, by_id = row
    source = by if by_id is not None else (words or key or "")
    replaced = str(supersedes) if supersedes else None
    return Told(Event(str(ref), pk, kind, happened_at, written_at, source, data, replaced, second), odd, by_id)


def stories_of(sessions: Iterable[Session]) -> dict[int, tuple[Event, ...]]:
    """The stories of many sessions in one query, by session id."""
    wanted = [session.pk for session in sessions]
    found: dict[int, list[Event]] = {pk: [] for pk in wanted}
    for row in SessionEvent.objects.filter(session_id__in=wanted).order_by("id").values_list(*_PLAIN):
        found[row[0]].append(_told(row).event)
    return {pk: tuple(events) for pk, events in found.items()}

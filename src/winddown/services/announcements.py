"""News for live pages: appended in the transaction that made it, numbered without a gap, woken after commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from winddown.record.models import Announcement
from winddown.record.scope import before_leaving, current_practice_id


@dataclass(frozen=True)
class News:
    """One announcement before it has its number. kind: readings, event, alarm, status, heartbeat."""

    kind: str
    at: datetime
    session_ref: UUID | None = None
    chair_ref: UUID | None = None
    body: dict[str, Any] = field(default_factory=dict)


_pending: ContextVar[list[News] | None] = ContextVar("winddown_pending_news", default=None)


def announce(*news: News) -> None:
    """Queue news; it is numbered and written as the last step of the transaction.

    The counter's row lock is therefore taken after every other lock and held only until commit: writers queue for microseconds, and
    two of them can never wait for each other. What a scope that failed had queued is forgotten with it.
    """
    if before_leaving(_flush):
        _pending.set([])
    pending = _pending.get()
    assert pending is not None
    pending.extend(news)


def _flush() -> None:
    news = _pending.get() or []
    _pending.set(None)
    _write(news)


def _write(news: Sequence[News]) -> None:
    practice_id = current_practice_id()
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into record_announcementcounter as counter (practice_id, number) values (%s, %s)
               on conflict (practice_id) do update set number = counter.number + excluded.number returning number""",
            [practice_id, len(news)],
        )
        first = int(cursor.fetchone()[0]) - len(news) + 1
    told = [
        {
            "number": first + place,
            "kind": item.kind,
            "session_ref": str(item.session_ref) if item.session_ref else None,
            "chair_ref": str(item.chair_ref) if item.chair_ref else None,
            "at": item.at.isoformat(),
            "body": item.body,
        }
        for place, item in enumerate(news)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into record_announcement (practice_id, number, kind, session_ref, chair_ref, at, body)
                select %s, told.* from json_to_recordset(%s::json) as told (
                 number bigint, kind text, session_ref uuid, chair_ref uuid, at timestamptz, body jsonb)""",
            [practice_id, json.dumps(told)],
        )


def latest() -> int:
    """The last number given out in this practice, 0 before the first."""
    newest = Announcement.objects.order_by("-number").values_list("number", flat=True).first()
    return int(newest or 0)


def after(number: int, *, limit: int = 500) -> list[Announcement]:
    """Everything after `number`, in order, at most `limit` of them."""
    return list(Announcement.objects.filter(number__gt=number).order_by("number")[:limit])

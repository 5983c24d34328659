"""News for live pages: appended in the transaction that made it, numbered without a gap, woken after commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from winddown.record.models import Announcement
from winddown.record.scope import current_practice_id


@dataclass(frozen=True)
class News:
    """One announcement before it has its number. kind: readings, event, alarm, status, heartbeat."""

    kind: str
    at: datetime
    session_ref: UUID | None = None
    chair_ref: UUID | None = None
    body: dict[str, Any] = field(default_factory=dict)


def announce(*news: News) -> int:
    """Append and number. Call it last in a transaction: the counter's row lock is held until commit. Returns the last number."""
    return announce_all(news)


def announce_all(news: Sequence[News]) -> int:
    if not news:
        return latest()
    practice_id = current_practice_id()
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into record_announcementcounter as counter (practice_id, number) values (%s, %s)
               on conflict (practice_id) do update set number = counter.number + excluded.number returning number""",
            [practice_id, len(news)],
        )
        last = int(cursor.fetchone()[0])
    first = last - len(news) + 1
    Announcement.objects.bulk_create(
        Announcement(
            practice_id=practice_id,
            number=first + place,
            kind=item.kind,
            session_ref=item.session_ref,
            chair_ref=item.chair_ref,
            at=item.at,
            body=item.body,
        )
        for place, item in enumerate(news)
    )
    return last


def latest() -> int:
    """The last number given out in this practice, 0 before the first."""
    newest = Announcement.objects.order_by("-number").values_list("number", flat=True).first()
    return int(newest or 0)


def after(number: int, *, limit: int = 500) -> list[Announcement]:
    """Everything after `number`, in order, at most `limit` of them."""
    return list(Announcement.objects.filter(number__gt=number).order_by("number")[:limit])

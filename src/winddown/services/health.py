"""Health by traffic: each part of the house says what it last did, and the phantom bed proves the whole road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from winddown.record.models import Device, Heartbeat, Practice, Reading
from winddown.record.scope import at_practice, current_practice_id
from winddown.services.announcements import News

LISTENER_LIMIT = timedelta(seconds=150)
WATCH_LIMIT = timedelta(seconds=10)
BEAT_EVERY = timedelta(seconds=5)
_LISTENER_WORDS, _WATCH_WORDS = "the phantom bed's last reading came", "the watch last looked"


@dataclass(frozen=True)
class Part:
    """One part's state. `ok` only when it was seen doing its work recently."""

    name: str
    ok: bool
    words: str


def beat(part: str, *, now: datetime, detail: dict[str, Any] | None = None) -> None:
    """Say that a part has done its work at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into record_heartbeat (practice_id, part, at, detail) values (%s, %s, %s, '{}')
               on conflict (practice_id, part) do update set at = excluded.at""",
            [current_practice_id(), part, now],
        )


def heard(devices: Sequence[Device], *, now: datetime) -> list[News]:
    """Messages were taken in. The phantom bed's own message is announced, so that the board sees it come out of the stream."""
    if not any(device.kind == "phantom" for device in devices):
        return []
    beat("listener", now=now)
    return [News("heartbeat", now, body={"part": "listener"})]


def check(*, now: datetime) -> list[Part]:
    """Every part of every practice. Raises nothing: a database that does not answer is a part that is not ok."""
    try:
        practices = list(Practice.objects.all())
    except Exception as why:
        return [Part("database", False, f"the database does not answer: {type(why).__name__}")]
    parts = [Part("database", True, "answers")]
    if not practices:
        return [*parts, Part("practice", False, "no practice yet: run `winddown init`")]
    for practice in practices:
        with at_practice(practice.pk):
            parts += [_listener(now), _watch(now)]
    return parts


def here(*, now: datetime) -> list[Part]:
    """This practice's own listener and watch, for its board: by their heartbeats, in one query."""
    beats = dict(Heartbeat.objects.filter(part__in=("listener", "watch")).values_list("part", "at"))
    return [
        _judged("listener", beats.get("listener"), now, LISTENER_LIMIT, _LISTENER_WORDS),
        _judged("watch", beats.get("watch"), now, WATCH_LIMIT, _WATCH_WORDS),
    ]


def _listener(now: datetime) -> Part:
    newest = Reading.objects.filter(device__kind="phantom").order_by("-received_at").values_list("received_at", flat=True).first()
    return _judged("listener", newest, now, LISTENER_LIMIT, _LISTENER_WORDS)


def _watch(now: datetime) -> Part:
    newest = Heartbeat.objects.filter(part="watch").values_list("at", flat=True).first()
    return _judged("watch", newest, now, WATCH_LIMIT, _WATCH_WORDS)


def _judged(name: str, at: datetime | None, now: datetime, limit: timedelta, words: str) -> Part:
    if at is None:
        return Part(name, False, f"{words.split(' last')[0]} has not been heard since the start")
    age = (now - at).total_seconds()
    return Part(name, age <= limit.total_seconds(), f"{words} {age:.0f} s ago, limit {limit.total_seconds():.0f} s")

"""When a message is tried again, and when it may leave at all where the reader is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 12
UNHEARD_OF_AFTER = timedelta(minutes=10)
QUIET_FROM, QUIET_UNTIL = time(21), time(8)


def next_try(attempts: int, *, at: datetime, until: datetime) -> datetime | None:
    """When to try again after this many failures: 1, 2, 4 ... minutes, at most an hour apart. None: not any more."""
    if attempts >= MOST_TRIES:
        return None
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return at + pause if at + pause < until else None


def by_day(at: datetime, zone: str) -> datetime:
    """The same instant if it is day where the reader is, else eight in the morning there."""
    there = at.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return at
    day = there.date() + timedelta(days=1 if there.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, ZoneInfo(zone)).astimezone(at.tzinfo)

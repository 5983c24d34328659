"""Who is on call for a place, and whether anyone has said today that they are watching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_WATCH = timedelta(hours=12)


@dataclass(frozen=True)
class Duty:
    """One person's span on call for one place. rank 1 is called first."""

    staff_id: int
    rank: int
    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True)
class Watch:
    """ "I am watching": said by a person on a device, until it ends."""

    staff_id: int
    began_at: datetime
    ends_at: datetime


def on_call(duties: Sequence[Duty], at: datetime) -> tuple[int, ...]:
    """Those on call at `at`, first called first, each once."""
    covering = sorted((duty for duty in duties if duty.covers(at)), key=lambda duty: (duty.rank, duty.starts_at))
    return tuple(dict.fromkeys(duty.staff_id for duty in covering))


def watch_until(duties: Sequence[Duty], staff_id: int, at: datetime) -> datetime:
    """When a watch begun now ends: with the person's duty, and never later than 12 hours from now."""
    ends = [duty.ends_at for duty in duties if duty.staff_id == staff_id and duty.covers(at)]
    return min(max(ends, default=at + LONGEST_WATCH), at + LONGEST_WATCH)


def watching(watches: Sequence[Watch], at: datetime) -> tuple[Watch, ...]:
    """The watches that hold at `at`. Empty: nobody is watching, and a page must say so before it asks about suicide."""
    return tuple(watch for watch in watches if watch.began_at <= at < watch.ends_at)


def gaps(duties: Sequence[Duty], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The spans between `start` and `end` in which nobody is on call, in order."""
    free, at = [], start
    for duty in sorted(duties, key=lambda duty: duty.starts_at):
        if duty.starts_at >= end:
            break
        if duty.starts_at > at:
            free.append((at, duty.starts_at))
        at = max(at, duty.ends_at)
    if at < end:
        free.append((at, end))
    return free

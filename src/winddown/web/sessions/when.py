"""When did it happen: now, some minutes ago, or at a time of the day. Both times are kept; the server's clock says when it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime

from winddown.domain.refusals import OutOfRange, Refusal
from winddown.domain.sessions.story import LATE_AFTER

AGO_CHOICES_MIN = (2, 5, 10, 15, 30)
OLDEST = timedelta(hours=12)


@dataclass(frozen=True)
class Moment:
    """`at` is when it happened. `past` True: longer ago than an entry takes, so it is a fact and no request."""

    at: datetime
    past: bool


def moment_of(typed: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Moment:
    """Read the fields `happened_at` (an instant that the page stamped), `ago_min` and `at_time` (hours and minutes on the wall clock).

    refuses   a wall-clock time that is not one, that lies ahead, or that is more than twelve hours back
    A stamp from a device whose clock runs ahead counts as now: what it stamped has happened.
    """
    stamped = min(_stamp(typed.get("happened_at", ""), zone) or now, now)
    wall = typed.get("at_time", "").strip()
    if wall:
        at = _on_the_wall(wall, now, zone)
    else:
        at = stamped - timedelta(minutes=_ago(typed.get("ago_min", "")))
    return Moment(at, now - at > LATE_AFTER)


def _stamp(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        stamp = parse_datetime(text.strip()) if text.strip() else None
    except ValueError:
        stamp = None
    return stamp.replace(tzinfo=zone) if stamp is not None and stamp.tzinfo is None else stamp


def _ago(text: str) -> int:
    """Minutes ago; the page offers whole minutes only, and anything else is now."""
    return int(text) if text.isdigit() and int(text) * 60 <= OLDEST.total_seconds() else 0


def _on_the_wall(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last time the clock on the wall showed this, within twelve hours."""
    try:
        hours = time.fromisoformat(text)
    except ValueError:
        raise Refusal(
            because=f"{text!r} is not a time.", way_out="Type hours and minutes, as in 14:05.", code="time_unreadable", where="at_time"
        ) from None
    here = now.astimezone(zone)
    at = here.replace(hour=hours.hour, minute=hours.minute, second=0, microsecond=0)
    if at > here + LATE_AFTER:
        at -= timedelta(days=1)
    if here - at > OLDEST:
        raise OutOfRange(
            because=f"{text} lies ahead: it is {here:%H:%M} now.",
            way_out="Enter when it happened, at most twelve hours ago.",
            code="time_ahead",
            where="at_time",
        )
    return min(at, here).astimezone(now.tzinfo)

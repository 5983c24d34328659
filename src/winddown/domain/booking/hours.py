"""Opening hours in the time of the place. Stored as wall-clock times with an IANA zone; compared and counted in UTC.

A day may have 23 or 25 hours. A wall-clock time that the clocks skip does not exist and is refused; one that comes twice means the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from winddown.domain.days import in_words
from winddown.domain.refusals import OutOfRange, UnknownWord

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class OpeningHours:
    """The weekly hours of a location.

    zone     IANA name
    weekly   spans of wall-clock time by weekday, Monday is 0; a span ends after it begins, on the same day
    closed   dates on which the place is shut
    """

    zone: str
    weekly: Mapping[int, tuple[tuple[time, time], ...]]
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        zone_of(self.zone)
        for weekday, spans in self.weekly.items():
            if weekday not in range(7):
                raise OutOfRange(f"Weekday {weekday}, allowed 0 (Monday) to 6.", code="weekday_not_known", where="weekly")
            for opens, closes in spans:
                if closes <= opens:
                    raise OutOfRange(f"Opens {opens:%H:%M}, closes {closes:%H:%M}.", way_out="Let it close after it opens.", where="weekly")

    def open_spans(self, day: date) -> list[Span]:
        """The spans of this local day, in UTC. Where the clocks skip an edge, the span is cut to what exists."""
        if day in self.closed:
            return []
        found = ((_edge(day, opens, self.zone), _edge(day, closes, self.zone)) for opens, closes in self.weekly.get(day.weekday(), ()))
        return [(start, end) for start, end in found if start < end]

    def is_open(self, start: datetime, end: datetime) -> bool:
        """The whole of start..end lies within one span of the local day on which it begins."""
        day = start.astimezone(zone_of(self.zone)).date()
        return any(opens <= start and end <= closes for opens, closes in self.open_spans(day))


def zone_of(name: str) -> ZoneInfo:
    """The zone by its IANA name. Refuses UnknownWord; there is no default zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as why:
        raise UnknownWord("time zone", name) from why


def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a wall-clock time. Of a time that comes twice, the first; refuses OutOfRange for one that the clocks skip."""
    local = datetime.combine(day, at, tzinfo=zone_of(zone))
    found = local.astimezone(UTC)
    if found.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise OutOfRange(
            f"{at:%H:%M} does not exist on {in_words(day)} in {zone}: the clocks skip it.",
            way_out="Choose another time.",
            code="time_skipped",
        )
    return found


def same_time_each(first: date, at: time, zone: str, *, every_days: int, count: int) -> list[datetime]:
    """A series at the same time on the wall, whatever the clocks do between. Refuses a date on which that time is skipped."""
    if every_days < 1 or count < 0:
        raise OutOfRange(
            f"Every {every_days} days, {count} times.", way_out="Give at least one day and no negative count.", code="series_step"
        )
    return [instant(first + timedelta(days=every_days * place), at, zone) for place in range(count)]


def day_length(day: date, zone: str) -> timedelta:
    """How long the local day lasts: 23, 24 or 25 hours in most zones."""
    return _edge(day + timedelta(days=1), time(), zone) - _edge(day, time(), zone)


def _edge(day: date, at: time, zone: str) -> datetime:
    """The instant of an edge of a span; a skipped edge falls on the moment at which the clocks jump."""
    local = datetime.combine(day, at, tzinfo=zone_of(zone))
    before, after = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if after >= before:
        return before
    while after < before:
        middle = after + (before - after) / 2
        if middle.astimezone(local.tzinfo).replace(tzinfo=None) < local.replace(tzinfo=None):
            after = middle + timedelta(microseconds=1)
        else:
            before = middle
    return before

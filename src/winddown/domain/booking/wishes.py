"""The wait list: who fits a time that has become free, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from winddown.domain.booking.hours import zone_of
from winddown.domain.refusals import OutOfRange

AT_ONCE = 3
LASTS = timedelta(minutes=30)
LEAST_NOTICE = timedelta(minutes=90)


@dataclass(frozen=True)
class Wish:
    """One person who waits.

    priority  1 is asked first, 3 last
    since     when the wish was written; of equal priority the oldest is asked first
    places    keys of the places that suit; empty: any
    weekdays  0 is Monday; empty: any
    earliest, latest   the start lies between these times on the wall of the place
    """

    key: int
    priority: int
    since: datetime
    places: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    earliest: time = time(0)
    latest: time = time(23, 59)

    def __post_init__(self) -> None:
        if self.priority not in (1, 2, 3):
            raise OutOfRange(f"Priority {self.priority}, allowed 1 to 3.", code="wish_priority", where="priority")
        if self.latest < self.earliest:
            raise OutOfRange(
                f"From {self.earliest:%H:%M} until {self.latest:%H:%M}.", way_out="Choose a later end.", code="wish_hours", where="latest"
            )

    def fits(self, place: str, zone: str, start: datetime) -> bool:
        """Whether a start at this place suits, in the place's own time."""
        local = start.astimezone(zone_of(zone))
        return (
            (not self.places or place in self.places)
            and (not self.weekdays or local.weekday() in self.weekdays)
            and self.earliest <= local.time() <= self.latest
        )


def in_turn(wishes: Iterable[Wish], place: str, zone: str, start: datetime) -> list[Wish]:
    """Those whom the time suits, in the order in which they are asked."""
    return sorted((wish for wish in wishes if wish.fits(place, zone, start)), key=lambda wish: (wish.priority, wish.since, wish.key))


def offer_ends(start: datetime, *, at: datetime) -> datetime | None:
    """When an offer made now ends; None when the visit is too near for anybody to come."""
    if start - at < LEAST_NOTICE:
        return None
    return min(at + LASTS, start - timedelta(minutes=60))

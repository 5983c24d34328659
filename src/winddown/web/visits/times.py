"""Free times of several places side by side, day by day, each in the place's own zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from winddown.domain.booking.slots import Slot
from winddown.record.models import Location, VisitType
from winddown.services import calendar

NEAR_DAYS, FAR_DAYS, SHOWN_DAYS, AT_ONCE = 5, 21, 4, 4


@dataclass(frozen=True)
class Cell:
    """The times of one place on one day: a few spread over the day, and the rest behind a word."""

    place: Location
    few: tuple[datetime, ...]
    more: tuple[datetime, ...]


@dataclass(frozen=True)
class Found:
    """Days on which at least one place has a time, earliest first.

    later   the first day that is not shown, to go on from; None where nothing was found
    """

    days: tuple[tuple[date, tuple[Cell, ...]], ...]
    later: date | None


NOTHING = Found((), None)


def side_by_side(kind: VisitType, where: Sequence[Location], first: date, *, now: datetime, by_public: bool = True) -> Found:
    """The next few days with a free time at any of the places; farther ahead only where the near days have none."""
    for days in (NEAR_DAYS, FAR_DAYS):
        free = calendar.free(kind, where, first, days, now=now, by_public=by_public)
        local = {place.pk: _by_day(place, slots) for place, slots in free.items()}
        having = sorted({day for each in local.values() for day in each})
        if having:
            break
    shown = having[:SHOWN_DAYS]
    later = having[SHOWN_DAYS] if len(having) > SHOWN_DAYS else first + timedelta(days=days)
    return Found(tuple((day, tuple(_cell(place, local[place.pk].get(day, [])) for place in where)) for day in shown), later)


def _by_day(place: Location, slots: Sequence[Slot]) -> dict[date, list[datetime]]:
    """The starts of each local day, in the place's own time."""
    zone, found = ZoneInfo(place.time_zone), dict[date, list[datetime]]()
    for slot in slots:
        start = slot.start.astimezone(zone)
        found.setdefault(start.date(), []).append(start)
    return found


def _cell(place: Location, starts: Sequence[datetime]) -> Cell:
    few = spread(starts, AT_ONCE)
    return Cell(place, few, tuple(start for start in starts if start not in few))


def spread(starts: Sequence[datetime], count: int) -> tuple[datetime, ...]:
    """So many of the times, evenly over those there are, the first and the last among them."""
    if len(starts) <= count:
        return tuple(starts)
    step = (len(starts) - 1) / (count - 1)
    return tuple(starts[round(place * step)] for place in range(count))

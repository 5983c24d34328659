"""A series of visits under a protocol's spacing: proposed at one go, and judged again whenever one of them moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from winddown.domain.booking.hours import zone_of
from winddown.domain.refusals import OutOfRange, Refusal


@dataclass(frozen=True)
class Spacing:
    """How far apart two neighbors of a series may lie, and how far apart they are wished.

    min_hours  from start to start, at least
    max_days   from start to start, at most
    wish_days  what the series aims at, in calendar days of the place
    """

    min_hours: float
    max_days: float
    wish_days: int

    def __post_init__(self) -> None:
        if not 0 < self.min_hours <= self.wish_days * 24 <= self.max_days * 24:
            raise OutOfRange(
                f"Spacing at least {self.min_hours:g} h, wished {self.wish_days} d, at most {self.max_days:g} d.",
                way_out="Let the wish lie between the least and the most.",
                code="spacing_order",
            )


@dataclass(frozen=True)
class SpacingFinding:
    """Two neighbors that break the rule.

    place  the number of the later visit in the series, counted from 1
    code   too_close, too_far
    """

    place: int
    code: str
    because: str


def judge(starts: Sequence[datetime], rule: Spacing) -> tuple[SpacingFinding, ...]:
    """Every pair of neighbors that breaks the rule, by elapsed time: a change of the clocks neither helps nor hurts."""
    found = []
    for place, (one, other) in enumerate(pairwise(sorted(starts)), start=2):
        hours = (other - one).total_seconds() / 3600
        if hours < rule.min_hours:
            found.append(
                SpacingFinding(
                    place, "too_close", f"Visit {place} begins {hours:.1f} h after the one before, at least {rule.min_hours:g} h."
                )
            )
        elif hours > rule.max_days * 24:
            because = f"Visit {place} begins {hours / 24:.1f} days after the one before, at most {rule.max_days:g} days."
            found.append(SpacingFinding(place, "too_far", because))
    return tuple(found)


Offers = Callable[[date], Sequence[datetime]]


def propose(first: datetime, rule: Spacing, count: int, *, zone: str, offers: Offers) -> tuple[datetime, ...]:
    """The first visit and those after it, each as near as can be to the wished day and to the first one's time on the wall.

    offers  the free starts of one local day, at any mix of places
    Refuses, with the place in the series, when a visit finds no free start within the rule.
    """
    if count < 1:
        raise OutOfRange(f"A series of {count}.", way_out="Ask for at least one visit.", code="series_count", where="count")
    local = first.astimezone(zone_of(zone))
    chosen = [first]
    for place in range(2, count + 1):
        found = _next(chosen[-1], local, rule, zone, offers)
        if found is None:
            between = f"between {rule.min_hours:g} hours and {rule.max_days:g} days after the one before"
            raise Refusal(
                because=f"No free time for visit {place} of {count} {between}.",
                way_out="Begin on another day, ask for fewer visits, or open more hours.",
                code="series_full",
                details={"place": str(place), "found": str(len(chosen))},
            )
        chosen.append(found)
    return tuple(chosen)


def _next(before: datetime, first_local: datetime, rule: Spacing, zone: str, offers: Offers) -> datetime | None:
    """Days in the order of their distance from the wished one; within a day the start nearest to the usual time."""
    day_before = before.astimezone(zone_of(zone)).date()
    last = int(rule.max_days) + 1
    for days in sorted(range(last + 1), key=lambda days: (abs(days - rule.wish_days), days)):
        day = day_before + timedelta(days=days)
        usual = datetime.combine(day, first_local.time(), tzinfo=zone_of(zone))
        allowed = [at for at in offers(day) if not judge([before, at], rule) and at > before]
        if allowed:
            return min(allowed, key=lambda at: (abs(at - usual), at))
    return None


def nearest(before: datetime, rule: Spacing, starts: Sequence[datetime], count: int) -> tuple[datetime, ...]:
    """Of these starts the few that may follow `before` and lie nearest to the wished day, in the order of time."""
    wished = before + timedelta(days=rule.wish_days)
    allowed = [at for at in starts if at > before and not judge([before, at], rule)]
    return tuple(sorted(sorted(allowed, key=lambda at: (abs(at - wished), at))[:count]))

"""Chair time of a week: how long chairs could stand open, how long they were planned, how long somebody sat in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from winddown.domain.booking.hours import Span


@dataclass(frozen=True)
class ChairUse:
    """Hours of all chairs of a place in one week. `used` may exceed `planned`: what really happened counts."""

    open_h: float
    planned_h: float
    used_h: float

    @property
    def planned_part(self) -> float | None:
        """Of the open time; None for a week in which the place was shut."""
        return self.planned_h / self.open_h if self.open_h else None

    @property
    def used_part(self) -> float | None:
        return self.used_h / self.open_h if self.open_h else None

    @property
    def difference_h(self) -> float:
        return self.used_h - self.planned_h


def hours_within(spans: Iterable[Span], window: Span) -> float:
    """Elapsed hours of the spans inside the window; spans of different chairs add up."""
    total = timedelta()
    for start, end in spans:
        total += max(timedelta(), min(end, window[1]) - max(start, window[0]))
    return total.total_seconds() / 3600

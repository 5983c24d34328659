"""When somebody may be called back: the next opening of the place, or the next morning or afternoon of an open day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from winddown.domain.booking.hours import OpeningHours, Span, instant, zone_of
from winddown.domain.refusals import OutOfRange, UnknownWord

PARTS: Mapping[str, tuple[time, time]] = {
    "soon": (time(0), time(23, 59)),
    "morning": (time(0), time(12)),
    "afternoon": (time(12), time(23, 59)),
}
LONGEST_WAIT_DAYS = 14
AT_LEAST = timedelta(minutes=15)


def next_call(hours: OpeningHours, part: str, *, at: datetime) -> Span:
    """The next span in which the place is open and the caller wishes to be called; what is left of one that has begun.

    Refuses UnknownWord for another part of the day, OutOfRange when the place does not open within two weeks.
    """
    if part not in PARTS:
        raise UnknownWord("part of the day", part, PARTS)
    begins, ends = PARTS[part]
    today = at.astimezone(zone_of(hours.zone)).date()
    for days in range(LONGEST_WAIT_DAYS + 1):
        day = today + timedelta(days=days)
        wished = instant(day, begins, hours.zone), instant(day, ends, hours.zone)
        for opens, closes in hours.open_spans(day):
            start, end = max(opens, wished[0], at), min(closes, wished[1])
            if end - start >= AT_LEAST:
                return start, end
    raise OutOfRange(
        because=f"The place does not open within {LONGEST_WAIT_DAYS} days.", way_out="Call the clinic's number.", code="never_open"
    )

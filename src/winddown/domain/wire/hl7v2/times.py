"""HL7 time stamps (TS, DTM): `YYYYMMDDHHMM[SS[.SSSS]][+/-ZZZZ]`, to aware UTC.

A stamp without an offset takes the offset of MSH-7 (HL7 v2 chapter 2, data type DTM: "the MSH value will be used as the default time
zone"), and only without that the location's own zone. Either way it is marked as assumed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:\.(\d{1,9}))?)?([+-]\d{4}|Z)?\Z", re.ASCII)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d|\.|[+-]|\Z)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp that was understood.

    zone_assumed   it carried no offset of its own
    problem        "" | time_skipped_by_clock_change | time_repeated_by_clock_change (the candidate nearest to the message's own time)
    """

    at: datetime
    zone_assumed: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a stamp without offset means in one message: the message's zone and the moment it was sent, if known."""

    zone: tzinfo
    sent_at: datetime | None = None


@lru_cache(maxsize=256)
def _offset_zone(text: str) -> timezone | None:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:5])  # the offset's own notation is hours and minutes
    if minutes > 14 * 60 or int(text[3:5]) > 59:
        return None
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def parse(text: str, defaults: Defaults) -> Stamp | None:
    """The stamp, or None when it is empty, coarser than a minute, or no time at all."""
    parsed = _local(text)
    if parsed is None:
        return None
    local, own = parsed
    try:
        if own is not None:
            return Stamp(local.replace(tzinfo=own).astimezone(UTC), False)
        return _in_zone(local, defaults)
    except OverflowError:
        return None


def defaults_of(sent: str, zone: ZoneInfo) -> Defaults:
    """The defaults of a message from its MSH-7.

    Where the offset of MSH-7 is the location's own at that moment, the location's zone is used: it knows the night the clocks change.
    """
    parsed = _local(sent)
    if parsed is None:
        return Defaults(zone)
    local, own = parsed
    stamp = parse(sent, Defaults(zone))
    sent_at = stamp.at if stamp else None
    if own is None or sent_at is None or sent_at.astimezone(zone).utcoffset() == local.replace(tzinfo=own).utcoffset():
        return Defaults(zone, sent_at)
    return Defaults(own, sent_at)


def day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date or time stamp, as written."""
    found = _DAY.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def write(at: datetime) -> str:
    """An aware moment as a DTM in UTC, to the millisecond."""
    moment = at.astimezone(UTC)
    fraction = f".{moment.microsecond // 1000:03d}" if moment.microsecond else ""
    return f"{moment:%Y%m%d%H%M%S}{fraction}+0000"


def _local(text: str) -> tuple[datetime, timezone | None] | None:
    found = _STAMP.match(text)
    if found is None:
        return None
    year, month, date, hour, minute, second, fraction, offset = found.groups()
    own = _offset_zone(offset) if offset else None
    if offset and own is None:
        return None
    microsecond = int((fraction or "0").ljust(6, "0")[:6])
    leap = second == "60"
    try:
        seconds = 59 if leap else int(second or 0)
        at = datetime(int(year), int(month), int(date), int(hour), int(minute), seconds, microsecond)  # noqa: DTZ001 the zone follows
        return at + timedelta(seconds=leap), own
    except (ValueError, OverflowError):
        return None


def _in_zone(local: datetime, defaults: Defaults) -> Stamp:
    first, second = (local.replace(tzinfo=defaults.zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return Stamp(first.astimezone(UTC), True)
    moment = first.astimezone(UTC)
    if moment.astimezone(defaults.zone).replace(tzinfo=None) != local:
        return Stamp(moment, True, "time_skipped_by_clock_change")
    later = second.astimezone(UTC)
    if defaults.sent_at and abs(later - defaults.sent_at) < abs(moment - defaults.sent_at):
        moment = later
    return Stamp(moment, True, "time_repeated_by_clock_change")

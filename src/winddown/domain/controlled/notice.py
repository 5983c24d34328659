"""When theft or significant loss must be told, and to whom. The registrant decides what is significant, and keeps the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from winddown.domain.dosing.protocol import decimal_of
from winddown.domain.figures import Figure

WRITTEN_NOTICE_BUSINESS_DAYS = Figure(1, "business days", "DEA106", "published")
FORM_106_DAYS = Figure(45, "days", "FR-DEA", "published")
INVENTORY_YEARS = Figure(2, "years", "CFR71", "published")
RECORDS_YEARS = Figure(2, "years", "OMB106", "published")
SIGNIFICANCE: Mapping[str, str] = {
    "amount": "How much is missing, against what the clinic handles",
    "drug": "Which drug, and how sought after it is",
    "person": "Whether one person or one place stands out",
    "pattern": "Whether it happened before",
    "diversion": "How likely the drug is to be misused",
    "local": "What is known of misuse here",
}


@dataclass(frozen=True)
class NoticeClock:
    """The two times that begin at the discovery."""

    discovered_at: datetime
    notice_by: datetime
    form_by: datetime


def clock(discovered_at: datetime, zone: ZoneInfo) -> NoticeClock:
    """Written notice by the end of the next business day, the form within 45 days, both by the wall of the place.

    Saturdays and Sundays are no business days. Public holidays are not taken off: the clock may run early, never late.
    """
    found = discovered_at.astimezone(zone).date()
    return NoticeClock(
        discovered_at,
        _end_of(next_business_day(found, int(decimal_of(WRITTEN_NOTICE_BUSINESS_DAYS))), zone),
        _end_of(found + timedelta(days=int(decimal_of(FORM_106_DAYS))), zone),
    )


def next_business_day(day: date, count: int = 1) -> date:
    """The day that many business days later."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def inventory_due(last: date) -> date:
    """The day by which the next full inventory is taken: two years after the last. From 29 February: the day before it would be."""
    years = int(decimal_of(INVENTORY_YEARS))
    try:
        return last.replace(year=last.year + years)
    except ValueError:
        return last.replace(year=last.year + years, day=28)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(23, 59), tzinfo=zone)

"""What an officer must see before it hurts: expiry, a shelf below its level, a registration or an inventory about to lapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from winddown.domain.days import in_words
from winddown.domain.dosing.protocol import decimal_of
from winddown.domain.figures import Figure

EXPIRY_WARNING_DAYS = Figure(60, "days", "time to use a vial up or send it back", "derived")
REGISTRATION_WARNING_DAYS = Figure(60, "days", "time for a renewal", "derived")
INVENTORY_WARNING_DAYS = Figure(30, "days", "time to plan a full inventory", "derived")
Level = Literal["calm", "watch", "act"]


@dataclass(frozen=True)
class Alert:
    """One thing to see to: how pressing, in words, and what about."""

    level: Level
    code: str
    words: str
    subject: str = ""


def of_date(day: date, today: date, *, code: str, what: str, passed: str, nears: str, warning: Figure, subject: str = "") -> Alert | None:
    """An alert about a day that nears or has passed. `passed` and `nears` take the thing and the number of days."""
    left = (day - today).days
    if left < 0:
        return Alert("act", f"{code}_passed", passed.format(what=what, days=-left, day=in_words(day)), subject)
    if left <= decimal_of(warning):
        return Alert("watch", f"{code}_nears", nears.format(what=what, days=left, day=in_words(day)), subject)
    return None


def expiry(what: str, expires_on: date, today: date, *, subject: str = "") -> Alert | None:
    """A vial may be used on its last day and not after it."""
    return of_date(
        expires_on,
        today,
        code="expiry",
        what=what,
        passed="{what} expired {days} days ago: take it out of use",
        nears="{what} expires in {days} days",
        warning=EXPIRY_WARNING_DAYS,
        subject=subject,
    )


def par(what: str, held: int, least: int, *, subject: str = "") -> Alert | None:
    """Fewer sealed vials than the officer wants on the shelf."""
    if held >= least:
        return None
    return Alert("act" if held == 0 else "watch", "below_par", f"{what}: {held} sealed, the level is {least}", subject)

"""Reminders that slow down by themselves: one table from "how often was it ignored" to "how often is it asked, and by which way".

A reminder that is ignored is not sent more often but less; then by the other way; then it ends and a person calls. One answer begins anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Pace:
    """How to ask after so many asked days in a row without an answer.

    from_ignored   from this many on
    every_days     at least so many days between two days on which it is asked
    other_way      by the other address, where there is one
    again          once more on the same day, some hours later
    """

    from_ignored: int
    every_days: int
    other_way: bool = False
    again: bool = False


PACES: tuple[Pace, ...] = (
    Pace(0, 1, again=True),
    Pace(2, 1, other_way=True),
    Pace(4, 2, other_way=True),
    Pace(7, 7),
)
GIVES_UP_AFTER = 10
AGAIN_AFTER_HOURS = 3


@dataclass(frozen=True)
class Asked:
    """One day on which the patient was asked, and whether an answer came for it, however late."""

    day: date
    answered: bool


@dataclass(frozen=True)
class Decision:
    """What to do on one day. ask: write at the patient's hour; again: write once more later; gives_up: a person calls instead."""

    ask: bool
    other_way: bool = False
    again: bool = False
    gives_up: bool = False
    because: str = ""


def ignored(history: Iterable[Asked]) -> int:
    """How many of the last asked days went by without an answer."""
    count = 0
    for each in sorted(history, key=lambda asked: asked.day, reverse=True):
        if each.answered:
            break
        count += 1
    return count


def pace_of(count: int) -> Pace:
    return next(pace for pace in reversed(PACES) if pace.from_ignored <= count)


def decide(history: Sequence[Asked], *, today: date) -> Decision:
    """Whether to ask today. `history` holds the days before today on which it was asked; a day that was not asked is not in it."""
    before = [each for each in history if each.day < today]
    count = ignored(before)
    if count >= GIVES_UP_AFTER:
        return Decision(False, gives_up=True, because=f"{count} days asked, none answered")
    pace = pace_of(count)
    last = max((each.day for each in before), default=None)
    if last is not None and count and today - last < timedelta(days=pace.every_days):
        return Decision(False, because=f"{count} ignored: asked every {pace.every_days} days")
    return Decision(True, pace.other_way, pace.again, because=f"{count} ignored")

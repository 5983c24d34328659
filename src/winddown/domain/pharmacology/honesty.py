"""How good were the predictions? Each is scored once against what was seen; the clinic's own error is told with its number of visits.

What was seen is an interval: still above at one look, back at a later one. A prediction inside it has no error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from winddown.domain.figures import Figure

PROMISED = Figure(0.9, "fraction of visits", "what nine in ten means", "derived")
FEWEST = Figure(20, "visits", "below this a share of nine in ten cannot be told from eight in ten", "derived")
NORMAL_95 = 1.959964
Verdict = Literal["too_few", "as_promised", "cautious", "drifted"]


@dataclass(frozen=True)
class Prediction:
    """Minutes at which it was predicted to be over: for the middle course, and for nine in ten. None: not within the time looked at."""

    median_min: float | None
    ninety_min: float | None


@dataclass(frozen=True)
class Outcome:
    """Still there at `last_above_min`, over at `back_min`. None for `back_min`: never seen over."""

    last_above_min: float
    back_min: float | None


@dataclass(frozen=True)
class Score:
    """error_min   predicted middle less what was seen: below zero is too early, 0 inside the interval, None where one of them is not known
    by_ninety      over by the time named for nine in ten; None where that cannot be told
    """

    error_min: float | None
    by_ninety: bool | None


@dataclass(frozen=True)
class Honesty:
    """The clinic's own error over its visits.

    bias_min, error_min     median of the errors, and of their size
    held, judged            in how many visits the nine-in-ten time held, of how many where it could be told
    low, high               95% interval of that share (Wilson)
    """

    visits: int
    bias_min: float | None
    error_min: float | None
    held: int
    judged: int
    low: float | None
    high: float | None

    @property
    def verdict(self) -> Verdict:
        """Drifted: the promise lies above all that the visits allow. Then the line is switched off, and the chart says so."""
        if self.judged < FEWEST.value or self.low is None or self.high is None:
            return "too_few"
        if self.high < PROMISED.value:
            return "drifted"
        return "cautious" if self.low > PROMISED.value else "as_promised"


def scored(told: Prediction, seen: Outcome) -> Score:
    """One prediction against one outcome."""
    error = None
    if told.median_min is not None and seen.back_min is not None:
        error = min(0.0, told.median_min - seen.last_above_min) + max(0.0, told.median_min - seen.back_min)
    elif told.median_min is not None and told.median_min < seen.last_above_min:
        error = told.median_min - seen.last_above_min
    return Score(error, _by_ninety(told, seen))


def _by_ninety(told: Prediction, seen: Outcome) -> bool | None:
    if told.ninety_min is None:
        return None
    if seen.last_above_min >= told.ninety_min:
        return False
    return True if seen.back_min is not None and seen.back_min <= told.ninety_min else None


def summed_up(scores: Sequence[Score]) -> Honesty:
    """The clinic's own figures. A visit whose outcome was not seen is counted and judged nowhere."""
    errors = [each.error_min for each in scores if each.error_min is not None]
    judged = [each.by_ninety for each in scores if each.by_ninety is not None]
    held = sum(judged)
    low, high = wilson(held, len(judged)) if judged else (None, None)
    return Honesty(
        visits=len(scores),
        bias_min=median(errors) if errors else None,
        error_min=median(abs(error) for error in errors) if errors else None,
        held=held,
        judged=len(judged),
        low=low,
        high=high,
    )


def wilson(count: int, of: int) -> tuple[float, float]:
    """95% interval of a share. source: Wilson 1927, J Am Stat Assoc 22:209"""
    share, z2 = count / of, NORMAL_95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = NORMAL_95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)

"""How far predictions were off: bias and size of the error, in percent of what was predicted.

source  performance error as in Varvel 1992: 100 (measured - predicted) / predicted; bias is its median, size the median of its amount
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

BIAS_GOAL_PERCENT = 10.0
ERROR_GOAL_PERCENT = 20.0


@dataclass(frozen=True)
class Performance:
    """bias_percent: above zero, the measured level was higher than predicted. error_percent: its usual amount."""

    observations: int
    bias_percent: float
    error_percent: float

    @property
    def reaches_goal(self) -> bool:
        return abs(self.bias_percent) <= BIAS_GOAL_PERCENT and self.error_percent <= ERROR_GOAL_PERCENT


def percent_off(measured: float, predicted: float) -> float:
    return 100.0 * (measured - predicted) / predicted


def performance(percents: Sequence[float]) -> Performance | None:
    """None where there is nothing to judge by."""
    if not percents:
        return None
    return Performance(len(percents), median(percents), median(abs(each) for each in percents))

"""How long relief lasts: the Kaplan-Meier curve with Greenwood's variance, log-log bands, numbers at risk and numbers lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from winddown.domain.outcomes.shares import Z95, Difference
from winddown.domain.refusals import OutOfRange

Array = NDArray[np.float64]
NEAR = 1e-8


@dataclass(frozen=True)
class Curve:
    """A step curve; each place holds from its time until the next.

    times      (k,) days at which somebody relapsed or left, increasing
    at_risk    (k,) how many were still followed just before
    relapsed   (k,) events at that day;  left (k,) leaving without an event at that day
    survival   (k,) share still well;  low, high (k,) 95% log-log band; error (k,) Greenwood's standard error
    of         how many began
    """

    times: Array
    at_risk: NDArray[np.int64]
    relapsed: NDArray[np.int64]
    left: NDArray[np.int64]
    survival: Array
    error: Array
    low: Array
    high: Array
    of: int

    def at(self, day: float) -> tuple[float, float, float, float]:
        """Survival, its error and band at a day. Past the last day anybody was followed all four are not a number."""
        if not self.of or day > self.last_day:
            return (float("nan"),) * 4
        place = int(np.searchsorted(self.times, day, side="right")) - 1
        if place < 0:
            return 1.0, 0.0, 1.0, 1.0
        return float(self.survival[place]), float(self.error[place]), float(self.low[place]), float(self.high[place])

    def at_risk_at(self, day: float) -> int:
        """How many were still followed and well just before this day."""
        place = int(np.searchsorted(self.times, day, side="left"))
        return int(self.at_risk[place]) if place < len(self.times) else 0

    def left_by(self, day: float) -> int:
        """How many had left without an event up to this day."""
        return int(self.left[self.times <= day].sum())

    @property
    def last_day(self) -> float:
        return float(self.times[-1]) if len(self.times) else 0.0

    @property
    def median(self) -> tuple[float | None, float | None, float | None]:
        """When half are no longer well, and where the band crosses a half; None where it does not.

        A curve that runs exactly along a half before it falls has the middle of that stretch, as R's `survival` says it.
        """
        return _first(self.times, self.survival), _first(self.times, self.low), _first(self.times, self.high)


def kaplan_meier(days: Sequence[float], relapsed: Sequence[bool]) -> Curve:
    """The product-limit estimate. At one day relapses come before departures, as is the custom.

    days      time followed, not negative
    relapsed  whether it ended in a relapse (else the person left, or it is as long as we know)
    refuses   OutOfRange for a negative day or lists of different length
    """
    if len(days) != len(relapsed) or any(day < 0 for day in days):
        raise OutOfRange(because="A time is negative or has no ending.", way_out="Count from the response.", code="survival_times")
    time, event = np.asarray(days, dtype=float), np.asarray(relapsed, dtype=bool)
    times, place = np.unique(time, return_inverse=True)
    events = np.bincount(place, weights=event, minlength=len(times)).astype(np.int64)
    gone = np.bincount(place, weights=~event, minlength=len(times)).astype(np.int64)
    before = np.concatenate([[0], np.cumsum(events + gone)[:-1]]).astype(np.int64) if len(times) else np.zeros(0, np.int64)
    risk = len(time) - before
    survival: Array = np.asarray(np.cumprod(1 - events / risk) if len(times) else np.zeros(0), dtype=float)
    error, low, high = _greenwood(survival, events, risk)
    return Curve(times, risk, events, gone, survival, error, low, high, len(time))


def _greenwood(survival: Array, events: NDArray[np.int64], risk: NDArray[np.int64]) -> tuple[Array, Array, Array]:
    """Standard error and the log-log band. Before the first relapse the band is closed at 1; after everybody relapsed it is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(risk > events, events / (risk * np.maximum(risk - events, 1)), np.inf)
        summed = np.cumsum(terms)
        error = np.where(survival > 0, survival * np.sqrt(summed), np.nan)
        half = Z95 * np.sqrt(summed) / np.abs(np.log(survival))
        low, high = survival ** np.exp(half), survival ** np.exp(-half)
    whole, none = survival >= 1, survival <= 0
    return (
        np.where(whole, 0.0, error),
        np.where(whole, 1.0, np.where(none, np.nan, low)),
        np.where(whole, 1.0, np.where(none, np.nan, high)),
    )


def _first(times: Array, line: Array) -> float | None:
    with np.errstate(invalid="ignore"):
        at, below = np.flatnonzero(line <= 0.5 + NEAR), np.flatnonzero(line < 0.5 - NEAR)
    if not len(at):
        return None
    return float(times[at[0]] + times[below[0] if len(below) else at[0]]) / 2


def apart(first: Curve, second: Curve, day: float) -> Difference:
    """Share still well at a day, first minus second. The intervals of both bands are joined as Newcombe joins two shares."""
    one, _, one_low, one_high = first.at(day)
    two, _, two_low, two_high = second.at(day)
    value = one - two
    if not np.isfinite([value, one_low, one_high, two_low, two_high]).all():
        return Difference(None, None, None)
    down = sqrt((one - one_low) ** 2 + (two_high - two) ** 2)
    up = sqrt((one_high - one) ** 2 + (two - two_low) ** 2)
    return Difference(value, value - down, value + up)


@dataclass(frozen=True)
class Test:
    """The log-rank test: events expected in the first group if nothing differed."""

    observed: float
    expected: float
    chi_square: float
    p: float | None


def log_rank(days: Sequence[float], relapsed: Sequence[bool], first: Sequence[bool]) -> Test:
    """Whether two groups' curves differ anywhere, over the whole span. p is None where nothing can be told.

    first    whether a person belongs to the first group
    source   Mantel 1966; the variance is the hypergeometric one
    """
    time, event, group = np.asarray(days, float), np.asarray(relapsed, bool), np.asarray(first, bool)
    at, place = np.unique(time[event], return_inverse=True)
    fell = np.bincount(place, minlength=len(at))
    risk = len(time) - np.searchsorted(np.sort(time), at, side="left")
    mine = int(group.sum()) - np.searchsorted(np.sort(time[group]), at, side="left")
    observed, expected = float((event & group).sum()), float((fell * mine / risk).sum())
    spread = float((fell * mine / risk * (1 - mine / risk) * (risk - fell) / np.maximum(risk - 1, 1)).sum())
    if spread <= 0:
        return Test(observed, expected, 0.0, None)
    chi = (observed - expected) ** 2 / spread
    return Test(observed, expected, chi, erfc(sqrt(chi / 2)))


def restricted_mean(curve: Curve, until: float) -> float | None:
    """Mean days well within `until`: the area below the curve. None where nobody was followed so long."""
    if not curve.of or until > curve.last_day:
        return None
    edges = np.concatenate([[0.0], curve.times[curve.times < until], [until]])
    heights = np.concatenate([[1.0], curve.survival[curve.times < until]])
    return float((np.diff(edges) * heights).sum())

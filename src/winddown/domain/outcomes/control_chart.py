"""Adverse events over time: the rate of each month against limits that chance alone would rarely cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

TAIL = 0.00135
RUN = 8
LEAST_INFUSIONS = 100


@dataclass(frozen=True)
class Month:
    """One month: events, infusions, the rate per 1,000, and limits for that many infusions.

    signal   "high" or "low" beyond the exact limits; "run" when it ends eight in a row on one side; "" otherwise
    """

    label: str
    events: int
    infusions: int
    rate: float | None
    low: float | None
    high: float | None
    signal: str


@dataclass(frozen=True)
class Chart:
    """A u-chart with exact Poisson limits.

    center       events per 1,000 over all months
    false_alarm  the chance that a month beyond the limits is luck, for each month and over the whole chart at most
    few          too few infusions for limits that mean much
    """

    months: tuple[Month, ...]
    center: float | None
    false_alarm: float
    false_alarm_chart: float
    few: bool


def u_chart(months: Sequence[tuple[str, int, int]]) -> Chart:
    """(label, events, infusions) by month, oldest first. Limits hold 99.73% of months of a steady clinic, from the Poisson quantiles.

    A month without infusions has no rate. source: NIST/SEMATECH handbook 6.3.3.1 (counts control charts); exact limits instead of 3 sigma.
    """
    events, infusions = sum(each[1] for each in months), sum(each[2] for each in months)
    if not infusions:
        return Chart(tuple(Month(label, count, 0, None, None, None, "") for label, count, _ in months), None, 2 * TAIL, 0.0, True)
    center = events / infusions
    found = [_month(label, count, of, center) for label, count, of in months]
    watched = sum(each.rate is not None for each in found)
    return Chart(tuple(_runs(found, center)), 1000 * center, 2 * TAIL, 1 - (1 - 2 * TAIL) ** watched, infusions < LEAST_INFUSIONS)


def _month(label: str, count: int, of: int, center: float) -> Month:
    if not of:
        return Month(label, count, 0, None, None, None, "")
    low, high = poisson_limits(center * of)
    signal = "high" if count > high else "low" if count < low else ""
    return Month(label, count, of, 1000 * count / of, 1000 * low / of, 1000 * high / of, signal)


def poisson_limits(mean: float) -> tuple[int, int]:
    """The least and the most counts that a steady clinic shows in all but TAIL of months on each side."""
    from scipy.special import pdtr  # slow import

    if mean <= 0:
        return 0, 0
    counts = np.arange(0, int(mean + 10 * mean**0.5 + 20))
    summed = pdtr(counts, mean)
    return int(counts[np.searchsorted(summed, TAIL)]), int(counts[np.searchsorted(summed, 1 - TAIL)])


def _runs(months: Sequence[Month], center: float) -> list[Month]:
    """Eight months in a row on one side of the middle are a signal, even inside the limits."""
    found, run, side = [], 0, 0
    for month in months:
        here = 0 if month.rate is None else (1 if month.rate > 1000 * center else -1 if month.rate < 1000 * center else 0)
        run, side = (run + 1 if here == side and here else int(here != 0)), here
        signal = month.signal or ("run" if run >= RUN else "")
        found.append(Month(month.label, month.events, month.infusions, month.rate, month.low, month.high, signal))
    return found

"""What one visit tells the next: a person's deviations persist, and fade back towards the population as days pass.

z(next) = rho z + sqrt(1 - rho^2) e, so that a person never seen keeps standard normal deviations whatever the days between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.individual.figures import VALUE
from winddown.domain.pharmacology.linear import Array
from winddown.domain.refusals import OutOfRange

FRESH_EACH_DAY = frozenset({"resting_systolic", "resting_pain"})


@dataclass(frozen=True)
class Prior:
    """What is believed of the deviations before anything is seen today. mean (k,), covariance (k, k), by name."""

    names: tuple[str, ...]
    mean: Array
    covariance: Array
    days_since: float | None = None

    @classmethod
    def of_population(cls, names: Sequence[str]) -> Prior:
        return cls(tuple(names), np.zeros(len(names)), np.eye(len(names)))

    def on(self, names: Sequence[str]) -> Prior:
        """The same belief for the deviations of another model: what it does not share is as in the population."""
        target = Prior.of_population(names)
        shared = [name for name in names if name in self.names]
        if shared:
            here, there = [self.names.index(name) for name in shared], [list(names).index(name) for name in shared]
            target.mean[there] = self.mean[here]
            target.covariance[np.ix_(there, there)] = self.covariance[np.ix_(here, here)]
        return Prior(target.names, target.mean, target.covariance, self.days_since)

    def as_data(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "mean": self.mean.tolist(),
            "covariance": self.covariance.tolist(),
            "days_since": self.days_since,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Prior:
        mean, covariance = np.asarray(data["mean"], dtype=np.float64), np.asarray(data["covariance"], dtype=np.float64)
        return cls(tuple(data["names"]), mean, covariance, data.get("days_since"))


def kept_after(days: float) -> float:
    """rho: how much of a deviation is still there after this many days.

    refuses  OutOfRange for a visit that lies ahead of the one it should teach
    """
    if not days >= 0:
        raise OutOfRange(because=f"A visit {-days:g} days ahead cannot teach this one.", way_out="Use earlier visits.", code="visit_ahead")
    return float(VALUE["kept_between_visits"] * 0.5 ** (days / VALUE["kept_half_life"]))


def after_days(last: Prior, days: float) -> Prior:
    """The belief at the next visit, from the posterior of the last."""
    kept = np.asarray([0.0 if name in FRESH_EACH_DAY else kept_after(days) for name in last.names])
    covariance = np.outer(kept, kept) * last.covariance + np.diag(1.0 - kept**2)
    return Prior(last.names, kept * last.mean, covariance, days)

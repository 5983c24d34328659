"""When a predicted level falls below a threshold for good: the middle patient, and nine of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.linear import Array

CAVEAT = "A predicted level, not a discharge criterion."
MOST = 0.9


@dataclass(frozen=True)
class Below:
    """Minutes from the first drop; None when it does not happen within the times looked at, or when the rate is unknown there.

    median_min  by when half of the virtual patients are below, and stay below
    most_min    by when nine of ten are
    """

    threshold_ng_per_ml: float
    median_min: float | None
    most_min: float | None
    looked_until_min: float
    caveat: str = CAVEAT

    def as_data(self) -> dict[str, Any]:
        return {
            "threshold_ng_per_ml": self.threshold_ng_per_ml,
            "median_min": self.median_min,
            "ninety_percent_min": self.most_min,
            "looked_until_min": self.looked_until_min,
            "caveat": self.caveat,
        }


def predicted_below(threshold_ng_per_ml: float, at_min: Array, courses: Array, *, from_min: float = 0.0) -> Below:
    """The minute after which a course stays below the threshold, over the virtual patients.

    at_min    (m,) minutes, increasing
    courses   (n, m) ng/mL; a not-a-number marks where nothing is known, and such a patient is never called below
    from_min  look from here on; who is already below and stays so counts as below from here
    """
    later = at_min >= from_min
    times, levels = at_min[later], courses[:, later]
    if times.size == 0:
        return Below(threshold_ng_per_ml, None, None, from_min)
    minutes = np.sort(_last_crossing(times, ~(levels < threshold_ng_per_ml), levels, threshold_ng_per_ml))
    return Below(threshold_ng_per_ml, _minute(minutes, 0.5), _minute(minutes, MOST), float(times[-1]))


def _last_crossing(times: Array, above: np.ndarray, levels: Array, threshold: float) -> Array:
    """(n,) the last time at which each patient comes below; infinite for one who is above at the end.

    Straight between two times: a falling level bends the other way, so the answer is late by less than a step, never early.
    """
    count = above.shape[1]
    last = count - 1 - np.argmax(above[:, ::-1], axis=1)
    found = np.where(above.any(axis=1), math.inf, times[0])
    falling = np.flatnonzero(above.any(axis=1) & (last < count - 1))
    here = last[falling]
    high, low = levels[falling, here], levels[falling, here + 1]
    fraction = (high - threshold) / (high - low)
    found[falling] = times[here] + fraction * (times[here + 1] - times[here])
    return found


def _minute(ordered: Array, fraction: float) -> float | None:
    minute = float(ordered[math.ceil(fraction * ordered.size) - 1])
    return minute if math.isfinite(minute) else None

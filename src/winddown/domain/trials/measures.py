"""One number from one patient's course: what a trial counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.population import Courses
from winddown.domain.quantities import MINUTES_PER_HOUR


@dataclass(frozen=True)
class Outcome:
    """What is counted: a measure, of which line, against which limit.

    name     a column of the result; of: an analyte or an effect's line, empty for milligrams
    limit    in the line's own unit; minute: when to look; each only for the measures that use it
    unit     of the outcome itself; line_unit: of the line it is taken from
    rating   how well founded the line is
    """

    name: str
    measure: str
    of: str
    unit: str
    rating: str
    line_unit: str = ""
    limit: float | None = None
    minute: float | None = None

    @property
    def is_share(self) -> bool:
        return MEASURES[self.measure].is_share

    def as_data(self) -> dict[str, Any]:
        shown = {"limit": self.limit, "minute": self.minute}
        told = {key: value for key, value in shown.items() if value is not None}
        return {"name": self.name, "measure": self.measure, "of": self.of, "unit": self.unit, "rating": self.rating, **told}


@dataclass(frozen=True)
class Asked:
    """What a measure is given: the times (m,), the courses (n, m) of its line, when the infusion ends, everything else that was run."""

    at_min: Array
    courses: Array
    end_min: float
    all: Courses
    outcome: Outcome


@dataclass(frozen=True)
class Measure:
    """unit: of the result; the line's own when empty. levels_only: not for effects. is_share: each patient counts as 1 or 0."""

    take: Callable[[Asked], Array]
    words: str
    unit: str = ""
    needs: tuple[str, ...] = ()
    of_a_line: bool = True
    levels_only: bool = False
    is_share: bool = False


def _peak(asked: Asked) -> Array:
    return np.asarray(asked.courses.max(axis=1))


def _peak_minute(asked: Asked) -> Array:
    return np.asarray(asked.at_min[asked.courses.argmax(axis=1)])


def _at(asked: Asked) -> Array:
    """Straight between the two times around the minute."""
    minute = float(asked.outcome.minute or 0.0)
    after = min(max(int(np.searchsorted(asked.at_min, minute)), 1), asked.at_min.size - 1)
    early, late = asked.at_min[after - 1], asked.at_min[after]
    share = (minute - early) / (late - early)
    return np.asarray(asked.courses[:, after - 1] * (1 - share) + asked.courses[:, after] * share)


def _area(asked: Asked) -> Array:
    """Exact: a state of the system collects it; in hours."""
    return np.asarray(asked.all.cloud.areas[asked.outcome.of][:, -1] / float(MINUTES_PER_HOUR))


def _minutes_above(asked: Asked) -> Array:
    """Straight between two times."""
    over = asked.courses - float(asked.outcome.limit or 0.0)
    high, low = np.maximum(over[:, :-1], over[:, 1:]), np.minimum(over[:, :-1], over[:, 1:])
    np.maximum(high, 0.0, out=high)
    np.minimum(low, 0.0, out=low)
    whole = high - low
    share = np.divide(high, whole, out=np.zeros_like(whole), where=whole > 0.0)
    return np.asarray((share * np.diff(asked.at_min)).sum(axis=1))


def _minutes_to_below(asked: Asked) -> Array:
    """Minutes from the end of the infusion until the line stays below; not a number when it is still above at the last time."""
    above = asked.courses >= float(asked.outcome.limit or 0.0)
    last = above.shape[1] - 1 - above[:, ::-1].argmax(axis=1)
    ever, early = above.any(axis=1), np.minimum(last, above.shape[1] - 2)
    rows = np.arange(above.shape[0])
    high, low = asked.courses[rows, early], asked.courses[rows, early + 1]
    share = (high - float(asked.outcome.limit or 0.0)) / np.where(high > low, high - low, 1.0)
    minute = asked.at_min[early] + np.clip(share, 0.0, 1.0) * (asked.at_min[early + 1] - asked.at_min[early])
    found = np.where(ever, np.maximum(minute - asked.end_min, 0.0), 0.0)
    return np.asarray(np.where(ever & (last == above.shape[1] - 1), np.nan, found))


def _ever_above(asked: Asked) -> Array:
    return np.asarray((asked.courses.max(axis=1) > float(asked.outcome.limit or 0.0)).astype(np.float64))


def _milligrams(asked: Asked) -> Array:
    return asked.all.milligrams


MEASURES: Mapping[str, Measure] = {
    "peak": Measure(_peak, "highest value"),
    "peak_minute": Measure(_peak_minute, "minute of the highest value", "min"),
    "at": Measure(_at, "value at a minute", needs=("minute",)),
    "area": Measure(_area, "area under the level", "ng/mL h", levels_only=True),
    "minutes_above": Measure(_minutes_above, "minutes above the limit", "min", needs=("limit",)),
    "minutes_to_below": Measure(_minutes_to_below, "minutes from the end until it stays below the limit", "min", needs=("limit",)),
    "share_above": Measure(_ever_above, "share of patients ever above the limit", "share", needs=("limit",), is_share=True),
    "milligrams": Measure(_milligrams, "dose given", "mg", of_a_line=False),
}


def measured(outcome: Outcome, courses: Courses, at_min: Array, end_min: float) -> Array:
    """(n,) the outcome of each patient."""
    lines = {**courses.cloud.levels, **courses.effects}
    line = lines[outcome.of] if outcome.of else np.zeros((courses.milligrams.size, 0))
    return MEASURES[outcome.measure].take(Asked(at_min, line, end_min, courses, outcome))

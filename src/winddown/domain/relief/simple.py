"""The two simple rules that a forecast must beat: the last score goes on as it is, and everybody is like the mean of the group.

Both are given the spread that the practice's own evenings had, so that each gives a whole distribution and is judged as such.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.linear import Array
from winddown.domain.relief.ahead import HIGH, LEVELS, LOW
from winddown.domain.relief.learn import Told

# Days since the last infusion, and days ahead, by which evenings are grouped.
EDGES = (0.0, 4.0, 8.0, 15.0, 29.0, 57.0)
LAGS = (0.0, 4.0, 8.0, 15.0, 29.0, 57.0)
NORMAL = np.array([-1.644854, -1.281552, -1.036433, -0.841621, -0.674490, -0.524401, -0.385320, -0.253347, -0.125661, 0.0])
Z = np.concatenate([NORMAL, -NORMAL[-2::-1]])
LEAST_SPREAD, FEWEST = 0.5, 10


@dataclass(frozen=True)
class Group:
    """What the practice's evenings look like as a crowd.

    share    by days since the last infusion: (pain as a fraction of the baseline, its spread) ; changed: by days ahead, the spread of the
    change since the last score. Before there are enough evenings both are wide guesses of ours.
    """

    share: tuple[tuple[float, float], ...] = ((0.6, 0.3), (0.6, 0.3), (0.65, 0.3), (0.75, 0.3), (0.85, 0.3), (0.9, 0.3))
    changed: tuple[float, ...] = (1.3, 1.5, 1.8, 2.0, 2.2, 2.4)
    evenings: int = 0

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Group:
        return cls(tuple(tuple(row) for row in data["share"]), tuple(data["changed"]), int(data["evenings"]))


def group_of(patients: Iterable[Told]) -> Group:
    """The crowd of the practice's evenings; a cell with fewer than ten keeps the guess."""
    shares: list[list[float]] = [[] for _ in EDGES]
    changes: list[list[float]] = [[] for _ in LAGS]
    number = 0
    for told in patients:
        if not told.before.size or not told.after.size:
            continue
        base = max(float(told.before.mean()), 1.0)
        number += int(told.after.size)
        for day, pain in zip(told.days, told.pain, strict=True):
            since = _since_last(told, day)
            if since is not None:
                shares[_cell(EDGES, since)].append(pain / base)
        after = told.days > told.infusions[0]
        _add_changes(changes, told.days[after], told.pain[after])
    packaged = Group()
    return Group(
        tuple(_told(each, packaged.share[place]) for place, each in enumerate(shares)),
        tuple(_root_mean_square(each, packaged.changed[place]) for place, each in enumerate(changes)),
        number,
    )


def _told(values: Sequence[float], guess: tuple[float, float]) -> tuple[float, float]:
    return (float(np.mean(values)), max(float(np.std(values)), 0.05)) if len(values) >= FEWEST else guess


def _root_mean_square(values: Sequence[float], guess: float) -> float:
    return max(float(np.sqrt(np.mean(np.square(values)))), LEAST_SPREAD) if len(values) >= FEWEST else guess


def _since_last(told: Told, day: float) -> float | None:
    past = told.infusions[told.infusions < day]
    return float(day - past[-1]) if past.size else None


def _add_changes(changes: list[list[float]], days: Array, pain: Array) -> None:
    for place in range(days.size):
        for later in range(place + 1, days.size):
            changes[_cell(LAGS, float(days[later] - days[place]))].append(float(pain[later] - pain[place]))


def _cell(edges: Sequence[float], value: float) -> int:
    return max(place for place, edge in enumerate(edges) if value >= edge)


def carried_forward(group: Group, told: Told, days: Array) -> Array:
    """Quantiles (m, 19) of evenings at `days`: the last score, with the spread of the practice's changes over so many days."""
    spread = np.array([group.changed[_cell(LAGS, max(0.0, float(day - told.days[-1])))] for day in days])
    found: Array = np.clip(told.pain[-1] + spread[:, np.newaxis] * Z, LOW, HIGH)
    return found


def of_the_group(group: Group, told: Told, days: Array) -> Array:
    """Quantiles (m, 19) of evenings at `days`: the practice's mean share of the baseline so many days after the last infusion."""
    base = float(told.before.mean()) if told.before.size else math.nan
    since = [max(0.0, float(day - told.infusions[-1])) for day in days]
    cells = np.array([group.share[_cell(EDGES, each)] for each in since])
    found: Array = np.clip(base * (cells[:, :1] + cells[:, 1:] * Z), LOW, HIGH)
    return found


def crps(quantiles: Array, seen: Array) -> Array:
    """Continuous ranked probability score from quantiles at LEVELS: twice the mean quantile score. In points; smaller is better.

    source: Gneiting and Raftery 2007, J Am Stat Assoc 102:359
    """
    off = seen[:, np.newaxis] - quantiles
    found: Array = 2 * np.mean(np.where(off >= 0, LEVELS * off, (LEVELS - 1) * off), axis=1)
    return found

"""How far two tests of the same person differ when nothing has changed: the same tester, and another tester.

Within-subject standard deviation from repeated tests (one-way analysis of variance), and the repeatability coefficient: in 95 of 100
pairs two tests of one person lie closer than this (Bland and Altman 1996, doi 10.1136/bmj.313.7059.744). Ratings and ratios spread in
proportion, so they are compared as log10 and told as a factor; areas as square centimeters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from winddown.domain.figures import Figure
from winddown.domain.sensory.score import Measure

Testers = Literal["same", "other"]
COEFFICIENT = Figure(1.96 * math.sqrt(2), "1", "10.1136/bmj.313.7059.744: 2.77 within-subject SD", "published")
FEW_GROUPS = Figure(10, "1", "engineering rule: below this many repeated tests the figure is called rough", "derived")
LEAST_GROUPS = Figure(2, "1", "engineering rule: one repeated test shows one difference, not a spread", "derived")
MOST_DAYS_APART = Figure(
    7, "d", "default to be approved with the protocol: a repeat is made within a week, with no infusion between", "derived"
)
AS_LOG: frozenset[Measure] = frozenset(["mps", "wur", "mpt"])


@dataclass(frozen=True)
class Spread:
    """What repeated tests of one kind showed.

    sd      within-subject SD, in log10 units for `as_log`, else in the measure's unit
    limit   the repeatability coefficient: a factor for `as_log`, else a difference
    n       how many people were tested again; `rough` says they are few
    """

    measure: Measure
    testers: Testers
    sd: float
    limit: float
    n: int
    as_log: bool

    @property
    def rough(self) -> bool:
        return self.n < FEW_GROUPS.value

    def around(self, value: float) -> tuple[float, float]:
        """What another test of the same person would show in 95 of 100 cases if nothing had changed. Never below zero."""
        low, high = (value / self.limit, value * self.limit) if self.as_log else (value - self.limit, value + self.limit)
        return max(low, 0.0), high


def within_subject_sd(groups: Iterable[Sequence[float]]) -> float:
    """The root of the mean square within groups; each group holds the repeated values of one person, at least two somewhere."""
    squares, free = 0.0, 0
    for group in groups:
        mean = math.fsum(group) / len(group)
        squares += math.fsum((value - mean) ** 2 for value in group)
        free += len(group) - 1
    return math.sqrt(squares / free)


def spread(measure: Measure, testers: Testers, groups: Iterable[Sequence[float]]) -> Spread | None:
    """The spread of one measure. None below two people tested again; values without a logarithm leave their group out."""
    as_log = measure in AS_LOG
    usable = [group for group in groups if len(group) > 1 and (not as_log or min(group) > 0)]
    if len(usable) < LEAST_GROUPS.value:
        return None
    sd = within_subject_sd([[math.log10(value) for value in group] for group in usable] if as_log else usable)
    reach = COEFFICIENT.value * sd
    return Spread(measure, testers, sd, 10**reach if as_log else reach, len(usable), as_log)

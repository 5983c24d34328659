"""What the answers come to: threshold, sensitivity, wind-up, pain at soft touch, area, and one side against the other.

Ratings are 0 to 100. Every result is either a number or the reason why there is none; nothing missing is filled in. All of it is
exploratory: no dose hangs on it (clinical rules, section 5.3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from winddown.domain.figures import Figure
from winddown.domain.sensory.threshold import Turn

Measure = Literal["mpt", "mps", "dma", "wur", "area", "brush_area"]

ZERO_RULE = Figure(
    0.1, "rating", "clinical rules, section 5.1: added to every rating before the logarithm, so that zeros count", "unverified"
)
NORMAL_Z = Figure(1.96, "SD", "clinical rules, section 5.1: 95 of 100 healthy people lie within", "derived")
PINPRICK_AREA_VOLUNTEERS_CM2 = Figure(43.6, "cm2", "KOPP01: 12 volunteers, electrical pain, SD 32.1", "published")
TOUCH_AREA_VOLUNTEERS_CM2 = Figure(27.5, "cm2", "KOPP01: 12 volunteers, electrical pain, SD 16.2", "published")


NOT_TESTED = "Not tested."
NO_SINGLE_PAIN = "Not computed: every single pinprick was rated 0."
NEEDS_BOTH = "Needs both sites."
CONTROL_ZERO = "Not computed: the control site was rated 0 throughout."
REASONS = (NOT_TESTED, NO_SINGLE_PAIN, NEEDS_BOTH, CONTROL_ZERO)


@dataclass(frozen=True)
class Result:
    """One measure at one site, or one side against the other.

    value     None when there is none; then `why` says the reason
    bound     "at least" or "at most" when an end of the scale was reached; empty otherwise
    n, of     how many answers it rests on, of how many the test asks for
    """

    value: float | None
    unit: str
    n: int = 0
    of: int = 0
    bound: Literal["", "at least", "at most"] = ""
    why: str = ""

    @property
    def complete(self) -> bool:
        return self.n >= self.of


def geometric_mean(values: Sequence[float]) -> float:
    """Of positive numbers, not empty."""
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))


def threshold(turns: Sequence[Turn], *, of: int) -> Result:
    """Mechanical pain threshold in mN: the geometric mean of the turning points. None until each series turned (ROL06b)."""
    if len(turns) < of or not of:
        why = f"{len(turns)} of {of} turning points." if turns else NOT_TESTED
        return Result(None, "mN", len(turns), of, why=why)
    ends = {turn.direction for turn in turns if turn.at_end}
    bound: Literal["", "at least", "at most"] = "at least" if ends == {"up"} else "at most" if ends == {"down"} else ""
    return Result(geometric_mean([float(turn.force_mn) for turn in turns]), "mN", len(turns), of, bound)


def sensitivity(ratings: Sequence[int], *, of: int) -> Result:
    """Mechanical pain sensitivity: the geometric mean of all pinprick ratings, each plus 0.1.

    An arithmetic mean is another measure. Missing ratings are left out and counted: the order is drawn, so what is missing leans to
    no force.
    """
    return _rated(ratings, of)


def allodynia(ratings: Sequence[int], *, of: int) -> Result:
    """Pain at soft touch: the geometric mean as for pinpricks, but zero where no touch hurt. Any pain at soft touch is abnormal."""
    if ratings and not any(ratings):
        return Result(0.0, "rating", len(ratings), of)
    return _rated(ratings, of)


def _rated(ratings: Sequence[int], of: int) -> Result:
    if not ratings:
        return Result(None, "rating", 0, of, why=NOT_TESTED)
    return Result(geometric_mean([rating + ZERO_RULE.value for rating in ratings]), "rating", len(ratings), of)


def wind_up(singles: Sequence[int], trains: Sequence[int], *, of: int) -> Result:
    """Wind-up ratio: mean rating of the trains over mean rating of the single pinpricks before them (ROL06).

    singles, trains   pairs of the same run, in order; an unpaired answer must be left out by the caller
    There is no ratio where the single pinpricks did not hurt at all: zero under a line is not a large number.
    """
    pairs = min(len(singles), len(trains))
    if not pairs:
        return Result(None, "1", 0, of, why=NOT_TESTED)
    alone = math.fsum(singles[:pairs]) / pairs
    if alone == 0:
        return Result(None, "1", pairs, of, why=NO_SINGLE_PAIN)
    return Result(math.fsum(trains[:pairs]) / pairs / alone, "1", pairs, of)


@dataclass(frozen=True)
class Spoke:
    """How far out, in cm, the change was felt on one line. `to_the_edge`: still changed where the line left the body part."""

    number: int
    distance_cm: float
    to_the_edge: bool = False


def area(spokes: Sequence[Spoke], *, of: int = 8) -> Result:
    """The polygon through the ends of equally spaced lines, in square centimeters: half the sum of neighbors' products times sin(360°/n).

    None unless every line was measured: a polygon with a gap is a guess. A line that ran off the body part makes it "at least".
    """
    known = {spoke.number: spoke for spoke in spokes}
    if not known:
        return Result(None, "cm2", 0, of, why=NOT_TESTED)
    if set(known) != set(range(1, of + 1)):
        gaps = ", ".join(str(number) for number in range(1, of + 1) if number not in known)
        return Result(None, "cm2", len(known), of, why=f"Not computed: no distance on line {gaps}.")
    around = [known[number].distance_cm for number in range(1, of + 1)]
    doubled = math.fsum(around[place] * around[(place + 1) % of] for place in range(of))
    edge = any(spoke.to_the_edge for spoke in known.values())
    return Result(doubled * math.sin(2 * math.pi / of) / 2, "cm2", of, of, "at least" if edge else "")


def side_ratio(measure: Measure, affected: Result, control: Result) -> Result:
    """How much more sensitive the affected side is: above 1 is more. For a threshold the control is above the line.

    The other side of the body is a comparison, not a norm: pain is often on both sides (clinical rules, section 5.2).
    """
    if affected.value is None or control.value is None:
        return Result(None, "1", why=NEEDS_BOTH)
    over, under = (control, affected) if measure == "mpt" else (affected, control)
    floor = ZERO_RULE.value if measure in ("mps", "dma") else 0.0
    if under.value is None or under.value <= floor * (1 + 1e-9):
        return Result(None, "1", why=CONTROL_ZERO)
    return Result((over.value or 0.0) / under.value, "1", min(over.n, under.n), min(over.of, under.of))


def mean_by_force(ratings: Mapping[int, Sequence[int]]) -> dict[int, float]:
    """The stimulus-response curve: the plain mean rating at each force that was tested, lightest first."""
    return {force: math.fsum(ratings[force]) / len(ratings[force]) for force in sorted(ratings) if ratings[force]}

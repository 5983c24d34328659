"""What was seen in one person, and how likely it is under a predicted course.

Every likelihood is a mixture: with a small share the entry has another cause than the drug. So one entry that does not fit pulls
little, and is shown as not fitting.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from winddown.domain.pharmacology.individual.figures import CADSS6_HIGHEST, PAIN_HIGHEST, UNRESPONSIVE_LEVEL, VALUE
from winddown.domain.pharmacology.linear import Array
from winddown.domain.refusals import OutOfRange, UnknownWord

Kind = Literal["cadss6", "moaas", "pain", "systolic", "level"]
KINDS: tuple[Kind, ...] = ("cadss6", "moaas", "pain", "systolic", "level")
RANGES: Mapping[str, tuple[float, float, str]] = {
    "cadss6": (0.0, CADSS6_HIGHEST, "points"),
    "moaas": (0.0, 5.0, "points"),
    "pain": (0.0, PAIN_HIGHEST, "points"),
    "systolic": (40.0, 300.0, "mmHg"),
    "level": (0.0, 100_000.0, "ng/mL"),
}
SAMPLED_AT = ("arterial", "venous")
LOGISTIC_PER_SD = math.sqrt(3.0) / math.pi
SEDATION_STEPS = np.linspace(0.0, math.log(UNRESPONSIVE_LEVEL / VALUE["sluggish_level"]), 4)
FAINT = 1e-12


@dataclass(frozen=True)
class Observation:
    """One thing seen, in minutes from the first drop.

    kind      cadss6 (0 to 24), moaas (0 to 5), pain (0 to 10), systolic (mmHg), level (ng/mL)
    analyte   of a level: its name as on a model's card; `site` where the blood was drawn
    below     of a level: it was under the assay's limit, which is `value`
    ref       the record's own name of it, carried along
    refuses   UnknownWord for another kind or site; OutOfRange for a value that the scale does not have
    """

    kind: Kind
    at_min: float
    value: float
    analyte: str = ""
    site: str = ""
    below: bool = False
    ref: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnknownWord("kind of observation", self.kind, KINDS)
        low, high, unit = RANGES[self.kind]
        if not math.isfinite(self.at_min):
            raise OutOfRange(because="An observation needs its minute.", way_out="Give a number of minutes.", code="observation_time")
        if not (math.isfinite(self.value) and low <= self.value <= high):
            raise OutOfRange(
                because=f"{self.kind} {self.value:g} at minute {self.at_min:g} is not between {low:g} and {high:g} {unit}.",
                way_out="Check the entry.",
                code="observation_out_of_range",
                where=self.kind,
            )
        if self.kind == "level" and (self.site not in SAMPLED_AT or self.value == 0.0):
            self._refuse_level()

    def _refuse_level(self) -> None:
        if self.site not in SAMPLED_AT:
            raise UnknownWord("sampling site of a level", self.site, SAMPLED_AT)
        raise OutOfRange(
            because="A level of 0 ng/mL is no measurement.",
            way_out="Give the assay's limit and mark it as below.",
            code="level_zero",
            where="level",
        )

    def as_data(self) -> dict[str, Any]:
        told: dict[str, Any] = {"kind": self.kind, "at_min": self.at_min, "value": self.value, "ref": self.ref}
        return told | ({"analyte": self.analyte, "site": self.site, "below": self.below} if self.kind == "level" else {})

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Observation:
        return cls(
            kind=data["kind"],
            at_min=float(data["at_min"]),
            value=float(data["value"]),
            analyte=str(data.get("analyte", "")),
            site=str(data.get("site", "")),
            below=bool(data.get("below", False)),
            ref=str(data.get("ref", "")),
        )


def log_likelihood(kind: str, seen: Array, middle: Array, extra: Array) -> Array:
    """(n, m) log probability of `seen` (m,) where the course is at `middle` (n, m): points, log-odds, mmHg or log ng/mL.

    extra   (m,) of a level: its log error, negative where it was below the limit; else unused
    """
    fits, odd = _PARTS[kind](seen, middle, extra)
    share = VALUE["odd_share"]
    return np.asarray(np.log((1.0 - share) * fits + share * odd + FAINT * FAINT))


def odd_chance(kind: str, seen: Array, middle: Array, extra: Array) -> Array:
    """(n, m) the chance that the entry has another cause than the drug, given this course."""
    fits, odd = _PARTS[kind](seen, middle, extra)
    share = VALUE["odd_share"]
    return np.asarray(share * odd / ((1.0 - share) * fits + share * odd + FAINT * FAINT))


def spread_of(kind: str, middle: Array, extra: Array) -> Array:
    """The noise's standard deviation about `middle`, in its own unit."""
    if kind == "cadss6":
        return np.asarray(VALUE["cadss6_noise"] + VALUE["cadss6_noise_share"] * middle)
    if kind == "level":
        return np.broadcast_to(np.abs(extra), middle.shape)
    return np.full(middle.shape, {"pain": VALUE["pain_noise"], "systolic": VALUE["systolic_noise"]}.get(kind, 1.0))


def _points(highest: float, kind: str) -> Callable[[Array, Array, Array], tuple[Array, Array]]:
    """A score in whole points: a logistic scatter about the course, open at both ends of the scale."""

    def parts(seen: Array, middle: Array, extra: Array) -> tuple[Array, Array]:
        scale = spread_of(kind, middle, extra) * LOGISTIC_PER_SD
        above = np.where(seen >= highest - 0.25, 1.0, _logistic((seen + 0.5 - middle) / scale))
        below = np.where(seen <= 0.25, 0.0, _logistic((seen - 0.5 - middle) / scale))
        return np.maximum(above - below, FAINT), np.full(middle.shape, 1.0 / (highest + 1.0))

    return parts


def _sedation(seen: Array, middle: Array, extra: Array) -> tuple[Array, Array]:
    """Ordered steps from 5 (awake) to 0 on the log level; `middle` is the log of the level over the person's first step."""
    at_most = [np.zeros(middle.shape)]  # chance of a score at most -1, 0, 1 ... 5
    for step in (*SEDATION_STEPS[::-1], None):
        at_most.append(np.ones(middle.shape) if step is None else _logistic((middle - step) / VALUE["sedation_noise"]))
    at_most.insert(1, 0.5 * at_most[1])  # 0 and 1 are both unresponsive: told apart by the trapezius squeeze, not by the level
    table = np.stack(at_most)
    place = np.broadcast_to(np.rint(seen).astype(np.intp), middle.shape)
    chance = np.take_along_axis(table, place[np.newaxis] + 1, axis=0)[0] - np.take_along_axis(table, place[np.newaxis], axis=0)[0]
    return np.maximum(chance, FAINT), np.full(middle.shape, 1.0 / 6.0)


def _systolic(seen: Array, middle: Array, extra: Array) -> tuple[Array, Array]:
    return _normal_pair(seen - middle, np.full(middle.shape, VALUE["systolic_noise"]))


def _level(seen: Array, middle: Array, extra: Array) -> tuple[Array, Array]:
    scale = np.broadcast_to(np.abs(extra), middle.shape)
    gap = np.log(np.maximum(seen, FAINT)) - middle
    fits, odd = _normal_pair(gap, scale)
    censored = np.broadcast_to(extra < 0, middle.shape)
    return np.where(censored, _below(gap / scale), fits), np.where(censored, _below(gap / (scale * VALUE["odd_width"])), odd)


def _normal_pair(gap: Array, scale: Array) -> tuple[Array, Array]:
    return _density(gap, scale), _density(gap, scale * VALUE["odd_width"])


def _density(gap: Array, scale: Array) -> Array:
    return np.asarray(np.exp(-0.5 * (gap / scale) ** 2) / (scale * math.sqrt(2.0 * math.pi)))


def _below(normal: Array) -> Array:
    """The normal distribution function, element by element: a handful of censored levels at most."""
    flat = [0.5 * math.erfc(-value / math.sqrt(2.0)) for value in normal.ravel().tolist()]
    return np.asarray(flat, dtype=np.float64).reshape(normal.shape)


def _logistic(value: Array) -> Array:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * value)))


_PARTS: Mapping[str, Callable[[Array, Array, Array], tuple[Array, Array]]] = {
    "cadss6": _points(CADSS6_HIGHEST, "cadss6"),
    "pain": _points(PAIN_HIGHEST, "pain"),
    "moaas": _sedation,
    "systolic": _systolic,
    "level": _level,
}


def sorted_by_time(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    return tuple(sorted(observations, key=lambda each: (each.at_min, each.kind, each.ref)))

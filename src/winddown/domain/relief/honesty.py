"""How good were the forecasts of relief? Coverage and score against two simple rules, and when the forecast is switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from winddown.domain.figures import Figure

Verdict = Literal["too_few", "beaten_by_the_last_score", "beaten_by_the_group", "too_narrow", "holds"]
FEWEST = Figure(100, "evenings", "fewer do not tell a better rule from a lucky one", "derived")
FEWEST_PATIENTS = Figure(8, "patients", "evenings of one person are alike", "derived")
NARROW = Figure(0.8, "fraction of evenings", "bands of nine in ten that hold less than eight in ten mislead", "derived")


@dataclass(frozen=True)
class Evening:
    """One evening beside a forecast made before it."""

    patient: int
    in_half: bool
    in_most: bool
    crps: float
    carried: float
    group: float


@dataclass(frozen=True)
class Held:
    """All of them together; None where there are none. Smaller is better for the three scores, in points."""

    evenings: int
    patients: int
    in_half: float | None = None
    in_most: float | None = None
    crps: float | None = None
    carried: float | None = None
    group: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether the forecast may be shown: it must beat both rules and its bands must hold, once there are enough evenings."""
        if self.evenings < FEWEST.value or self.patients < FEWEST_PATIENTS.value or self.crps is None:
            return "too_few"
        if self.crps >= (self.carried or 0.0):
            return "beaten_by_the_last_score"
        if self.crps >= (self.group or 0.0):
            return "beaten_by_the_group"
        return "too_narrow" if (self.in_most or 0.0) < NARROW.value else "holds"

    @property
    def is_off(self) -> bool:
        return self.verdict not in ("too_few", "holds")


@dataclass(frozen=True)
class Sums:
    """The evenings of one patient added up; `about`: what they are counted by on the board."""

    patient: int
    evenings: int
    in_half: int
    in_most: int
    crps: float
    carried: float
    group: float
    about: Mapping[str, Any] = field(default_factory=dict)


NO_RECORD = Held(0, 0)


def together(parts: Sequence[Sums]) -> Held:
    """Means over the evenings of many patients."""
    number = sum(part.evenings for part in parts)
    if not number:
        return NO_RECORD
    means = (sum(float(getattr(part, name)) for part in parts) / number for name in ("in_half", "in_most", "crps", "carried", "group"))
    return Held(number, len({part.patient for part in parts}), *means)


def by(parts: Sequence[Sums], key: Callable[[Mapping[str, Any]], str]) -> dict[str, Held]:
    """The record of each group, by what `key` reads of `about`; an empty word belongs to no group."""
    groups: dict[str, list[Sums]] = {}
    for part in parts:
        if word := key(part.about):
            groups.setdefault(word, []).append(part)
    return {word: together(rows) for word, rows in sorted(groups.items())}


def held(evenings: Sequence[Evening]) -> Held:
    """Means over evenings."""
    if not evenings:
        return NO_RECORD
    number = len(evenings)

    def mean(name: str) -> float:
        return sum(float(getattr(each, name)) for each in evenings) / number

    names = ("in_half", "in_most", "crps", "carried", "group")
    return Held(number, len({each.patient for each in evenings}), *(mean(name) for name in names))

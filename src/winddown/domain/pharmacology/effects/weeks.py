"""What the effects of weeks share: days on the axis, and a named reason where there is no curve.

A course over weeks is the easiest false promise there is. Outside the regimen that was studied there is none, only the sentence that
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from winddown.domain.pharmacology.band import Line, plain
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Rating

Indication = Literal["crps_1", "other_pain", "depression"]
MINUTES_PER_DAY = 1440.0
NO_VALIDATED_PREDICTION = "No validated prediction for this protocol; 23% of placebo patients also responded."


@dataclass(frozen=True)
class Outside:
    """The first thing about a plan that was not studied: its key, and its value with the limits where it has any. Pages have the words."""

    key: str
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class NoCurve:
    """Why there is nothing to draw. because: the first thing that was not as studied, with its value and limit."""

    effect_id: str
    because: Outside
    sentence: str

    def as_data(self) -> dict[str, Any]:
        told = {"because": self.because.key, "values": dict(self.because.values)}
        return {"effect": self.effect_id, "curve": None, **told, "words": self.sentence}


@dataclass(frozen=True)
class WeeksCourse:
    """An effect over days.

    days    (m,) from the start of the infusion
    lines   key -> Line over the days
    words   what must be read beside it; shares: key -> fraction of people, where the effect has such figures
    """

    effect_id: str
    days: Array
    lines: Mapping[str, Line]
    rating: Rating
    words: str
    shares: Mapping[str, float]

    def as_data(self) -> dict[str, Any]:
        return {
            "effect": self.effect_id,
            "days": plain(self.days),
            "curve": {key: line.as_data() for key, line in self.lines.items()},
            "rating": self.rating,
            "shares": dict(self.shares),
            "words": self.words,
        }

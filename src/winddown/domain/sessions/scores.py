"""The scales of the chair: ranges, words and colors for one-tap buttons.

Directions differ: MOAA/S is high when awake, Ramsay low, RASS best at zero. No scale is ever converted into another.
CADSS-6 ships no item text; dissociation is watched and never used to judge the dose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from winddown.domain.refusals import OutOfRange, UnknownWord

Color = Literal["calm", "watch", "act"]


@dataclass(frozen=True)
class Level:
    """One button: its value, its words, its color. The color is never the only sign."""

    value: int
    words: str
    color: Color


@dataclass(frozen=True)
class Scale:
    """One scale.

    awake     which end is awake, for sedation scales: `high`, `low`, `zero`; empty for others
    variant   the published variant; stored with each score
    levels    one per value, from low to high
    """

    key: str
    words: str
    levels: tuple[Level, ...]
    source: str
    variant: str = ""
    awake: str = ""
    note: str = ""

    @property
    def low(self) -> int:
        return self.levels[0].value

    @property
    def high(self) -> int:
        return self.levels[-1].value

    def level(self, value: Decimal | int | str) -> Level:
        """The level of a value. Refuses OutOfRange for a value that is no button of this scale."""
        for level in self.levels:
            if Decimal(str(value)) == level.value:
                return level
        raise OutOfRange(
            f"{self.words}: {value} is not on the scale from {self.low} to {self.high}.",
            way_out="Choose a button.",
            code="score_not_on_scale",
        )


def _levels(*rows: tuple[int, str, Color]) -> tuple[Level, ...]:
    return tuple(Level(*row) for row in rows)


def _bands(high: int, *, watch_from: int, act_from: int, ends: tuple[str, str]) -> tuple[Level, ...]:
    words = {0: ends[0], high: ends[1]}

    def color(value: int) -> Color:
        return "act" if value >= act_from else "watch" if value >= watch_from else "calm"

    return tuple(Level(value, words.get(value, ""), color(value)) for value in range(high + 1))


_NEVER = 99

_TABLE = (
    Scale(
        "moaas",
        "Sedation (MOAA/S)",
        _levels(
            (0, "no response to pain", "act"),
            (1, "only to a painful squeeze", "act"),
            (2, "only to a gentle shake", "act"),
            (3, "only to a loud or repeated name", "act"),
            (4, "sluggish reply to the name", "watch"),
            (5, "normal reply to the name", "calm"),
        ),
        "MOAAS",
        variant="moaas-squeeze",
        awake="high",
        note="Some texts call 1 'no response to shaking' (MOAAS-B): the variant is stored with the score.",
    ),
    Scale(
        "rass",
        "Sedation and agitation (RASS)",
        _levels(
            (-5, "unarousable", "act"),
            (-4, "deep sedation", "act"),
            (-3, "moderate sedation", "act"),
            (-2, "light sedation", "watch"),
            (-1, "drowsy", "watch"),
            (0, "alert and calm", "calm"),
            (1, "restless", "watch"),
            (2, "agitated", "watch"),
            (3, "very agitated", "act"),
            (4, "combative", "act"),
        ),
        "RASS",
        awake="zero",
    ),
    Scale(
        "ramsay",
        "Sedation (Ramsay)",
        _levels(
            (1, "anxious, agitated", "watch"),
            (2, "calm, oriented", "calm"),
            (3, "responds to command", "watch"),
            (4, "asleep, brisk response", "act"),
            (5, "asleep, sluggish response", "act"),
            (6, "no response", "act"),
        ),
        "RAMSAY",
        awake="low",
    ),
    Scale(
        "cadss6",
        "Dissociation (CADSS-6 total)",
        _bands(24, watch_from=5, act_from=_NEVER, ends=("none", "most")),
        "CADSS6",
        note="Total of six items; colors are a clinic default, unverified. Never a sign of the right dose.",
    ),
    Scale(
        "nausea",
        "Nausea",
        _levels((0, "none", "calm"), (1, "mild", "calm"), (2, "moderate", "watch"), (3, "vomiting or severe", "act")),
        "plain words",
    ),
    Scale(
        "pain",
        "Pain now",
        _bands(10, watch_from=4, act_from=_NEVER, ends=("no pain", "worst imaginable")),
        "LNC-PAIN",
        note="Judged against the patient's own baseline.",
    ),
    Scale(
        "distress",
        "Distress",
        _levels((0, "at ease", "calm"), (1, "uneasy", "calm"), (2, "distressed", "watch"), (3, "asks to stop", "act")),
        "plain words",
    ),
    Scale(
        "perception",
        "Perception",
        _levels(
            (0, "as usual", "calm"),
            (1, "strange, not frightening", "calm"),
            (2, "frightening: sees, hears or fears things", "watch"),
            (3, "emergence reaction, severe agitation", "act"),
        ),
        "plain words",
    ),
)

SCALES: dict[str, Scale] = {scale.key: scale for scale in _TABLE}

PERCEIVED: Mapping[str, int] = {"as usual": 0, "strange": 1, "hallucination": 2, "paranoia": 2, "emergence reaction": 3}
"""What a patient perceives, in one word of the bedside, and its level of `perception`."""
TOLD_IN_A_NOTE = frozenset({"hallucination", "paranoia", "emergence reaction"})  # one level stands for several of them


def scale_of(key: str) -> Scale:
    """The scale by its key. Refuses UnknownWord."""
    found = SCALES.get(key)
    if found is None:
        raise UnknownWord("scale", key, SCALES)
    return found

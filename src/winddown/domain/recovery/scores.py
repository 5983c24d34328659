"""Discharge scores in their published variants: items with words for 2, 1 and 0 points, and what the vital signs suggest.

The variant's id is stored with each score: the same patient scores differently under another one. Points are judged at the patient's own
baseline: a patient who came in a wheelchair is not asked to walk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, UnknownWord

Family = Literal["aldrete", "padss"]
FULL = 2

# What a patient may have brought along. Consciousness, breathing, saturation and circulation are never excused.
MAY_BE_AS_BEFORE = frozenset({"activity", "walking", "pain", "nausea_pain"})


@dataclass(frozen=True)
class Item:
    """One item: `two`, `one` and `zero` are the words on its three buttons."""

    key: str
    words: str
    two: str
    one: str
    zero: str


@dataclass(frozen=True)
class Variant:
    """One published variant of a score.

    near, far   the band around the baseline for 2 and for 1 points of circulation, in `band_unit`
    room_air    the saturation on room air above which two points are given; None where the score has no such item
    """

    id: str
    family: Family
    words: str
    items: tuple[Item, ...]
    source: str
    near: Figure
    far: Figure
    room_air: Figure | None = None
    with_oxygen: Figure | None = None

    @property
    def highest(self) -> int:
        return FULL * len(self.items)


@dataclass(frozen=True)
class Scored:
    """A score as given.

    total      the points, items at the patient's own baseline counted in full
    zeros      items at 0 that are not the patient's own baseline
    credited   items counted in full because they are as they were before
    """

    variant: Variant
    points: Mapping[str, int]
    total: int
    zeros: tuple[str, ...]
    credited: tuple[str, ...]

    def full(self, item: str) -> bool:
        return self.points[item] == FULL or item in self.credited


def score(variant_id: str, items: Mapping[str, object], *, at_baseline: Collection[str] = ()) -> Scored:
    """Add up one filled-in score.

    items        points by item key; every item of the variant is needed
    at_baseline  items that are as they were before the infusion
    refuses      UnknownWord for a variant or item, Missing for an item without points, OutOfRange for points other than 0, 1, 2,
                 NotAllowed for an item that nobody brings along
    """
    variant = variant_of(variant_id)
    keys = [item.key for item in variant.items]
    for key in [*items, *at_baseline]:
        if key not in keys:
            raise UnknownWord(f"item of {variant_id}", key, keys)
    excused = [key for key in at_baseline if key not in MAY_BE_AS_BEFORE]
    if excused:
        raise NotAllowed(
            f"{', '.join(excused)} cannot be excused as 'as before'.", way_out="Score what you see.", code="item_not_excusable"
        )
    lacking = [key for key in keys if key not in items]
    if lacking:
        raise Missing(f"{variant.words}: no points for {', '.join(lacking)}.", way_out="Score every item.", code="item_not_scored")
    points = {key: _points(key, items[key]) for key in keys}
    credited = tuple(key for key in keys if key in at_baseline and points[key] < FULL)
    total = sum(FULL if key in credited else points[key] for key in keys)
    return Scored(variant, points, total, tuple(key for key in keys if points[key] == 0 and key not in credited), credited)


def circulation_points(variant: Variant, systolic: float, baseline: float) -> int:
    """The points that a systolic pressure suggests against this patient's own."""
    off = abs(systolic - baseline)
    away = off / baseline * 100 if variant.near.unit == "%" else off
    return 2 if away <= variant.near.value else 1 if away <= variant.far.value else 0


def saturation_points(variant: Variant, spo2: float, *, on_oxygen: bool) -> int | None:
    """The points that a saturation suggests; two only on room air. None where the score has no such item."""
    if variant.room_air is None or variant.with_oxygen is None:
        return None
    if not on_oxygen and spo2 > variant.room_air.value:
        return 2
    return 1 if spo2 > variant.with_oxygen.value else 0


def variant_of(variant_id: str) -> Variant:
    found = VARIANTS.get(variant_id)
    if found is None:
        raise UnknownWord("variant of a discharge score", variant_id, VARIANTS)
    return found


def _points(key: str, value: object) -> int:
    if str(value) not in ("0", "1", "2"):
        raise OutOfRange(f"{key}: {value!r} points, allowed 0, 1 or 2.", way_out="Choose one of the three.", code="points_not_allowed")
    return int(str(value))


def _aldrete(variant_id: str, words: str, source: str, *, unit: str, room_air: float) -> Variant:
    band = "mmHg" if unit == "mm[Hg]" else "%"
    items = (
        Item("activity", "Activity", "moves four limbs", "moves two limbs", "moves none"),
        Item("respiration", "Breathing", "deep breath and cough", "short of breath or shallow", "apnea"),
        Item("circulation", "Pressure against the baseline", f"within 20 {band}", f"20 to 50 {band} off", f"more than 50 {band} off"),
        Item("consciousness", "Consciousness", "awake", "wakes when called", "does not wake"),
        Item("saturation", "Saturation", f"above {room_air:g} % on room air", "needs oxygen to stay above 90 %", "below 90 % with oxygen"),
    )
    return Variant(
        id=variant_id,
        family="aldrete",
        words=words,
        items=items,
        source=source,
        near=Figure(20, unit, source, "published"),
        far=Figure(50, unit, source, "published"),
        room_air=Figure(room_air, "%", source, "published"),
        with_oxygen=Figure(90, "%", source, "published"),
    )


def _padss(variant_id: str, words: str, source: str, *items: Item) -> Variant:
    vitals = Item("vitals", "Pressure and pulse against the baseline", "within 20 %", "20 to 40 % off", "more than 40 % off")
    walking = Item("walking", "Walking", "steady, not dizzy", "with help", "cannot, or dizzy")
    bleeding = Item("bleeding", "Bleeding", "minimal", "moderate", "severe")
    near, far = Figure(20, "%", source, "published"), Figure(40, "%", source, "published")
    return Variant(variant_id, "padss", words, (vitals, walking, *items, bleeding), source, near, far)


_TABLE = (
    _aldrete("aldrete-percent-92", "Modified Aldrete (percent, 92 %)", "ALD-WJG", unit="%", room_air=92),
    _aldrete("aldrete-mmhg-92", "Modified Aldrete (mmHg, 92 %)", "ALD-WJG", unit="mm[Hg]", room_air=92),
    _aldrete("aldrete-percent-90", "Modified Aldrete (percent, 90 %)", "ALD-ASJA", unit="%", room_air=90),
    _padss(
        "padss-modified",
        "Modified PADSS",
        "PADS",
        Item("nausea", "Nausea and vomiting", "minimal", "moderate", "severe"),
        Item("pain", "Pain", "minimal", "moderate", "severe"),
    ),
    _padss(
        "padss-first",
        "PADSS, first version",
        "PADS-B",
        Item("nausea_pain", "Pain, nausea and vomiting", "minimal", "moderate", "severe"),
        Item("intake_output", "Has drunk and passed water", "both", "one of them", "neither"),
    ),
)

VARIANTS: dict[str, Variant] = {variant.id: variant for variant in _TABLE}

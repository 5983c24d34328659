"""The regions of the body map: stable keys, sides as the patient's own, and which skin each is for testing.

A key is never reused for another place. Names are English here and go through the catalogue on the page. The figure faces the reader
with open palms, so the front view shows palms and the top of the feet, the back view the backs of the hands, heels and soles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from winddown.domain.refusals import UnknownWord

View = Literal["front", "back"]
Side = Literal["left", "right"]
Skin = Literal["face", "hand", "foot", "trunk", "limb", "head"]
VIEWS: tuple[View, ...] = ("front", "back")
SIDES: tuple[Side, ...] = ("left", "right")


@dataclass(frozen=True)
class Region:
    """One place on the map.

    key     `front-left-forearm`: view, the patient's own side, part; stored in the record
    group   which heading of the plain list it stands under
    skin    which kind of skin it is for published norms, which exist for face, hand, foot and trunk only
    """

    key: str
    view: View
    side: Side
    part: str
    name: str
    group: str
    skin: Skin


_PARTS: Mapping[View, tuple[tuple[str, str, str, Skin], ...]] = {
    "front": (
        ("forehead", "forehead", "head", "face"),
        ("face", "face", "head", "face"),
        ("neck", "front of the neck", "head", "trunk"),
        ("shoulder", "front of the shoulder", "arm", "limb"),
        ("upper-arm", "front of the upper arm", "arm", "limb"),
        ("elbow", "crook of the elbow", "arm", "limb"),
        ("forearm", "inner forearm", "arm", "limb"),
        ("wrist", "inner wrist", "arm", "limb"),
        ("hand", "palm", "arm", "hand"),
        ("chest", "chest", "trunk", "trunk"),
        ("belly", "upper belly", "trunk", "trunk"),
        ("lower-belly", "lower belly", "trunk", "trunk"),
        ("groin", "groin", "trunk", "trunk"),
        ("thigh", "front of the thigh", "leg", "limb"),
        ("knee", "front of the knee", "leg", "limb"),
        ("shin", "shin", "leg", "limb"),
        ("ankle", "front of the ankle", "leg", "limb"),
        ("foot", "top of the foot", "leg", "foot"),
    ),
    "back": (
        ("head", "back of the head", "head", "head"),
        ("neck", "back of the neck", "head", "trunk"),
        ("shoulder", "back of the shoulder", "arm", "limb"),
        ("upper-arm", "back of the upper arm", "arm", "limb"),
        ("elbow", "point of the elbow", "arm", "limb"),
        ("forearm", "outer forearm", "arm", "limb"),
        ("wrist", "outer wrist", "arm", "limb"),
        ("hand", "back of the hand", "arm", "hand"),
        ("upper-back", "upper back", "trunk", "trunk"),
        ("middle-back", "middle of the back", "trunk", "trunk"),
        ("lower-back", "lower back", "trunk", "trunk"),
        ("buttock", "buttock", "trunk", "limb"),
        ("thigh", "back of the thigh", "leg", "limb"),
        ("knee", "hollow of the knee", "leg", "limb"),
        ("calf", "calf", "leg", "limb"),
        ("heel", "heel", "leg", "limb"),
        ("sole", "sole of the foot", "leg", "limb"),
    ),
}
GROUPS = ("head", "arm", "trunk", "leg")


def _all() -> Iterable[Region]:
    for view in VIEWS:
        for part, name, group, skin in _PARTS[view]:
            for side in SIDES:
                yield Region(f"{view}-{side}-{part}", view, side, part, f"{side} {name}", group, skin)


REGIONS: Mapping[str, Region] = {region.key: region for region in _all()}


def region_of(key: str) -> Region:
    """The region of that key. Refuses an unknown one."""
    if key not in REGIONS:
        raise UnknownWord("body region", key)
    return REGIONS[key]


def mirror_of(key: str) -> Region:
    """The same place on the other side: a first suggestion for a control site, never a promise that it is normal."""
    region = region_of(key)
    return REGIONS[f"{region.view}-{'left' if region.side == 'right' else 'right'}-{region.part}"]


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """Each key once, in the order of the map. Refuses an unknown one."""
    marked = {region_of(key).key for key in keys}
    return tuple(key for key in REGIONS if key in marked)


@dataclass(frozen=True)
class MapChange:
    """Two maps of one patient side by side, as regions."""

    stayed: tuple[str, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def then(self) -> int:
        return len(self.stayed) + len(self.went)

    @property
    def now(self) -> int:
        return len(self.stayed) + len(self.came)


def change_between(then: Iterable[str], now: Iterable[str]) -> MapChange:
    """What stayed, came and went between two maps, in the order of the map."""
    before, after = set(in_order(then)), set(in_order(now))
    return MapChange(in_order(before & after), in_order(after - before), in_order(before - after))

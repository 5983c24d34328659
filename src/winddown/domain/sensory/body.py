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
        ("forehead", "{side} half of the forehead", "head", "face"),
        ("face", "{side} half of the face", "head", "face"),
        ("neck", "front of the neck, {side}", "head", "trunk"),
        ("shoulder", "front of the {side} shoulder", "arm", "limb"),
        ("upper-arm", "front of the {side} upper arm", "arm", "limb"),
        ("elbow", "crook of the {side} elbow", "arm", "limb"),
        ("forearm", "inner side of the {side} forearm", "arm", "limb"),
        ("wrist", "inner side of the {side} wrist", "arm", "limb"),
        ("hand", "palm of the {side} hand", "arm", "hand"),
        ("chest", "{side} chest", "trunk", "trunk"),
        ("belly", "upper belly, {side}", "trunk", "trunk"),
        ("lower-belly", "lower belly, {side}", "trunk", "trunk"),
        ("groin", "{side} groin", "trunk", "trunk"),
        ("thigh", "front of the {side} thigh", "leg", "limb"),
        ("knee", "front of the {side} knee", "leg", "limb"),
        ("shin", "{side} shin", "leg", "limb"),
        ("ankle", "front of the {side} ankle", "leg", "limb"),
        ("foot", "top of the {side} foot", "leg", "foot"),
    ),
    "back": (
        ("head", "back of the head, {side}", "head", "head"),
        ("neck", "back of the neck, {side}", "head", "trunk"),
        ("shoulder", "back of the {side} shoulder", "arm", "limb"),
        ("upper-arm", "back of the {side} upper arm", "arm", "limb"),
        ("elbow", "point of the {side} elbow", "arm", "limb"),
        ("forearm", "outer side of the {side} forearm", "arm", "limb"),
        ("wrist", "outer side of the {side} wrist", "arm", "limb"),
        ("hand", "back of the {side} hand", "arm", "hand"),
        ("upper-back", "upper back, {side}", "trunk", "trunk"),
        ("middle-back", "middle of the back, {side}", "trunk", "trunk"),
        ("lower-back", "lower back, {side}", "trunk", "trunk"),
        ("buttock", "{side} buttock", "trunk", "limb"),
        ("thigh", "back of the {side} thigh", "leg", "limb"),
        ("knee", "hollow of the {side} knee", "leg", "limb"),
        ("calf", "{side} calf", "leg", "limb"),
        ("heel", "{side} heel", "leg", "limb"),
        ("sole", "sole of the {side} foot", "leg", "limb"),
    ),
}
GROUPS = ("head", "arm", "trunk", "leg")


def _all() -> Iterable[Region]:
    for view in VIEWS:
        for part, name, group, skin in _PARTS[view]:
            for side in SIDES:
                yield Region(f"{view}-{side}-{part}", view, side, part, name.format(side=side), group, skin)


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

"""The body map as a component: two drawn figures and the same regions as a plain list, for marking or for looking."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.sensory.body import GROUPS, REGIONS, VIEWS, Region, View
from winddown.web.sensory.outline import HALF

VIEW_WORDS: Mapping[str, Any] = {"front": __("Front"), "back": __("Back")}
GROUP_WORDS: Mapping[str, Any] = {
    "head": __("Head and neck"),
    "arm": __("Arms and hands"),
    "trunk": __("Trunk"),
    "leg": __("Legs and feet"),
}
DRAWN_ON_THE_RIGHT = {"front": "left", "back": "right"}


@dataclass(frozen=True)
class Place:
    """One region as it is drawn and listed. `mark` is a style's name: marked, worst, came, went, stayed, control, affected."""

    key: str
    words: str
    path: str
    mirrored: bool
    mark: str = ""


def region_words(key: str) -> str:
    """A region's name in the reader's language; a key of an older map stays as it is."""
    return _(REGIONS[key].name) if key in REGIONS else key


def regions_words(keys: Collection[str]) -> str:
    return ", ".join(region_words(key) for key in keys)


def body_map(
    *, name: str = "regions", marks: Mapping[str, str] | None = None, words: str = "", fixed: bool = False, pick: bool = False
) -> dict[str, Any]:
    """What `components/body_map.html` asks for.

    name    of the form's field; each marked region is sent as one value
    marks   region -> mark, what is marked already
    words   what the whole map shows, for a reader who does not see it
    fixed   only to look at
    pick    a tap says which region is meant, and the page does the rest; no list is drawn
    """
    found = marks or {}
    return {
        "name": name,
        "words": words or regions_words(list(found)) or _("nothing marked"),
        "fixed": fixed,
        "pick": pick,
        "views": [_view(view, found) for view in VIEWS],
        "groups": [_group(group, found) for group in GROUPS],
    }


def _view(view: View, marks: Mapping[str, str]) -> dict[str, Any]:
    drawn = DRAWN_ON_THE_RIGHT[view]
    regions = [region for region in REGIONS.values() if region.view == view]
    return {
        "key": view,
        "words": VIEW_WORDS[view],
        "start": _("right") if drawn == "left" else _("left"),
        "end": _("left") if drawn == "left" else _("right"),
        "places": [_place(region, marks, region.side != drawn) for region in regions],
    }


def _place(region: Region, marks: Mapping[str, str], mirrored: bool) -> Place:
    return Place(region.key, region_words(region.key), HALF[region.view][region.part], mirrored, marks.get(region.key, ""))


def _group(group: str, marks: Mapping[str, str]) -> dict[str, Any]:
    regions = [region for region in REGIONS.values() if region.group == group]
    return {"words": GROUP_WORDS[group], "places": [_place(region, marks, False) for region in regions]}

"""What touches the skin: seven pinpricks, three soft tools, and the figures of a test with their sources.

Force is in millinewtons (mN). Probes with another tip, nylon filaments and ramped devices are not interchangeable with these
(PFAU20), so a test keeps which set was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winddown.domain.figures import Figure
from winddown.domain.refusals import UnknownWord

PINPRICKS_MN: tuple[int, ...] = (8, 16, 32, 64, 128, 256, 512)
PINPRICK_SET = Figure(0.25, "mm", "QST-TAB, PFAU20: seven flat-tip probes of 8 to 512 mN, tip width", "published")

INTERVAL_S = Figure(10, "s", "clinical rules, section 5.1: time between two pinpricks", "unverified")
REPEATS_FULL = Figure(5, "1", "clinical rules, section 5.1: each pinprick and each touch five times", "unverified")
SERIES_FULL = Figure(5, "1", "clinical rules, section 5.1, after ROL06b: five series up and five down", "unverified")
TRAIN_LENGTH = Figure(10, "1", "clinical rules, section 5.1: pinpricks in a train", "unverified")
TRAIN_RATE_PER_S = Figure(1, "1/s", "clinical rules, section 5.1: one pinprick a second", "unverified")
TRAIN_REPEATS_FULL = Figure(5, "1", "clinical rules, section 5.1: trains, each after one single pinprick", "unverified")
TRAIN_FORCE_MN = Figure(256, "mN", "clinical rules, section 5.1", "unverified")
TRAIN_FORCE_FACE_MN = Figure(128, "mN", "clinical rules, section 5.1: on the face", "unverified")
SPOKE_FORCE_MN = Figure(256, "mN", "KOPP01; clinical rules, section 5.1: pinprick moved inward", "unverified")
SPOKES = Figure(8, "1", "KOPP01; clinical rules, section 5.1: lines around the site", "unverified")
FURTHEST_CM = Figure(30, "cm", "engineering bound: no line on a body is longer", "derived")

LOWEST_RATING, HIGHEST_RATING = 0, 100


@dataclass(frozen=True)
class Tool:
    """A soft tool drawn over the skin once, 1 to 2 cm. `force` is what it presses with, in words, as the source gives it."""

    key: str
    force: str
    source: str
    status: str


_TOUCH = "clinical rules, section 5.1"
TOOLS: Mapping[str, Tool] = {
    "cotton": Tool("cotton", "3 mN", _TOUCH, "unverified"),
    "q_tip": Tool("q_tip", "100 mN", _TOUCH, "unverified"),
    "brush": Tool("brush", "200–400 mN", _TOUCH, "unverified"),
}


def tool_of(key: str) -> Tool:
    """The tool of that key. Refuses an unknown one."""
    if key not in TOOLS:
        raise UnknownWord("touch", key, TOOLS)
    return TOOLS[key]

"""Mechanical pain threshold by the method of limits: up until it feels sharp, down until it feels blunt, five times each.

The turning points are forces; their geometric mean is the threshold (ROL06b). A series that reaches the strongest pinprick without
feeling sharp counts as that force and the result is told as "at least"; one that is still sharp at the lightest counts as the
lightest and is told as "at most". That convention is ours and unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from winddown.domain.refusals import UnknownWord
from winddown.domain.sensory.stimuli import PINPRICKS_MN

Felt = Literal["sharp", "blunt"]
FELT: tuple[Felt, ...] = ("sharp", "blunt")
Direction = Literal["up", "down"]


@dataclass(frozen=True)
class Turn:
    """One turning point. `at_end` when the set of forces ended before the feeling changed."""

    direction: Direction
    force_mn: int
    at_end: bool


@dataclass(frozen=True)
class Series:
    """Where a series stands.

    turns     the turning points found so far, up and down in turn
    next_mn   the pinprick to take now; None when all series are done
    """

    turns: tuple[Turn, ...]
    next_mn: int | None
    direction: Direction


def follow(felt: Sequence[str], *, series: int) -> Series:
    """Read the answers in their order, from the lightest pinprick upward, and say what comes next.

    felt     "sharp" or "blunt", one for each touch; refuses another word; what comes after the last series is not read
    series   how many up and how many down
    """
    place, direction = 0, "up"
    turns: list[Turn] = []
    for answer in felt:
        if answer not in FELT:
            raise UnknownWord("feeling", answer, FELT)
        if len(turns) == 2 * series:
            break
        changed = (answer == "sharp") == (direction == "up")
        at_end = not changed and place == (_STRONGEST if direction == "up" else 0)
        if changed or at_end:
            turns.append(Turn(direction, PINPRICKS_MN[place], at_end))  # type: ignore[arg-type]
            direction = "down" if direction == "up" else "up"
        if not at_end:
            place = min(max(place + (1 if direction == "up" else -1), 0), _STRONGEST)
    done = len(turns) == 2 * series
    return Series(tuple(turns), None if done else PINPRICKS_MN[place], direction)  # type: ignore[arg-type]


_STRONGEST = len(PINPRICKS_MN) - 1

"""The phases of a treatment: evaluation, induction, maintenance, ended.

A table says which move is usual; a move is a fact and is kept either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from winddown.domain.refusals import UnknownWord

Phase = Literal["evaluation", "induction", "maintenance", "ended"]
PHASES: Mapping[str, str] = {
    "evaluation": "evaluation",
    "induction": "induction",
    "maintenance": "maintenance",
    "ended": "ended",
}
USUAL: frozenset[tuple[str, str]] = frozenset(
    {
        ("", "evaluation"),
        ("evaluation", "induction"),
        ("evaluation", "ended"),
        ("induction", "maintenance"),
        ("induction", "evaluation"),
        ("induction", "ended"),
        ("maintenance", "evaluation"),
        ("maintenance", "induction"),
        ("maintenance", "ended"),
        ("ended", "evaluation"),
    }
)


def odd_move(before: str, after: str) -> str:
    """What is unusual about the move, empty when nothing is. An unknown phase stops."""
    if after not in PHASES:
        raise UnknownWord("phase", after, PHASES)
    if before == after:
        return f"The phase was {after} already."
    if (before, after) in USUAL:
        return ""
    return f"From {before or 'no phase'} straight to {after}."

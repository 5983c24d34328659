"""The chain of the ledger: the digest of a line, and every break in a row of lines.

Each line's digest covers its own content and the digest before it, in one written-down order. The first form of that order is kept for
lines written under it; the second adds the vial, the second witness and what else the line says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64
FIRST_FORM, FORM = 1, 2
_FIRST_ORDER: tuple[str, ...] = (
    "previous_hash",
    "ref",
    "location",
    "number",
    "kind",
    "drug",
    "mg",
    "ml",
    "session",
    "bag",
    "lot",
    "words",
    "happened_at",
    "written_at",
    "by",
    "witness",
    "supersedes",
)
ORDER: Mapping[int, tuple[str, ...]] = {
    FIRST_FORM: _FIRST_ORDER,
    FORM: ("form", *_FIRST_ORDER, "second_witness", "vial", "details"),
}


@dataclass(frozen=True)
class Link:
    """One line as the chain sees it: its content by name, the digest it bears, and when it was written."""

    told: Mapping[str, Any]
    hash: str
    written_at: datetime


def digest(told: Mapping[str, Any]) -> str:
    """SHA-256 over the line in the order of its form. A form that is not known digests to nothing and so matches nothing."""
    order = ORDER.get(int(told.get("form", FIRST_FORM)))
    if order is None:
        return ""
    text = json.dumps([told[name] for name in order], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def breaks(links: Iterable[Link], *, after: str = GENESIS, first: int = 1) -> list[str]:
    """Every line whose number, link or digest does not follow from the one before. Empty when the chain holds.

    after, first   the digest and the number that the first line must follow: a part of a chain hangs on what came before it
    """
    problems, previous, number = [], after, first - 1
    for link in links:
        number += 1
        named = link.told["number"]
        if named != number:
            problems.append(f"line {named}: expected number {number}")
            number = named
        if link.told["previous_hash"] != previous:
            problems.append(f"line {named}: does not follow the line before it")
        if link.hash != digest(link.told):
            problems.append(f"line {named}: its content was changed after it was written")
        previous = link.hash
    return problems


def clock_steps(links: Iterable[Link]) -> list[int]:
    """Numbers of lines written at an earlier time than the line before: the clock was set back. Order is by number, never by time."""
    steps, before = [], None
    for link in links:
        if before is not None and link.written_at < before:
            steps.append(int(link.told["number"]))
        before = link.written_at
    return steps

"""Double entry in milligrams: every line of the ledger takes drug from one place and puts it in another, so nothing can vanish unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from winddown.domain.refusals import UnknownWord

Account = Literal["outside", "stock", "road", "use", "patient", "waste", "broken", "destroyed", "lost"]


@dataclass(frozen=True)
class Movement:
    """What a kind of line does.

    source, target  where the milligrams come from and where they go
    witnesses       how many people beside the author sign it, each authenticated
    words           the kind as a person reads it
    """

    source: Account
    target: Account
    witnesses: int
    words: str


MOVEMENTS: Mapping[str, Movement] = {
    "received": Movement("outside", "stock", 0, "received"),
    "overfill": Movement("outside", "stock", 0, "overfill of the maker"),
    "moved": Movement("stock", "stock", 0, "moved"),
    "sent": Movement("stock", "road", 0, "sent to another location"),
    "arrived": Movement("road", "stock", 0, "arrived from another location"),
    "drawn": Movement("stock", "use", 0, "drawn"),
    "given": Movement("use", "patient", 0, "given"),
    "wasted": Movement("use", "waste", 1, "wasted"),
    "returned": Movement("use", "stock", 0, "put back unused"),
    "sent_back": Movement("stock", "outside", 0, "sent back to the supplier"),
    "broken": Movement("stock", "broken", 2, "broken or spilled"),
    "destroyed": Movement("stock", "destroyed", 2, "destroyed"),
    "lost": Movement("stock", "lost", 0, "lost"),
    "found": Movement("lost", "stock", 0, "found again"),
}
KINDS: tuple[str, ...] = tuple(MOVEMENTS)


@dataclass(frozen=True)
class Line:
    """One line of a ledger as arithmetic sees it. `superseded`: a later line says it anew, and this one no longer counts."""

    number: int
    kind: str
    drug: str
    mg: Decimal
    ml: Decimal
    vial: str = ""
    session: str = ""
    superseded: bool = False


def movement_of(kind: str) -> Movement:
    found = MOVEMENTS.get(kind)
    if found is None:
        raise UnknownWord("ledger entry", kind, MOVEMENTS)
    return found


def accounts(lines: Iterable[Line]) -> dict[Account, Decimal]:
    """How many mg lie where. The sum of all is zero: what came from outside stands there as a negative number."""
    held: dict[Account, Decimal] = {}
    for line in lines:
        if line.superseded:
            continue
        movement = movement_of(line.kind)
        held[movement.source] = held.get(movement.source, Decimal(0)) - line.mg
        held[movement.target] = held.get(movement.target, Decimal(0)) + line.mg
    return held


def level_ml(lines: Iterable[Line], vial: str) -> Decimal:
    """What the lines say is left in one vial."""
    level = Decimal(0)
    for line in lines:
        if line.superseded or line.vial != vial:
            continue
        movement = movement_of(line.kind)
        level += line.ml * ((movement.target == "stock") - (movement.source == "stock"))
    return level

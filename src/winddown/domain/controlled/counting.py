"""A count against the ledger. Those who count do not see what is expected; the comparison is made after both have signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from winddown.domain.dosing.protocol import decimal_of
from winddown.domain.figures import Figure
from winddown.domain.quantities import display

LEVEL_READING_ML = Figure(0.5, "mL", "the level of an opened vial, judged through the glass", "derived")


@dataclass(frozen=True)
class Shelf:
    """What lies there of one product: whole vials, opened vials, and what is left in the opened ones."""

    sealed: int
    opened: int
    opened_ml: Decimal


@dataclass(frozen=True)
class Compared:
    """One product: expected, counted, and the difference in mg. Below zero is missing drug."""

    product: str
    expected: Shelf
    counted: Shelf
    vial_ml: Decimal
    mg_per_ml: Decimal

    @property
    def difference_ml(self) -> Decimal:
        vials = (self.counted.sealed - self.expected.sealed) * self.vial_ml
        return vials + self.counted.opened_ml - self.expected.opened_ml

    @property
    def difference_mg(self) -> Decimal:
        return self.difference_ml * self.mg_per_ml

    @property
    def allowed_ml(self) -> Decimal:
        """What reading the levels of the opened vials through the glass allows. Sealed vials are counted: they allow nothing."""
        return decimal_of(LEVEL_READING_ML) * max(self.expected.opened, self.counted.opened)

    @property
    def agrees(self) -> bool:
        same = self.counted.sealed == self.expected.sealed and self.counted.opened == self.expected.opened
        return same and abs(self.counted.opened_ml - self.expected.opened_ml) <= self.allowed_ml

    @property
    def words(self) -> str:
        if self.agrees:
            return "as expected"
        parts = []
        if self.counted.sealed != self.expected.sealed:
            parts.append(f"{self.counted.sealed} sealed counted, {self.expected.sealed} expected")
        if self.counted.opened != self.expected.opened:
            parts.append(f"{self.counted.opened} opened counted, {self.expected.opened} expected")
        if abs(self.counted.opened_ml - self.expected.opened_ml) > self.allowed_ml:
            told = f"{display(self.counted.opened_ml, 2)} mL left in opened vials, {display(self.expected.opened_ml, 2)} mL expected"
            parts.append(f"{told}, reading allows {display(self.allowed_ml, 2)} mL")
        side = "missing" if self.difference_mg < 0 else "more than the ledger holds"
        return f"{'; '.join(parts)}: {display(abs(self.difference_mg), 1)} mg {side}"


def differing(compared: Iterable[Compared]) -> Sequence[Compared]:
    return [each for each in compared if not each.agrees]

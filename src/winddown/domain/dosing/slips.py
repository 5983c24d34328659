"""Slips with a name: a wrong power of ten, and a number that is right in another unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from winddown.domain.quantities import Quantity, display, ratio

_POWERS = ((Decimal(10), "tenfold"), (Decimal(100), "hundredfold"), (Decimal(1000), "thousandfold"))
_NEAR = Decimal("0.02")


@dataclass(frozen=True)
class Slip:
    code: str
    sentence: str


def named_slip(entered: Quantity, ordered: Decimal, others: Mapping[str, Decimal]) -> Slip | None:
    """The slip that explains a number, if one does within 2 %.

    others   the ordered amount in the other units it could have been typed in: 12.5 is 0.75 mg/kg/h in mcg/kg/min
    source   PST19 (41.7 for 4.17 mL/h), ISMP98, PSNET21
    """
    if ordered <= 0 or entered.value <= 0:
        return None
    apart = ratio(entered.value, ordered)
    numbers = f"{display(entered.value, 3)} for {display(ordered, 3)} {entered.unit}"
    if abs(apart - 1) <= _NEAR:
        return None
    for power, name in _POWERS:
        if _near(apart, power) or _near(apart, 1 / power):
            return Slip(name, f"This looks like a {name} slip: {numbers}.")
    for unit, value in others.items():
        if value > 0 and _near(ratio(entered.value, value), Decimal(1)):
            return Slip(
                "unit_swap", f"This looks like a unit swap: {display(entered.value, 3)} is the number in {unit}, not in {entered.unit}."
            )
    return None


def _near(value: Decimal, target: Decimal) -> bool:
    return abs(value / target - 1) <= _NEAR

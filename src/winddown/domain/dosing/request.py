"""What a prescriber entered for one session, as the record keeps it and reads it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from winddown.domain.dosing.protocol import DRUG_FORMS, Basis, DrugForm
from winddown.domain.dosing.weights import Sex
from winddown.domain.quantities import Quantity, format_decimal, parse_decimal, parse_quantity
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord

ENTERED_UNITS = ("mg/kg", "mg", "mg/kg/h", "mg/h", "mcg/kg/min", "mL/h")
ROUTE = "intravenous"


@dataclass(frozen=True)
class EnteredPhase:
    """A stretch the prescriber wrote instead of the protocol's: a dose over the stretch or a rate, and its minutes."""

    amount: Quantity
    minutes: Decimal


@dataclass(frozen=True)
class OrderRequest:
    """What was entered for one session.

    bag_mg, bag_ml   what the bag holds in total, overfill included
    basis            None only where the body mass index is known and below the protocol's limit
    phases           empty: the protocol's own
    """

    session_number: int
    weight_kg: Decimal
    bag_mg: Decimal
    bag_ml: Decimal
    height_cm: Decimal | None = None
    sex: Sex | None = None
    basis: Basis | None = None
    phases: tuple[EnteredPhase, ...] = ()
    drug_form: DrugForm = "racemic"
    route: str = ROUTE

    def as_data(self) -> dict[str, Any]:
        """Plain data; numbers as decimal strings."""
        return {
            "session_number": self.session_number,
            "weight_kg": format_decimal(self.weight_kg),
            "bag_mg": format_decimal(self.bag_mg),
            "bag_ml": format_decimal(self.bag_ml),
            "height_cm": None if self.height_cm is None else format_decimal(self.height_cm),
            "sex": self.sex,
            "basis": self.basis,
            "phases": [{"amount": str(phase.amount), "minutes": format_decimal(phase.minutes)} for phase in self.phases],
            "drug_form": self.drug_form,
            "route": self.route,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> OrderRequest:
        """Read what was entered. Refuses unknown keys, unreadable numbers (by name, with what to type) and unknown words."""
        known = set(cls.__dataclass_fields__)
        for key in data:
            if key not in known:
                raise UnknownWord("key in an order", key, known)
        for key in ("session_number", "weight_kg", "bag_mg", "bag_ml"):
            if data.get(key) in (None, ""):
                raise Missing(because=f"The order has no {key}.", way_out="Enter it.", code="missing_key", where=key)
        height = data.get("height_cm")
        return cls(
            session_number=_whole(data["session_number"], "session_number"),
            weight_kg=parse_decimal(str(data["weight_kg"]), where="weight_kg"),
            bag_mg=parse_decimal(str(data["bag_mg"]), where="bag_mg"),
            bag_ml=parse_decimal(str(data["bag_ml"]), where="bag_ml"),
            height_cm=parse_decimal(str(height), where="height_cm") if height not in (None, "") else None,
            sex=cast(Sex | None, _word(data, "sex", ("female", "male"))),
            basis=cast(Basis | None, _word(data, "basis", ("actual", "ideal", "adjusted"))),
            phases=tuple(_entered(phase) for phase in data.get("phases", ())),
            drug_form=cast(DrugForm, _word(data, "drug_form", DRUG_FORMS) or "racemic"),
            route=str(data.get("route", ROUTE)),
        )


def _word(data: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str | None:
    value = data.get(key)
    if value in (None, ""):
        return None
    if value not in known:
        raise UnknownWord(key.replace("_", " "), value, known)
    return str(value)


def _entered(data: Mapping[str, Any]) -> EnteredPhase:
    amount = parse_quantity(str(data["amount"]), allowed=ENTERED_UNITS, where="amount")
    return EnteredPhase(amount, parse_decimal(str(data["minutes"]), where="minutes"))


def _whole(value: object, where: str) -> int:
    number = parse_decimal(str(value), where=where)
    if number != int(number):
        raise OutOfRange(because=f"{value} is not a whole number.", way_out="Count the session from 1.", code="not_whole", where=where)
    return int(number)

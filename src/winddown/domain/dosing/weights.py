"""Whose kilograms: actual, ideal and adjusted weight side by side, and the choice between them made by a person.

The trials dosed by actual weight; for a body mass index of 30 or more a consensus suggests ideal weight. A woman of 165 cm and 110 kg
gets 55 mg by one and 28 mg by the other, so nothing is chosen silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from winddown.domain.dosing.protocol import Basis, decimal_of
from winddown.domain.figures import Figure
from winddown.domain.quantities import display, format_decimal
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord

Sex = Literal["female", "male"]

DEVINE = "Devine 1974, Drug Intell Clin Pharm 8:650; use of ideal weight: SINGH19"
DEVINE_BASE_KG: dict[Sex, Figure] = {
    "female": Figure(45.5, "kg", DEVINE, "unverified"),
    "male": Figure(50, "kg", DEVINE, "unverified"),
}
DEVINE_KG_PER_INCH = Figure(2.3, "kg/[in_i]", DEVINE, "unverified")
DEVINE_FROM_INCHES = Figure(60, "[in_i]", DEVINE, "unverified")
ADJUSTED_SHARE = Figure(0.4, "1", "clinical rules, section 10 trap 1", "derived")
_CM_PER_INCH = Decimal("2.54")
_ADULT = "engineering bound: outside it a typing slip or swapped fields are likelier than an adult"
PLAUSIBLE_KG = (Figure(20, "kg", _ADULT, "derived"), Figure(350, "kg", _ADULT, "derived"))
PLAUSIBLE_CM = (Figure(120, "cm", _ADULT, "derived"), Figure(230, "cm", _ADULT, "derived"))


@dataclass(frozen=True)
class Weights:
    """One patient's weights in kg; ideal and adjusted are None without a height and sex, or below the height Devine covers."""

    actual_kg: Decimal
    bmi: Decimal | None
    ideal_kg: Decimal | None
    adjusted_kg: Decimal | None

    def by(self, basis: Basis) -> Decimal:
        """The dosing weight. Refuses a basis that cannot be told."""
        chosen = {"actual": self.actual_kg, "ideal": self.ideal_kg, "adjusted": self.adjusted_kg}[basis]
        if chosen is None:
            raise Missing(
                because=f"The {basis} weight cannot be told: it needs the sex and a height of 152.4 cm or more.",
                way_out="Record height and sex, or choose actual weight.",
                code="weight_basis_unknown",
                where="basis",
            )
        return chosen

    @property
    def sentence(self) -> str:
        """All three, for the choice."""
        parts = [f"actual {display(self.actual_kg, 1)} kg"]
        parts += [f"ideal {display(self.ideal_kg, 1)} kg (Devine)"] if self.ideal_kg is not None else []
        parts += [f"adjusted {display(self.adjusted_kg, 1)} kg"] if self.adjusted_kg is not None else []
        index = f"body mass index {display(self.bmi, 1)}" if self.bmi is not None else "body mass index unknown"
        return ", ".join(parts) + f"; {index}."


def weights(actual_kg: Decimal, height_cm: Decimal | None = None, sex: Sex | None = None) -> Weights:
    """The three weights of one patient.

    refuses   a weight or height outside PLAUSIBLE_KG or PLAUSIBLE_CM. Pounds cannot be told from kilograms by size alone: the ten percent
              rule of the start gate against the weight of the day is what finds them
    """
    plausible(actual_kg, PLAUSIBLE_KG, "weight")
    if height_cm is None:
        return Weights(actual_kg, None, None, None)
    plausible(height_cm, PLAUSIBLE_CM, "height")
    bmi = actual_kg / (height_cm / 100) ** 2
    ideal = _devine_kg(height_cm, sex) if sex is not None else None
    adjusted = ideal + decimal_of(ADJUSTED_SHARE) * (actual_kg - ideal) if ideal is not None else None
    return Weights(actual_kg, bmi, _shown(ideal), _shown(adjusted))


def _shown(kilograms: Decimal | None) -> Decimal | None:
    """A weight to 0.1 kg, so that the one shown is the one dosed by."""
    return None if kilograms is None else kilograms.quantize(Decimal("0.1"))


def chosen_basis(given: Basis | None, found: Weights, *, bases: tuple[Basis, ...], choose_from_bmi: Decimal) -> Basis:
    """The basis a person chose, or actual weight where the body mass index is known and below the limit.

    refuses   Missing where it must be chosen, with all three weights; UnknownWord for one that the protocol does not list
    """
    if given is not None:
        if given not in bases:
            raise UnknownWord("weight basis in this protocol", given, bases)
        return given
    if found.bmi is None:
        raise Missing(
            because=f"Choose the weight to dose by: without a height the body mass index is unknown. {found.sentence}",
            way_out="Record the height, or choose actual weight.",
            code="weight_basis_not_chosen",
            where="basis",
        )
    if found.bmi >= choose_from_bmi:
        raise Missing(
            because=f"Choose the weight to dose by: {found.sentence}",
            way_out="Choose actual, ideal or adjusted; it is kept with the order.",
            code="weight_basis_not_chosen",
            where="basis",
        )
    return "actual"


def plausible(value: Decimal, span: tuple[Figure, Figure], name: str) -> None:
    """Refuses OutOfRange for a weight or height that no adult has."""
    low, high, unit = decimal_of(span[0]), decimal_of(span[1]), span[0].unit
    if not low <= value <= high:
        raise OutOfRange(
            because=f"A {name} of {format_decimal(value)} {unit} is outside {format_decimal(low)}-{format_decimal(high)} {unit}.",
            way_out=f"Check the unit: the {name} is in {unit}.",
            code=f"{name}_implausible",
            where=f"{name}_{unit}",
        )


def _devine_kg(height_cm: Decimal, sex: Sex) -> Decimal | None:
    base = DEVINE_BASE_KG.get(sex)
    if base is None:
        raise UnknownWord("sex for ideal weight", sex, DEVINE_BASE_KG)
    inches_above = height_cm / _CM_PER_INCH - decimal_of(DEVINE_FROM_INCHES)
    return decimal_of(base) + decimal_of(DEVINE_KG_PER_INCH) * inches_above if inches_above >= 0 else None

"""Does the drug add up: drawn = given + wasted + returned + left, in mg, with the uncertainty stated.

Programmed milligrams are exact; a residue read off a bag is not, and a pump is off by some percent. So a difference is held against the
stated uncertainty of what was measured. And a balance that agrees is arithmetic: it says nothing about what was in the syringe.

Each figure of error is a limit: an instrument in order stays inside it. Nothing more is known, so anything inside counts as equally likely,
with a standard uncertainty of the limit over the root of three; independent errors add as squares; the stated uncertainty is three times
the root of their sum (docs/adr/0023-what-a-balance-allows.md). What follows from it is shown by simulation, with errors of its own, in
tests/domain/controlled/test_planted_errors.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from winddown.domain.dosing.line import LineCourse
from winddown.domain.dosing.protocol import decimal_of
from winddown.domain.figures import Figure
from winddown.domain.quantities import decimal_from_exact, display, mg_from_ml
from winddown.domain.refusals import OutOfRange, UnknownWord

SAFETY = "clinical rules, section 0 item 11"
PUMP_ERROR_PERCENT = Figure(5, "%", SAFETY, "derived")
READING_ERROR_ML: dict[str, Figure] = {
    "syringe": Figure(0.1, "mL", f"{SAFETY}: 0.1 mL of a vial is 5-10 mg", "derived"),
    "cylinder": Figure(1, "mL", "one mark of a 100 mL cylinder", "derived"),
    "scale": Figure(2, "mL", "a scale that shows 1 g, and the empty bag's weight off a table", "derived"),
    "estimate": Figure(10, "mL", "a residue judged by eye in a bag", "derived"),
}
FILLED_ERROR_ML: dict[str, Figure] = {
    "make_up": Figure(1, "mL", "one mark at the final volume", "derived"),
    "withdraw": Figure(3, "mL", f"{SAFETY}: what a maker's overfill differs from the declared one", "derived"),
    "add": Figure(3, "mL", f"{SAFETY}: what a maker's overfill differs from the declared one", "derived"),
}
LINE_ERROR_PERCENT = Figure(20, "%", f"{SAFETY}: the printed volume of a line", "derived")
COVERAGE = 3
TELLING_PERCENT = Figure(20, "%", "an uncertainty above a fifth of what was drawn hides a vial's worth", "derived")
AGREES = "The arithmetic agrees; it does not prove what was in the syringe."

Where = Literal["given", "wasted", "returned", "left", "in_line", "filling"]


@dataclass(frozen=True)
class Part:
    """A part of the drug and how well it is known, both in mg."""

    where: Where
    mg: Decimal
    uncertainty_mg: Decimal

    def __post_init__(self) -> None:
        if self.mg < 0 or self.uncertainty_mg < 0:
            raise OutOfRange(
                because=f"{self.where} of {self.mg} mg is below zero.", way_out="Enter an amount of zero or more.", code="negative_mg"
            )


@dataclass(frozen=True)
class Balance:
    """Drawn against everything accounted for. Open a case when it does not agree."""

    drawn_mg: Decimal
    drawn_uncertainty_mg: Decimal
    parts: tuple[Part, ...]

    @property
    def accounted_mg(self) -> Decimal:
        return sum((part.mg for part in self.parts), Decimal(0))

    @property
    def difference_mg(self) -> Decimal:
        """Drawn minus accounted: above zero is missing drug, below zero is more drug than was drawn."""
        return self.drawn_mg - self.accounted_mg

    @property
    def uncertainty_mg(self) -> Decimal:
        """The stated uncertainty: three standard uncertainties of limits inside which every error is equally likely."""
        squares = self.drawn_uncertainty_mg**2 + sum((part.uncertainty_mg**2 for part in self.parts), Decimal(0))
        return COVERAGE * (squares / 3).sqrt()

    @property
    def agrees(self) -> bool:
        return abs(self.difference_mg) <= self.uncertainty_mg

    @property
    def tells(self) -> bool:
        """Whether the measurements are good enough for an agreement to say anything."""
        return self.uncertainty_mg * 100 <= self.drawn_mg * decimal_of(TELLING_PERCENT)

    @property
    def sentence(self) -> str:
        told = f"Drawn {display(self.drawn_mg, 1)} mg, accounted for {display(self.accounted_mg, 1)} mg"
        spread = f"the measurements allow {display(self.uncertainty_mg, 1)} mg"
        if not self.agrees:
            side = "missing" if self.difference_mg > 0 else "more than was drawn"
            way_out = "Count again with a second person; if it stays, open a case."
            return f"{told}: {display(abs(self.difference_mg), 1)} mg {side}; {spread}. {way_out}"
        if not self.tells:
            return f"{told}; {spread}, too much to tell. Measure the residue."
        return f"{told}; {spread}. {AGREES}"


def infused(line: LineCourse, *, pump_error_percent: Figure = PUMP_ERROR_PERCENT) -> tuple[Part, Part]:
    """What reached the patient and what the line holds, from the pump's course; the pump's error is that of all it pushed."""
    error = line.pumped_mg * Fraction(decimal_of(pump_error_percent)) / 100
    given_part = Part("given", decimal_from_exact(line.reached_mg(line.until), 6), decimal_from_exact(error, 6))
    return given_part, Part("in_line", decimal_from_exact(line.in_line_mg, 6), Decimal(0))


def given(programmed_mg: Decimal, *, pump_error_percent: Figure = PUMP_ERROR_PERCENT) -> Part:
    """What the pump pushed out, known to the pump's own error, where nothing is known of the line."""
    return Part("given", programmed_mg, programmed_mg * decimal_of(pump_error_percent) / 100)


def measured(where: Where, volume_ml: Decimal, concentration_mg_per_ml: Decimal, *, read_by: str) -> Part:
    """A volume that was measured, at the bag's real strength. `read_by` is syringe, cylinder or estimate."""
    error = READING_ERROR_ML.get(read_by)
    if error is None:
        raise UnknownWord("way of measuring a volume", read_by, READING_ERROR_ML)
    return Part(where, mg_from_ml(volume_ml, concentration_mg_per_ml), mg_from_ml(decimal_of(error), concentration_mg_per_ml))


def counted(where: Where, mg: Decimal) -> Part:
    """An amount known by count: a sealed vial returned."""
    return Part(where, mg, Decimal(0))


def balance(drawn_mg: Decimal, vial_mg_per_ml: Decimal, parts: tuple[Part, ...]) -> Balance:
    """Hold what was drawn from vials of one strength against its parts."""
    return Balance(drawn_mg, mg_from_ml(decimal_of(READING_ERROR_ML["syringe"]), vial_mg_per_ml), parts)


def primed(line_volume_ml: Decimal, concentration_mg_per_ml: Decimal) -> Part:
    """What went into the line before the pump began, known as well as the line's printed volume. A flush moves it on."""
    mg = mg_from_ml(line_volume_ml, concentration_mg_per_ml)
    return Part("in_line", mg, mg * decimal_of(LINE_ERROR_PERCENT) / 100)


def filling(total_mg: Decimal, volume_ml: Decimal, how: str) -> Part:
    """The bag's own volume is known to some mL, and so is its strength: a part of no mg that widens what the measurements allow."""
    error = FILLED_ERROR_ML.get(how)
    if error is None:
        raise UnknownWord("way of filling", how, FILLED_ERROR_ML)
    return Part("filling", Decimal(0), mg_from_ml(decimal_of(error), total_mg / volume_ml))

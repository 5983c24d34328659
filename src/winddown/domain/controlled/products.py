"""What a vial of a product holds. Stock is never keyed by "vial": 500 mg of ketamine come as 10 mL and as 5 mL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from winddown.domain.dosing.protocol import decimal_of
from winddown.domain.figures import Figure
from winddown.domain.quantities import display, format_decimal, mg_from_ml
from winddown.domain.refusals import OutOfRange, Refusal, UnknownWord

SCHEDULES: Mapping[str, str] = {"II": "C-II", "III": "C-III", "IV": "C-IV", "V": "C-V", "": "not controlled"}
SCHEDULE_OF: Mapping[str, str] = {"ketamine": "III", "esketamine": "III", "midazolam": "IV"}
DRUGS: tuple[str, ...] = ("ketamine", "esketamine", "midazolam", "labetalol", "ondansetron")

EXCESS = "USP1151"
_EXCESS_ML: tuple[tuple[Decimal, Figure], ...] = tuple(
    (Decimal(size), Figure(excess, "mL", EXCESS, "published"))
    for size, excess in (("0.5", 0.10), ("1", 0.10), ("2", 0.15), ("5", 0.30), ("10", 0.50), ("20", 0.60), ("30", 0.80))
)
_EXCESS_LARGE = Figure(2, "%", EXCESS, "published")
_NDC = re.compile(r"(\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d{1}|\d{5}-\d{4}-\d{2})")


@dataclass(frozen=True)
class VialSize:
    """Strength and size, both read off the label."""

    mg_per_ml: Decimal
    ml: Decimal

    def __post_init__(self) -> None:
        if self.mg_per_ml <= 0 or self.ml <= 0:
            raise OutOfRange(
                because=f"A vial of {format_decimal(self.ml)} mL with {format_decimal(self.mg_per_ml)} mg/mL cannot be.",
                way_out="Read both off the label.",
                code="vial_size",
                where="mg_per_ml",
            )

    @property
    def mg(self) -> Decimal:
        return mg_from_ml(self.ml, self.mg_per_ml)

    @property
    def words(self) -> str:
        return f"{format_decimal(self.mg_per_ml)} mg/mL, {format_decimal(self.ml)} mL ({format_decimal(self.mg)} mg)"

    @property
    def excess_ml(self) -> Decimal:
        """What the maker may have filled beyond the label: the recommended excess of the next larger size, for a mobile liquid."""
        for size, figure in _EXCESS_ML:
            if self.ml <= size:
                return decimal_of(figure)
        return self.ml * decimal_of(_EXCESS_LARGE) / 100


def overfill_of(wanted_ml: Decimal, left_ml: Decimal, size: VialSize) -> Decimal:
    """How much of a draw came from the maker's overfill: zero while the label's volume lasts.

    refuses   more than the label and the recommended excess: that is another vial, another strength or a slip
    """
    beyond = wanted_ml - left_ml
    if beyond <= 0:
        return Decimal(0)
    if beyond > size.excess_ml:
        raise OutOfRange(
            because=(
                f"{display(wanted_ml, 2)} mL were asked of a vial that holds {display(left_ml, 2)} mL"
                f" and at most {display(size.excess_ml, 2)} mL of overfill."
            ),
            way_out="Check the number on the vial; draw the rest from a second vial.",
            code="vial_holds_less",
            where="vial",
        )
    return beyond


def read_ndc(text: str) -> str:
    """A national drug code with its hyphens, as printed: 4-4-2, 5-3-2, 5-4-1, or the 5-4-2 of bills."""
    code = text.strip()
    if not _NDC.fullmatch(code):
        raise Refusal(
            because=f"{code!r} is no national drug code with its hyphens.",
            way_out="Copy it from the label, as 42023-113-10.",
            code="ndc_unreadable",
            where="ndc",
        )
    return code


def ndc_digits(ndc: str) -> frozenset[str]:
    """The ten digits that a GTIN may hold for this code. The eleven digits of bills hide one added zero, in one of three places."""
    digits = ndc.replace("-", "")
    if len(digits) == 10:
        return frozenset({digits})
    labeler, product, package = ndc.split("-")
    parts = ((labeler[1:], product, package), (labeler, product[1:], package), (labeler, product, package[1:]))
    padded = (labeler[0], product[0], package[0])
    return frozenset("".join(part) for part, zero in zip(parts, padded, strict=True) if zero == "0")


def schedule_for(drug: str, schedule: str) -> str:
    """The schedule as entered. A drug whose schedule is known cannot be listed under another."""
    if schedule not in SCHEDULES:
        raise UnknownWord("schedule", schedule, [each for each in SCHEDULES if each])
    known = SCHEDULE_OF.get(drug)
    if known is not None and schedule != known:
        raise Refusal(
            because=f"{drug} is {SCHEDULES[known]}, not {SCHEDULES[schedule]}.",
            way_out=f"Choose {SCHEDULES[known]}.",
            code="schedule_wrong",
            where="schedule",
        )
    return schedule

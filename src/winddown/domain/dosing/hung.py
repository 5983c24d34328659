"""The bag that hangs on the pump, as the story recorded it, and the line it was hung with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from winddown.domain.dosing.finding import Finding
from winddown.domain.quantities import concentration_mg_per_ml, display, format_decimal, ratio
from winddown.domain.sessions.story import Event

DRUG = "drug"
DILUENT = "diluent"

TELLING_DISAGREEMENT = Decimal("0.02")
LOWEST_AGREEMENT, HIGHEST_AGREEMENT = Decimal("0.8"), Decimal("1.25")
AGREEMENT_SOURCE = "clinical rules, section 0 item 4: a ratio outside 0.8-1.25"


@dataclass(frozen=True)
class HungBag:
    """A bag on the pump.

    concentration_mg_per_ml   exact, what was put in over what it was put into; None where it cannot be told
    line_volume_ml            None where it was not recorded
    primed_with               "drug", "diluent", or "" where it was not recorded
    """

    key: str
    hung_at: datetime
    concentration_mg_per_ml: Fraction | None
    total_mg: Decimal | None = None
    volume_ml: Decimal | None = None
    line_volume_ml: Decimal | None = None
    primed_with: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def concentration_words(self) -> str:
        return "unknown" if self.concentration_mg_per_ml is None else f"{display(self.concentration_mg_per_ml, 3)} mg/mL"

    @property
    def line_is_known(self) -> bool:
        return self.line_volume_ml is not None and self.primed_with in (DRUG, DILUENT)


def hung_bag(event: Event) -> HungBag:
    """A `bag_hung` event read as a bag. What was put in (mg over mL) wins over the concentration written beside it.

    A contradiction beyond 2 % is told; beyond a ratio of 0.8-1.25 the concentration is unknown, because nobody can say which is wrong.
    """
    total_mg, volume_ml, stated = (_positive(event, key) for key in ("total_mg", "volume_ml", "concentration_mg_per_ml"))
    exact: Fraction | None = None
    findings: list[Finding] = []
    if total_mg is not None and volume_ml is not None:
        exact = Fraction(total_mg) / Fraction(volume_ml)
        if stated is not None:
            findings, exact = _compared(exact, stated, total_mg, volume_ml, event.happened_at)
    elif stated is not None:
        exact = Fraction(stated)
    if exact is None and not findings:
        findings = [_unknown_concentration(event.happened_at)]
    line = event.number("line_volume_ml")
    return HungBag(
        key=event.text("bag") or event.id,
        hung_at=event.happened_at,
        concentration_mg_per_ml=exact,
        total_mg=total_mg,
        volume_ml=volume_ml,
        line_volume_ml=line if line is not None and line >= 0 else None,
        primed_with=event.text("primed_with"),
        findings=tuple(findings),
    )


def _positive(event: Event, key: str) -> Decimal | None:
    number = event.number(key)
    return number if number is not None and number > 0 else None


def _compared(
    exact: Fraction, stated: Decimal, total_mg: Decimal, volume_ml: Decimal, at: datetime
) -> tuple[list[Finding], Fraction | None]:
    filled = concentration_mg_per_ml(total_mg, volume_ml)
    apart = ratio(stated, filled)
    if abs(apart - 1) <= TELLING_DISAGREEMENT:
        return [], exact
    known = LOWEST_AGREEMENT <= apart <= HIGHEST_AGREEMENT
    contents = f"{format_decimal(total_mg)} mg in {format_decimal(volume_ml)} mL is {display(filled, 3)} mg/mL"
    consequence = "The dose is reckoned from the mg and the mL." if known else "The dose in mg is unknown until this is settled."
    finding = Finding(
        code="bag_contradicts_itself",
        severity="ask" if known else "stop",
        value=format_decimal(stated),
        limit=display(filled, 3),
        unit="mg/mL",
        source=AGREEMENT_SOURCE,
        sentence=f"The bag says {format_decimal(stated)} mg/mL, but {contents}. {consequence}",
        way_out="Correct the bag's entry: total mg, final mL, or concentration.",
        at=at,
    )
    return [finding], exact if known else None


def _unknown_concentration(at: datetime) -> Finding:
    return Finding(
        code="concentration_unknown",
        severity="stop",
        value="",
        limit="",
        unit="mg/mL",
        source="a rate without a concentration is stored and never converted",
        sentence="The bag's concentration is not on file, so mL cannot be told in mg.",
        way_out="Record the bag's total mg and final mL.",
        at=at,
    )

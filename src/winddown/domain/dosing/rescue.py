"""Drugs given as needed beside the infusion: what a line allows, what was given, and whether the next dose may be given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from winddown.domain.dosing.finding import Finding, gravest_first
from winddown.domain.dosing.protocol import AsNeeded, decimal_of
from winddown.domain.quantities import Quantity, display, format_decimal, minutes_between_exact
from winddown.domain.sessions.story import Event, effective, of_kind

LINE = "the prescriber's order line"


@dataclass(frozen=True)
class RescueLine:
    """One signed as-needed line of an order.

    maximum_doses, interval_min   None where the prescriber set none
    allergy_words                 words that, found in the patient's allergies, stop it
    """

    key: str
    drug: str
    dose: Quantity
    route: str
    used_for: str
    maximum_doses: int | None = None
    interval_min: Decimal | None = None
    allergy_words: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        parts = [f"{self.drug} {self.dose} {self.route}, for {self.used_for}"]
        parts += [f"at most {self.maximum_doses}"] if self.maximum_doses is not None else []
        parts += [f"not within {format_decimal(self.interval_min)} min"] if self.interval_min is not None else []
        return "; ".join(parts) + "."


def line_from_protocol(item: AsNeeded) -> RescueLine | None:
    """A line ready to sign; None for a placeholder, whose dose the prescriber must write."""
    if item.dose is None:
        return None
    return RescueLine(
        key=item.key,
        drug=item.drug,
        dose=Quantity(decimal_of(item.dose), item.dose.unit),
        route=item.route,
        used_for=item.used_for,
        maximum_doses=None if item.maximum_doses is None else int(item.maximum_doses.value),
        interval_min=None if item.interval_min is None else decimal_of(item.interval_min),
        allergy_words=item.allergy_words or (item.drug,),
    )


def may_give(line: RescueLine, given: Iterable[Event], at: datetime, *, allergies: Sequence[str] | None) -> list[Finding]:
    """What stands against the next dose of a line at `at`; an empty list means that the line allows it.

    given       the session's events; `rescue_given` of this line or of the same drug counts
    allergies   the patient's, in words; None when nobody has confirmed them
    """
    doses = [event for event in of_kind(effective(given), "rescue_given") if _same_drug(event, line) and event.happened_at <= at]
    return list(gravest_first([*_allergy_findings(line, allergies), *_number_findings(line, doses), *_interval_findings(line, doses, at)]))


def _same_drug(event: Event, line: RescueLine) -> bool:
    return event.text("order_line") == line.key or event.text("drug").lower() == line.drug.lower()


def _allergy_findings(line: RescueLine, allergies: Sequence[str] | None) -> Iterable[Finding]:
    if allergies is None:
        yield Finding(
            code="allergies_not_confirmed",
            severity="ask",
            value="",
            limit="",
            unit="",
            source=LINE,
            sentence="Allergies have not been confirmed today.",
            way_out="Ask the patient and confirm them.",
        )
        return
    for allergy in allergies:
        if any(word.lower() in allergy.lower() for word in (*line.allergy_words, line.drug)):
            yield Finding(
                code="allergy",
                severity="stop",
                value=line.drug,
                limit=allergy,
                unit="",
                source="the patient's allergies",
                sentence=f"The patient's allergies name {allergy!r}; this line is {line.drug}.",
                way_out="Do not give it; call the prescriber.",
            )


def _number_findings(line: RescueLine, doses: Sequence[Event]) -> Iterable[Finding]:
    if line.maximum_doses is not None and len(doses) >= line.maximum_doses:
        yield Finding(
            code="maximum_given",
            severity="stop",
            value=str(len(doses)),
            limit=str(line.maximum_doses),
            unit="doses",
            source=LINE,
            sentence=f"{line.drug} was given {len(doses)} times; the line allows {line.maximum_doses}.",
            way_out="Call the prescriber for a new line.",
        )


def _interval_findings(line: RescueLine, doses: Sequence[Event], at: datetime) -> Iterable[Finding]:
    if line.interval_min is None or not doses:
        return
    since = minutes_between_exact(max(dose.happened_at for dose in doses), at)
    left = Fraction(line.interval_min) - since
    if left > 0:
        ago, interval = display(since, 0), format_decimal(line.interval_min)
        yield Finding(
            code="too_soon",
            severity="stop",
            value=ago,
            limit=interval,
            unit="min",
            source=LINE,
            sentence=f"{line.drug} was given {ago} min ago; the line says not within {interval} min.",
            way_out=f"Wait {display(left, 0)} min, or call the prescriber.",
        )

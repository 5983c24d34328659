"""The two ways to judge a number: against the tiers of its own limit, and as a ratio to what was ordered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from winddown.domain.dosing.finding import Finding, Severity
from winddown.domain.dosing.protocol import Ratio, Tiers, decimal_of
from winddown.domain.dosing.slips import named_slip
from winddown.domain.figures import Figure
from winddown.domain.quantities import Quantity, display, format_decimal, ratio

_WAYS_OUT: dict[Severity, str] = {
    "ask": "Change it, or give the reason.",
    "two_signatures": "Lower it, or have a second prescriber sign.",
    "stop": "Change it; this limit is not passed under this protocol.",
}
_LIMIT_WORDS: dict[Severity, str] = {"ask": "the usual limit", "two_signatures": "the protocol's ceiling", "stop": "the absolute limit"}


def tiered(name: str, value: Decimal, unit: str, tiers: Tiers, what: str) -> list[Finding]:
    """The gravest tier that a number passes, as one finding, or none. A number at a limit is within it."""
    below: tuple[tuple[Figure | None, Severity], ...] = ((tiers.low_stop, "stop"), (tiers.low_ask, "ask"))
    above: tuple[tuple[Figure | None, Severity], ...] = ((tiers.stop, "stop"), (tiers.two_signatures, "two_signatures"), (tiers.ask, "ask"))
    for figure, severity in below:
        if figure is not None and value < decimal_of(figure):
            return [_tier_finding(f"{name}_low", severity, value, unit, figure, f"{what} {display(value, 3)} {unit} is below")]
    for figure, severity in above:
        if figure is not None and value > decimal_of(figure):
            return [_tier_finding(f"{name}_high", severity, value, unit, figure, f"{what} {display(value, 3)} {unit} is above")]
    return []


def _tier_finding(code: str, severity: Severity, value: Decimal, unit: str, figure: Figure, lead: str) -> Finding:
    limit = format_decimal(decimal_of(figure))
    return Finding(
        code=code,
        severity=severity,
        value=display(value, 3),
        limit=limit,
        unit=unit,
        source=figure.source,
        sentence=f"{lead} {_LIMIT_WORDS[severity]}, {limit} {unit}.",
        way_out=_WAYS_OUT[severity],
    )


@dataclass(frozen=True)
class Comparison:
    """How a number is held against an ordered one.

    ordered_words   what the ordered number is, as in "ordered" or "planned now"
    equal_wanted    any difference asks, not only one outside the ratio
    less_is_safe    less than ordered asks and never stops
    """

    ordered_words: str
    equal_wanted: bool = False
    less_is_safe: bool = False


def compared(
    what: str, entered: Quantity, ordered: Decimal, limits: Ratio, comparison: Comparison, others: Mapping[str, Decimal]
) -> list[Finding]:
    """One finding where the ratio is outside the limits, or the numbers differ and equal ones are wanted; none otherwise.

    others   the ordered amount in other units, to name a unit swap
    """
    apart = ratio(entered.value, ordered)
    slip = named_slip(entered, ordered, others)
    far = not decimal_of(limits.stop_below) <= apart <= decimal_of(limits.stop_above)
    usual = decimal_of(limits.ask_below) <= apart <= decimal_of(limits.ask_above)
    if usual and not comparison.equal_wanted:
        return []
    stops = (far or slip is not None) and not (comparison.less_is_safe and apart < 1)
    told, wanted = f"{display(entered.value, 3)} {entered.unit}", f"{display(ordered, 3)} {entered.unit}"
    numbers = f"{told} entered, {wanted} {comparison.ordered_words}: {display(apart, 2)} times."
    return [
        Finding(
            code=f"{what}_{slip.code if slip else 'differs' if usual else 'ratio'}",
            severity="stop" if stops else "ask",
            value=display(entered.value, 3),
            limit=display(ordered, 3),
            unit=entered.unit,
            source=_bound(limits, apart, stops).source,
            sentence=f"{slip.sentence} {numbers}" if slip else numbers,
            way_out=f"Enter {wanted}. It does not go on like this." if stops else f"Enter {wanted}, or give the reason.",
        )
    ]


def _bound(limits: Ratio, apart: Decimal, stops: bool) -> Figure:
    if apart < 1:
        return limits.stop_below if stops else limits.ask_below
    return limits.stop_above if stops else limits.ask_above

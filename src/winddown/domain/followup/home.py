"""What may be measured at home, in which unit, and what cannot be a measurement. A fact is kept even when it is odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from winddown.domain.instruments.instrument import Words, both
from winddown.domain.refusals import OutOfRange, UnknownWord
from winddown.domain.vitals.kinds import KINDS as VITALS


@dataclass(frozen=True)
class HomeKind:
    """One number. low, high: beyond them it is kept and marked as odd. with_: another that must come with it."""

    key: str
    words: Words
    unit: str
    low: float
    high: float
    with_: str = ""


def _vital(key: str, words: Words, with_: str = "") -> HomeKind:
    kind = VITALS[key]
    return HomeKind(key, words, kind.unit, kind.plausible_low.value, kind.plausible_high.value, with_)


KINDS: Mapping[str, HomeKind] = {
    kind.key: kind
    for kind in (
        _vital("systolic", both("Blood pressure, upper number", "Presión, número de arriba"), "diastolic"),
        _vital("diastolic", both("Blood pressure, lower number", "Presión, número de abajo"), "systolic"),
        _vital("pulse_rate", both("Pulse", "Pulso")),
        HomeKind("sleep_hours", both("Hours slept last night", "Horas que durmió anoche"), "h", 0, 16),
    )
}


def check(told: Mapping[str, Decimal]) -> str:
    """What is odd about a measurement, in words; empty when nothing is.

    refuses  a kind that is not known, nothing at all, and half a blood pressure, which says nothing
    """
    if not told:
        raise OutOfRange(because="There is no number.", way_out="Enter at least one.", code="home_empty")
    for key in told:
        kind = KINDS.get(key)
        if kind is None:
            raise UnknownWord("home reading", key, KINDS)
        if kind.with_ and kind.with_ not in told:
            raise OutOfRange(
                because="A blood pressure has two numbers.",
                way_out="Enter the upper and the lower one.",
                code="half_pressure",
                where=kind.with_,
            )
    odd = [f"{key} {value:g}" for key, value in told.items() if not KINDS[key].low <= value <= KINDS[key].high]
    if "systolic" in told and told["systolic"] <= told["diastolic"]:
        odd.append("the upper number is not above the lower one")
    return f"implausible: {', '.join(odd)}" if odd else ""

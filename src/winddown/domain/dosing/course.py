"""The course of the pump: stretches of constant flow that touch and never overlap, and exact sums over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from winddown.domain.dosing.finding import Finding
from winddown.domain.dosing.hung import HungBag
from winddown.domain.quantities import decimal_from_exact, display, format_decimal, hours_between_exact

Kind = Literal["running", "held", "bolus", "unknown"]


@dataclass(frozen=True)
class PumpSegment:
    """One stretch of the course.

    rate_ml_per_h             None where the rate is unknown
    concentration_mg_per_ml   None where the bag's is unknown
    stop                      None while it goes on
    because                   why it is unknown, in words; empty otherwise
    """

    kind: Kind
    start: datetime
    stop: datetime | None
    rate_ml_per_h: Fraction | None
    concentration_mg_per_ml: Fraction | None
    because: str = ""
    bag: str = ""

    def hours_by(self, at: datetime) -> Fraction:
        """How long this stretch had lasted at `at`, in hours."""
        stop = at if self.stop is None else min(at, self.stop)
        return hours_between_exact(self.start, stop) if stop > self.start else Fraction(0)

    def ml_by(self, at: datetime) -> Fraction:
        return Fraction(0) if self.rate_ml_per_h is None else self.rate_ml_per_h * self.hours_by(at)

    def mg_by(self, at: datetime) -> Fraction:
        return Fraction(0) if self.concentration_mg_per_ml is None else self.ml_by(at) * self.concentration_mg_per_ml


@dataclass(frozen=True)
class Programmed:
    """What the pump had pushed out of the bag at an instant.

    ml, mg    exact; a floor where not `certain`
    unknown   the unknown stretches up to `at`
    """

    at: datetime
    ml: Fraction
    mg: Fraction
    unknown: tuple[PumpSegment, ...] = ()

    @property
    def certain(self) -> bool:
        return not self.unknown

    @property
    def mg_to_a_tenth(self) -> Decimal:
        return decimal_from_exact(self.mg, 1)

    @property
    def sentence(self) -> str:
        told = f"{format_decimal(self.mg_to_a_tenth)} mg programmed, {display(self.ml, 1)} mL."
        if self.certain:
            return told
        return f"At least {told} Part of the course is unknown: {self.unknown[0].because}"


@dataclass(frozen=True)
class PumpCourse:
    """The whole course of the pump, told by the events in effect."""

    segments: tuple[PumpSegment, ...]
    bags: tuple[HungBag, ...]
    findings: tuple[Finding, ...]

    def programmed_ml(self, at: datetime) -> Fraction:
        return sum((segment.ml_by(at) for segment in self.segments), Fraction(0))

    def programmed_mg(self, at: datetime) -> Fraction:
        return sum((segment.mg_by(at) for segment in self.segments), Fraction(0))

    def programmed(self, at: datetime) -> Programmed:
        unknown = tuple(segment for segment in self.segments if segment.kind == "unknown" and segment.start < at)
        return Programmed(at, self.programmed_ml(at), self.programmed_mg(at), unknown)

    def segment_at(self, at: datetime) -> PumpSegment | None:
        """The stretch that holds at `at`; None before the start and after the end."""
        return next((each for each in self.segments if each.start <= at and (each.stop is None or at < each.stop)), None)

    def bag_at(self, at: datetime) -> HungBag | None:
        return next((bag for bag in reversed(self.bags) if bag.hung_at <= at), None)

    def overrun(self, at: datetime) -> Finding | None:
        """More pumped from the bag in use than it held: a fact that cannot be, so an entry is wrong or missing."""
        bag = self.bag_at(at)
        if bag is None or bag.volume_ml is None:
            return None
        pumped = self.programmed_ml(at) - self.programmed_ml(bag.hung_at)
        if pumped <= Fraction(bag.volume_ml):
            return None
        return Finding(
            code="more_than_the_bag_held",
            severity="stop",
            value=display(pumped, 1),
            limit=format_decimal(bag.volume_ml),
            unit="mL",
            source="the volume recorded when the bag was hung",
            sentence=f"{display(pumped, 1)} mL counts as pumped from a bag of {format_decimal(bag.volume_ml)} mL.",
            way_out="Look at the pump; record the end, the hold or the new bag that is missing.",
            at=at,
        )

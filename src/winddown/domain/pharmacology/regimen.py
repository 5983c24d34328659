"""What the pump gave, gives and is meant to give: a drug form and stretches of constant rate, in minutes from the first drop.

The exact, programmed dose lives in Decimal elsewhere; here it becomes floating point for the model, and nothing else is made of it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from winddown.domain.pharmacology.model import FORMS, Form
from winddown.domain.quantities import (
    Quantity,
    mg_from_mcg,
    mg_per_h_from_mg_per_kg_per_h,
    mg_per_h_from_mg_per_min,
    mg_per_kg_per_h_from_mcg_per_kg_per_min,
    parse_minutes,
    parse_quantity,
    parse_steps,
    per_minute_exact,
)
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord

BOLUS_MIN = 1.0  # a pushed dose with no stated length is taken to last one minute
DOSE_UNITS = ("mg/kg", "mcg/kg", "mg", "mcg")


@dataclass(frozen=True)
class Segment:
    """A constant rate from one minute to a later one."""

    from_min: float
    to_min: float
    rate_mg_per_min: float

    def __post_init__(self) -> None:
        numbers = (self.from_min, self.to_min, self.rate_mg_per_min)
        if not all(math.isfinite(number) for number in numbers):
            raise OutOfRange(because="A segment needs a start, an end and a rate that are numbers.", code="segment_not_finite")
        if self.from_min < 0 or self.to_min <= self.from_min:
            raise OutOfRange(
                because=f"A segment from minute {self.from_min:g} to minute {self.to_min:g} does not move forward from the start.",
                way_out="Give a length above zero.",
                code="segment_backwards",
                where="over",
            )
        if self.rate_mg_per_min < 0:
            raise OutOfRange(because=f"A rate of {self.rate_mg_per_min:g} mg/min is below zero.", code="rate_below_zero", where="rate")

    @property
    def mg(self) -> float:
        return self.rate_mg_per_min * (self.to_min - self.from_min)


@dataclass(frozen=True)
class Schedule:
    """A drug form and its course of rates; zero where no segment is.

    segments          in order, not overlapping
    unknown_from_min  from here nothing is known (a rate without a concentration, a pump that fell silent): no prediction beyond it
    refuses           UnknownWord for another form; OutOfRange for segments out of order or overlapping
    """

    form: Form
    segments: tuple[Segment, ...] = ()
    unknown_from_min: float | None = None

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise UnknownWord("drug form", self.form, FORMS)
        for earlier, later in zip(self.segments, self.segments[1:], strict=False):
            if later.from_min < earlier.to_min:
                raise OutOfRange(
                    because=f"Two rates are given for minute {later.from_min:g}.",
                    way_out="Put the rates one after the other.",
                    code="segments_overlap",
                )

    @property
    def changes(self) -> tuple[Segment, ...]:
        """The same course with neighbors of one rate joined and pauses left out: what a solver has to know."""
        return tuple(_joined(self.segments))

    @property
    def end_min(self) -> float:
        """When the last drug goes in; 0 when none does."""
        return max((segment.to_min for segment in self.segments if segment.rate_mg_per_min > 0), default=0.0)

    @property
    def total_mg(self) -> float:
        return math.fsum(segment.mg for segment in self.segments)

    def mg_by(self, minute: float) -> float:
        """What has gone in by this minute."""
        return math.fsum(
            segment.rate_mg_per_min * (min(minute, segment.to_min) - segment.from_min)
            for segment in self.segments
            if segment.from_min < minute
        )

    def rate_before(self, minute: float) -> float:
        """mg/min just before this minute: at the end of an infusion, the rate that is ending."""
        return next((segment.rate_mg_per_min for segment in self.segments if segment.from_min < minute <= segment.to_min), 0.0)

    def extended(self, rate_mg_per_min: float, to_min: float, from_min: float | None = None) -> Schedule:
        """The schedule with one more segment at its end; it starts where the last one ended unless told otherwise."""
        begin = from_min if from_min is not None else (self.segments[-1].to_min if self.segments else 0.0)
        return replace(self, segments=(*self.segments, Segment(begin, to_min, rate_mg_per_min)))

    def until(self, minute: float) -> Schedule:
        """The schedule as if the pump had stopped at this minute: what was given is kept, what was planned is dropped."""
        kept = [
            Segment(segment.from_min, min(segment.to_min, minute), segment.rate_mg_per_min)
            for segment in self.segments
            if segment.from_min < minute
        ]
        return replace(self, segments=tuple(kept))

    def with_bolus(self, mg: float, at_min: float, over_min: float = BOLUS_MIN) -> Schedule:
        """The schedule with a short dose on top of whatever runs."""
        return self.superposed((Segment(at_min, at_min + over_min, mg / over_min),))

    def superposed(self, extra: Sequence[Segment]) -> Schedule:
        """The sum of this course of rates and another."""
        everything = (*self.segments, *extra)
        edges = sorted({edge for segment in everything for edge in (segment.from_min, segment.to_min)})
        return replace(self, segments=tuple(_joined([_summed(everything, *pair) for pair in itertools.pairwise(edges)])))


def _summed(segments: Sequence[Segment], from_min: float, to_min: float) -> Segment:
    rates = [part.rate_mg_per_min for part in segments if part.from_min <= from_min and to_min <= part.to_min]
    return Segment(from_min, to_min, math.fsum(rates))


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Neighbors of one rate become one segment; stretches without drug are left out."""
    joined: list[Segment] = []
    for segment in segments:
        if segment.rate_mg_per_min == 0:
            continue
        if joined and joined[-1].to_min == segment.from_min and joined[-1].rate_mg_per_min == segment.rate_mg_per_min:
            joined[-1] = replace(joined[-1], to_min=segment.to_min)
        else:
            joined.append(segment)
    return joined


# --- from the words of an order ---------------------------------------------------------------------------------------------------


def dose_over(form: Form, dose: str, over: str, *, weight_kg: float, start_min: float = 0.0) -> Schedule:
    """ "0.5mg/kg" over "40min" as one segment.

    refuses  UnknownWord for a unit that is not a dose or not a time; OutOfRange for a duration of zero
    """
    given = parse_quantity(dose, allowed=DOSE_UNITS, where="dose")
    minutes = float(parse_minutes(over, where="over"))
    if minutes <= 0:
        raise OutOfRange(
            because="A dose over 0 minutes has no rate.", way_out="Give a length above zero.", code="no_duration", where="over"
        )
    return Schedule(form, (Segment(start_min, start_min + minutes, _dose_mg(given, weight_kg) / minutes),))


def _dose_mg(given: Quantity, weight_kg: float) -> float:
    mg = given.value if given.unit.startswith("mg") else mg_from_mcg(given.value)
    return float(mg) * (weight_kg if given.unit.endswith("/kg") else 1.0)


def steps(form: Form, text: str, *, weight_kg: float, start_min: float = 0.0) -> Schedule:
    """ "0.14mg/kg/h:60min,0.28mg/kg/h:60min" as segments one after the other; a step of 0 is a pause.

    refuses  UnknownWord for an unknown unit; Missing for mL/h, which says nothing without a concentration
    """
    schedule = Schedule(form)
    begin = start_min
    for rate, minutes in parse_steps(text):
        end = begin + float(minutes)
        schedule = schedule.extended(rate_mg_per_min(rate, weight_kg), end, begin)
        begin = end
    return schedule


def rate_mg_per_min(rate: Quantity, weight_kg: float) -> float:
    """A rate of an order in mg/min. refuses Missing for mL/h; UnknownWord for what is no rate."""
    weight = Decimal(repr(weight_kg))
    if rate.unit == "mg/kg/h":
        per_hour = mg_per_h_from_mg_per_kg_per_h(rate.value, weight)
    elif rate.unit == "mcg/kg/min":
        per_hour = mg_per_h_from_mg_per_kg_per_h(mg_per_kg_per_h_from_mcg_per_kg_per_min(rate.value), weight)
    elif rate.unit == "mg/h":
        per_hour = rate.value
    elif rate.unit == "mg/min":
        per_hour = mg_per_h_from_mg_per_min(rate.value)
    elif rate.unit == "mL/h":
        raise Missing(
            because=f"A rate of {rate} has no drug in it without a concentration.",
            way_out="Give the rate in mg/kg/h or mg/h.",
            code="concentration_missing",
            where="rate",
        )
    else:
        raise UnknownWord("unit of rate", rate.unit, ("mg/kg/h", "mcg/kg/min", "mg/h", "mg/min"))
    return float(per_minute_exact(Fraction(per_hour)))

"""What reached the patient: the line between the bag and the vein as plug flow.

The line is full before the start, of drug or of diluent. Whatever enters at the pump's end pushes the same volume out at the patient's
end, first in, first out, without mixing along the way. So a line primed with diluent delays the drug by its own volume, a line primed
with drug holds that drug back at the end, and a flush is a bolus of what the line holds.

    in the line at first + pumped = reached the patient + in the line now        (mg, exact)

source   clinical rules, section 0 item 3
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from winddown.domain.dosing.accounting import BOLUS_WITHOUT_TIME_S
from winddown.domain.dosing.course import PumpCourse
from winddown.domain.dosing.finding import Finding
from winddown.domain.dosing.hung import DRUG, HungBag
from winddown.domain.quantities import (
    decimal_from_exact,
    display,
    format_decimal,
    minutes_between_exact,
    minutes_for_ml,
    per_minute_exact,
    span_of_minutes,
    span_of_seconds,
)
from winddown.domain.sessions.story import Event, effective, of_kind

LINE_SOURCE = "clinical rules, section 0 item 3"


@dataclass(frozen=True)
class Arrival:
    """A stretch of drug arriving at the vein: minutes from the start of the line course, and mg/min."""

    start_min: Fraction
    stop_min: Fraction
    mg_per_min: Fraction

    @property
    def mg(self) -> Fraction:
        return (self.stop_min - self.start_min) * self.mg_per_min


@dataclass(frozen=True)
class ModelInput:
    """The dose as the pharmacology reads it.

    start_at            minute 0
    segments            (start_min, stop_min, mg_per_min), increasing, gaps are no drug
    certain_until_min   beyond it the dose is unknown and a band must not be drawn as known; None when all is certain
    assumption          a sentence the chart must show, empty when nothing was assumed
    """

    start_at: datetime
    segments: tuple[tuple[float, float, float], ...]
    certain_until_min: float | None
    assumption: str


@dataclass(frozen=True)
class LineCourse:
    """The line from the first flow until `until`.

    primed_mg    drug in the line before the first flow
    pumped_mg    out of the bag by `until`; reached and in the line likewise, all exact
    certain_until   from here on the sums are floors; None when all is certain
    """

    start_at: datetime
    until: datetime
    arrivals: tuple[Arrival, ...]
    primed_mg: Fraction
    pumped_mg: Fraction
    in_line_mg: Fraction
    certain_until: datetime | None
    assumption: str
    findings: tuple[Finding, ...]

    def reached_mg(self, at: datetime) -> Fraction:
        """What had reached the vein at `at`, `until` at the latest."""
        minute = minutes_between_exact(self.start_at, min(at, self.until))
        spans = ((min(each.stop_min, minute) - each.start_min, each.mg_per_min) for each in self.arrivals)
        return sum((span * rate for span, rate in spans if span > 0), Fraction(0))

    def certain(self, at: datetime) -> bool:
        return self.certain_until is None or at <= self.certain_until

    def for_model(self) -> ModelInput:
        certain = None if self.certain_until is None else float(minutes_between_exact(self.start_at, self.certain_until))
        segments = tuple((float(each.start_min), float(each.stop_min), float(each.mg_per_min)) for each in self.arrivals)
        return ModelInput(self.start_at, segments, certain, self.assumption)

    @property
    def sentence(self) -> str:
        """Pumped, reached and held back, in one line for the bedside."""
        pumped, reached, held_back = (
            format_decimal(decimal_from_exact(mg, 1)) for mg in (self.pumped_mg, self.reached_mg(self.until), self.in_line_mg)
        )
        words = f"Pumped {pumped} mg; reached the patient {reached} mg; in the line {held_back} mg."
        if not self.certain(self.until):
            words += " These are floors: part of the course is unknown."
        return f"{words} {self.assumption}".strip()


@dataclass(frozen=True)
class _Inflow:
    """A stretch of constant flow into the line; `ml_per_min` None where the flow is unknown, `concentration` None where its strength is."""

    start: datetime
    stop: datetime
    ml_per_min: Fraction | None
    concentration: Fraction | None


@dataclass(frozen=True)
class _Flush:
    start: datetime
    stop: datetime
    ml_per_min: Fraction | None


def line_course(course: PumpCourse, events: Iterable[Event], *, until: datetime) -> LineCourse:
    """What reached the patient by `until`, from the pump's course and the session's events (for the flushes).

    Without a line volume on file nothing is guessed: the drug is taken to arrive as it is pumped, and `assumption` says so.
    """
    flushes = [_flush(event) for event in of_kind(effective(events), "line_flushed")]
    starts = [segment.start for segment in course.segments] + [flush.start for flush in flushes]
    start_at = min([*starts, until])
    bag = _line_of(course, start_at)
    content, primed_mg = _primed(bag)
    inflows = list(_inflows(course, flushes, start_at, until))
    arrivals, unknown_from = _pushed(content, inflows, start_at)
    return LineCourse(
        start_at=start_at,
        until=until,
        arrivals=tuple(arrivals),
        primed_mg=primed_mg,
        pumped_mg=course.programmed_mg(until),
        in_line_mg=sum((volume * (strength or 0) for volume, strength in content), Fraction(0)),
        certain_until=unknown_from,
        assumption=_assumption(bag),
        findings=tuple(_findings(course, bag)),
    )


def arrival_delay_min(line_volume_ml: Decimal, rate_ml_per_h: Decimal) -> Decimal:
    """How long after the pump the drug arrives through a line primed with diluent."""
    return minutes_for_ml(line_volume_ml, rate_ml_per_h)


def line_words(line_volume_ml: Decimal, primed_with: str, rate_ml_per_h: Decimal, strength_mg_per_ml: Decimal) -> str:
    """What the line will do to the dose, said before the start."""
    held_back = display(Fraction(line_volume_ml) * Fraction(strength_mg_per_ml), 1)
    line = f"{format_decimal(line_volume_ml)} mL line"
    if primed_with == DRUG:
        return f"{line} primed with drug: it starts at once, and {held_back} mg stays in the line; a flush gives it as a bolus."
    delay = display(arrival_delay_min(line_volume_ml, rate_ml_per_h), 0)
    arrival = f"the drug arrives about {delay} min after the start"
    return f"{line} primed with diluent: {arrival}, and {held_back} mg of it stays in the line unless flushed."


def _flush(event: Event) -> _Flush:
    volume, over_s = event.number("volume_ml"), event.number("over_s")
    stop = event.happened_at + span_of_seconds(over_s if over_s is not None and over_s > 0 else BOLUS_WITHOUT_TIME_S)
    known = volume is not None and volume >= 0 and stop > event.happened_at
    return _Flush(event.happened_at, stop, Fraction(volume or 0) / minutes_between_exact(event.happened_at, stop) if known else None)


def _line_of(course: PumpCourse, start_at: datetime) -> HungBag | None:
    """The bag whose line is in place: the last hung by the first flow. A later bag is spiked onto the same line."""
    return course.bag_at(start_at) or (course.bags[0] if course.bags else None)


def _primed(bag: HungBag | None) -> tuple[deque[tuple[Fraction, Fraction | None]], Fraction]:
    if bag is None or not bag.line_is_known or not bag.line_volume_ml:
        return deque(), Fraction(0)
    volume = Fraction(bag.line_volume_ml)
    strength = bag.concentration_mg_per_ml if bag.primed_with == DRUG else Fraction(0)
    return deque([(volume, strength)]), volume * (strength or 0)


def _inflows(course: PumpCourse, flushes: list[_Flush], start_at: datetime, until: datetime) -> Iterable[_Inflow]:
    """Pump and flushes together, cut where either changes."""
    edges = [edge for segment in course.segments for edge in (segment.start, segment.stop) if edge is not None]
    edges += [edge for flush in flushes for edge in (flush.start, flush.stop)]
    cuts = [start_at, *sorted({edge for edge in edges if start_at < edge < until}), until]
    for start, stop in pairwise(cuts):
        segment = course.segment_at(start)
        rinses = [flush.ml_per_min for flush in flushes if flush.start <= start < flush.stop]
        pumped = Fraction(0) if segment is None else segment.rate_ml_per_h
        if stop == start or (segment is None and not rinses):
            continue
        if pumped is None or any(rinse is None for rinse in rinses):
            yield _Inflow(start, stop, None, None)
            continue
        drug_flow = per_minute_exact(pumped)
        flow = drug_flow + sum((rinse for rinse in rinses if rinse is not None), Fraction(0))
        strength = segment.concentration_mg_per_ml if segment is not None and drug_flow else Fraction(0)
        yield _Inflow(start, stop, flow, None if strength is None else strength * drug_flow / flow if flow else Fraction(0))


def _pushed(
    content: deque[tuple[Fraction, Fraction | None]], inflows: list[_Inflow], start_at: datetime
) -> tuple[list[Arrival], datetime | None]:
    """Push each inflow through the line. Changes `content` to what the line holds at the end; returns arrivals and the first unknown."""
    arrivals: list[Arrival] = []
    unknown_from: datetime | None = None
    for inflow in inflows:
        if inflow.ml_per_min is None:
            unknown_from = unknown_from or inflow.start
            continue
        minute = minutes_between_exact(start_at, inflow.start)
        left_ml = inflow.ml_per_min * minutes_between_exact(inflow.start, inflow.stop)
        content.append((left_ml, inflow.concentration))
        while left_ml > 0:
            volume, strength = content.popleft()
            out_ml = min(volume, left_ml)
            if volume > out_ml:
                content.appendleft((volume - out_ml, strength))
            stop = minute + out_ml / inflow.ml_per_min
            if strength is None:
                unknown_from = unknown_from or start_at + span_of_minutes(minute)
            elif strength > 0:
                _append(arrivals, Arrival(minute, stop, inflow.ml_per_min * strength))
            minute, left_ml = stop, left_ml - out_ml
    return arrivals, unknown_from


def _append(arrivals: list[Arrival], arrival: Arrival) -> None:
    last = arrivals[-1] if arrivals else None
    if last and last.stop_min == arrival.start_min and last.mg_per_min == arrival.mg_per_min:
        arrivals[-1] = Arrival(last.start_min, arrival.stop_min, arrival.mg_per_min)
    elif arrival.stop_min > arrival.start_min:
        arrivals.append(arrival)


def _assumption(bag: HungBag | None) -> str:
    if bag is not None and bag.line_is_known:
        return ""
    return "The line's volume or priming is not on file: drawn as if the drug arrived as it is pumped."


def _findings(course: PumpCourse, line: HungBag | None) -> Iterable[Finding]:
    if course.segments and (line is None or not line.line_is_known):
        yield _line_unknown(course.segments[0].start)
    for bag in course.bags:
        if line and bag.hung_at > line.hung_at and bag.line_volume_ml and line.line_volume_ml and bag.line_volume_ml != line.line_volume_ml:
            yield _line_differs(bag.line_volume_ml, line.line_volume_ml, bag.hung_at)


def _line_unknown(at: datetime) -> Finding:
    return Finding(
        code="line_unknown",
        severity="ask",
        value="",
        limit="",
        unit="mL",
        source=LINE_SOURCE,
        sentence="The line's volume or priming fluid is not on file: what reached the patient cannot be told from what was pumped.",
        way_out="Correct the bag's entry with the line volume and the priming fluid.",
        at=at,
    )


def _line_differs(named_ml: Decimal, in_place_ml: Decimal, at: datetime) -> Finding:
    named, in_place = format_decimal(named_ml), format_decimal(in_place_ml)
    return Finding(
        code="line_differs",
        severity="ask",
        value=named,
        limit=in_place,
        unit="mL",
        source=LINE_SOURCE,
        sentence=f"The new bag names a line of {named} mL; the line in place holds {in_place} mL and is taken to stay.",
        way_out="If the line was changed, record the drug that went with the old one as waste.",
        at=at,
    )

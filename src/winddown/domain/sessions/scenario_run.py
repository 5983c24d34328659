"""Run a scenario through the domain alone: what rings, where the session stands, what was given.

The answer is a list of differences from what the file expects; none is a pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby, zip_longest

from winddown.domain.alarms.condition import BASELINE_KINDS, Baseline
from winddown.domain.alarms.evaluate import News, OpenAlarm, Watching, apply, evaluate
from winddown.domain.alarms.window import Sample, Window
from winddown.domain.dosing.accounting import pump_course
from winddown.domain.sessions.advice import advice
from winddown.domain.sessions.blocks import Supervision
from winddown.domain.sessions.duties import cuff_overdue_at, next_set
from winddown.domain.sessions.lifecycle import UNDER_WATCH, status_of
from winddown.domain.sessions.scenario import DEFAULT_START, OrderedPump, Scenario
from winddown.domain.sessions.start_gate import ConsentFacts, Credential, OrderFacts, Visit, check
from winddown.domain.sessions.story import Event, as_known_at, latest, of_kind
from winddown.domain.sessions.supervision import default_supervision, read_supervision
from winddown.domain.vitals.reading import Reading
from winddown.domain.vitals.stream import Context, accept_set

# A repeat comes soon after its twin; the record remembers all of them, a scenario needs the last few messages.
_REMEMBERED = 40


@dataclass(frozen=True)
class Outcome:
    """What a run did.

    news      every alarm raised, worsened and cleared
    readings  every reading with its label
    failures  one sentence for each difference from what the file expects; none is a pass
    """

    news: tuple[News, ...]
    readings: tuple[Reading, ...]
    failures: tuple[str, ...]


def run(scenario: Scenario, *, start: datetime = DEFAULT_START) -> Outcome:
    """Play the whole scenario with its own clock and compare."""
    supervision = read_supervision(default_supervision(scenario.track))
    events = scenario.told(start=start)
    news, readings = _ring(scenario, supervision, events, start)
    failures = [
        *_alarms_differ(scenario, news, start),
        *_labels_differ(scenario, readings),
        *_story_differs(scenario, supervision, events, start),
    ]
    return Outcome(tuple(news), tuple(readings), tuple(failures))


@dataclass
class _Chair:
    """One chair while the scenario plays: the only thing here that changes."""

    scenario: Scenario
    supervision: Supervision
    events: tuple[Event, ...]
    start: datetime
    context: Context = field(default_factory=Context)
    window: Window = field(default_factory=Window)
    alarms: tuple[OpenAlarm, ...] = ()
    news: list[News] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    scored: set[str] = field(default_factory=set)

    def receive(self, together: list[Reading]) -> None:
        """One message: label its readings and let the usable ones in."""
        recent = [each.identity for each in self.readings[-_REMEMBERED:]]
        self.context, judged = accept_set(self.context, together, seen=recent)
        for labelled, judgement in judged:
            self.readings.append(labelled)
            self.window = self.window.with_reading(labelled) if judgement.usable else self.window

    def tick(self, at: datetime) -> None:
        """Judge what is known at this moment."""
        known = as_known_at(self.events, at)
        self._take_scores(known)
        told = evaluate(self.supervision.alarms, _baseline(known), self.window, self.alarms, at, watching=self._watching(known, at))
        self.alarms = apply(self.alarms, told)
        self.news += told

    def _take_scores(self, known: tuple[Event, ...]) -> None:
        for event in of_kind(known, "score_taken"):
            value = event.number("value")
            if event.id not in self.scored and value is not None:
                self.window = self.window.with_sample(event.text("scale"), Sample(event.happened_at, float(value), "hand"))
                self.scored.add(event.id)

    def _watching(self, known: tuple[Event, ...], at: datetime) -> Watching:
        if status_of(known) not in UNDER_WATCH:
            return Watching()
        since = {kind: self.start + timedelta(minutes=minute) for kind, minute in self.scenario.monitored.items()}
        heard = {kind: when for kind, when in since.items() if when <= at}
        every = {kind: stream.every_s for stream in self.scenario.streams for kind in stream.values}
        cuffs = self.window.of_kind("systolic")
        following = next_set(self.supervision.observations, known, last_at=cuffs[-1].at if cuffs else None, at=at)
        if following is None:
            return Watching(heard, every)
        overdue_at = cuff_overdue_at(following, self.supervision.alarms.cuff_overdue.intervals)
        return Watching(heard, every, overdue_at, following.interval.total_seconds())


def _ring(scenario: Scenario, supervision: Supervision, events: tuple[Event, ...], start: datetime) -> tuple[list[News], list[Reading]]:
    chair = _Chair(scenario, supervision, events, start)
    messages = [(at, list(group)) for at, group in groupby(scenario.sent(start=start), key=lambda reading: reading.received_at)]
    first = min([start, *(event.written_at for event in events), *(at for at, _ in messages)])
    tick = timedelta(seconds=scenario.tick_s)
    at, place = start - tick * -(-(start - first) // tick), 0
    while at <= start + timedelta(minutes=scenario.until_min):
        while place < len(messages) and messages[place][0] <= at:
            chair.receive(messages[place][1])
            place += 1
        chair.tick(at)
        at += tick
    return chair.news, chair.readings


def _baseline(known: Iterable[Event]) -> Baseline:
    event = latest(known, "baseline_taken")
    if event is None:
        return Baseline()
    numbers = {kind: event.number(kind) for kind in BASELINE_KINDS}
    return Baseline(**{kind: float(number) for kind, number in numbers.items() if number is not None})


_Alarm = tuple[float, str, str, str]


def _alarms_differ(scenario: Scenario, news: list[News], start: datetime) -> list[str]:
    rung: list[_Alarm] = sorted(
        (round((each.at - start) / timedelta(minutes=1), 2), type(each).__name__.lower(), each.key, each.tier) for each in news
    )
    wanted: list[_Alarm] = sorted((round(each.at_min, 2), each.what, each.key, each.tier) for each in scenario.expect.alarms)
    if rung == wanted:
        return []
    missing, extra = Counter(wanted) - Counter(rung), Counter(rung) - Counter(wanted)
    pairs = zip_longest(sorted(missing.elements()), sorted(extra.elements()))
    return [f"alarms: expected {_words(want)}, got {_words(got)}" for want, got in pairs]


def _words(alarm: _Alarm | None) -> str:
    return "nothing more" if alarm is None else f"{alarm[2]} {alarm[1]} at tier {alarm[3]} at {alarm[0]:g} min"


def _labels_differ(scenario: Scenario, readings: list[Reading]) -> list[str]:
    found = Counter((reading.kind, reading.label) for reading in readings)
    return [
        f"labels: expected {each.count} {each.kind} {each.label}, got {found[each.kind, each.label]}"
        for each in scenario.expect.labels
        if found[each.kind, each.label] != each.count
    ]


def _story_differs(scenario: Scenario, supervision: Supervision, events: tuple[Event, ...], start: datetime) -> list[str]:
    expect, failures = scenario.expect, list[str]()

    def known(minute: float) -> tuple[datetime, tuple[Event, ...]]:
        at = start + timedelta(minutes=minute)
        return at, as_known_at(events, at)

    for status in expect.status:
        got = status_of(known(status.at_min)[1])
        failures += [f"status at {status.at_min:g} min: expected {status.status}, got {got}"] if got != status.status else []
    for dose in expect.dose:
        at, told = known(dose.at_min)
        given = pump_course(told).programmed(at)
        wrong = given.mg_to_a_tenth != Decimal(dose.mg) or given.certain != dose.certain
        failures += [f"dose at {dose.at_min:g} min: expected {dose.mg} mg, got {given.sentence}"] if wrong else []
    for advised in expect.advice:
        at, told = known(advised.at_min)
        keys = tuple(each.key for each in advice(supervision, told, at=at))
        failures += [f"advice at {advised.at_min:g} min: expected {advised.keys}, got {keys}"] if keys != advised.keys else []
    for line in expect.gate:
        at, told = known(line.at_min)
        state = _gate(scenario, supervision, told, at).get(line.line, "no such line")
        failures += [f"gate at {line.at_min:g} min: expected {line.line} {line.state}, got {state}"] if state != line.state else []
    return failures


def _gate(scenario: Scenario, supervision: Supervision, told: tuple[Event, ...], at: datetime) -> dict[str, str]:
    """The start gate with paper and people in order: a scenario is about the chair."""
    order = _order(scenario.order) if scenario.order else None
    credentials = [Credential("nurse", role, at.date() + timedelta(days=30)) for role in supervision.start_gate.roles]
    lines = check(
        supervision.start_gate,
        told,
        Visit(at=at, planned_start=at, zone=UTC),
        order=order,
        consent=ConsentFacts(signed_on=at.date()),
        credentials=credentials,
    )
    return {line.key: line.state for line in lines}


def _order(ordered: OrderedPump) -> OrderFacts:
    return OrderFacts(
        drug=ordered.drug,
        weight_kg=Decimal(ordered.weight_kg),
        concentration_mg_per_ml=Decimal(ordered.concentration_mg_per_ml),
        rate_ml_per_h=Decimal(ordered.rate_ml_per_h),
        volume_ml=Decimal(ordered.volume_ml),
        signed_by="prescriber",
        locked=True,
        affected_limb=ordered.affected_limb,
    )

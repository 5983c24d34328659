"""A whole session in a file: events and readings at offsets, and what must follow.

One format for tests, demonstrations and bench nights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from winddown.domain.refusals import OutOfRange, UnknownWord
from winddown.domain.sessions import plain
from winddown.domain.sessions.gate_line import State
from winddown.domain.sessions.lifecycle import Status
from winddown.domain.sessions.story import Event
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.reading import Label, Reading, Source

DEFAULT_START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class ScenarioEvent:
    """One event. `at_min` is when it happened, `written_after_min` how much later it was written; data numbers are decimal strings."""

    at_min: float
    kind: str
    by: str = "nurse"
    data: Mapping[str, Any] = field(default_factory=dict)
    second: str | None = None
    written_after_min: float = 0.0
    id: str = ""
    supersedes: str | None = None


@dataclass(frozen=True)
class ScenarioReading:
    """One reading. `delay_s` is how long it was on its way."""

    at_min: float
    kind: str
    value: float | None = None
    source: Source = "monitor"
    delay_s: float = 0.0
    verified: bool = True
    demo: bool = False


@dataclass(frozen=True)
class Stream:
    """Steady readings: each value every `every_s` from `from_min` up to, not including, `to_min`."""

    from_min: float
    to_min: float
    every_s: float
    values: Mapping[str, float]


@dataclass(frozen=True)
class OrderedPump:
    """The signed order as the start gate needs it, as decimal strings."""

    drug: str
    weight_kg: str
    concentration_mg_per_ml: str
    rate_ml_per_h: str
    volume_ml: str
    affected_limb: str = ""


@dataclass(frozen=True)
class ExpectedAlarm:
    """One piece of news about an alarm, to the tick of the clock."""

    at_min: float
    what: Literal["raised", "worsened", "cleared"]
    key: str
    tier: str


@dataclass(frozen=True)
class ExpectedStatus:
    at_min: float
    status: Status


@dataclass(frozen=True)
class ExpectedDose:
    """The programmed dose by what was known at that minute, to 0.1 mg, as a decimal string."""

    at_min: float
    mg: str
    certain: bool = True


@dataclass(frozen=True)
class ExpectedAdvice:
    """The keys of all advice the story gives at that minute."""

    at_min: float
    keys: tuple[str, ...]


@dataclass(frozen=True)
class ExpectedGate:
    """One line of the start gate at that minute."""

    at_min: float
    line: str
    state: State


@dataclass(frozen=True)
class ExpectedLabel:
    """How many readings of a kind got a label that held them back or marked them."""

    kind: str
    label: Label
    count: int


@dataclass(frozen=True)
class Expected:
    """What must follow. `alarms` is the whole list: anything else that rings is a failure too."""

    alarms: tuple[ExpectedAlarm, ...] = ()
    status: tuple[ExpectedStatus, ...] = ()
    dose: tuple[ExpectedDose, ...] = ()
    advice: tuple[ExpectedAdvice, ...] = ()
    gate: tuple[ExpectedGate, ...] = ()
    labels: tuple[ExpectedLabel, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """One scenario.

    about      what it shows, in a sentence or two
    order      needed only where the start gate is asked
    monitored  kinds whose silence counts, from the minute given
    """

    name: str
    about: str
    track: Literal["pain", "mood"]
    until_min: float
    events: tuple[ScenarioEvent, ...]
    expect: Expected
    readings: tuple[ScenarioReading, ...] = ()
    streams: tuple[Stream, ...] = ()
    order: OrderedPump | None = None
    monitored: Mapping[str, float] = field(default_factory=dict)
    tick_s: float = 10.0

    def __post_init__(self) -> None:
        if self.tick_s <= 0 or any(stream.every_s <= 0 for stream in self.streams):
            raise OutOfRange(f"{self.name}: the steps of the clock and of a stream must be above 0 s.", code="scenario_step")
        kinds = (
            {reading.kind for reading in self.readings} | {kind for stream in self.streams for kind in stream.values} | set(self.monitored)
        )
        for kind in sorted(kinds - set(KINDS)):
            raise UnknownWord("vital sign", kind, KINDS)

    def told(self, *, start: datetime = DEFAULT_START) -> tuple[Event, ...]:
        """The events of the story with real instants."""
        return tuple(
            Event(
                id=each.id or f"event-{place}",
                sequence=place,
                kind=each.kind,
                happened_at=start + timedelta(minutes=each.at_min),
                written_at=start + timedelta(minutes=each.at_min + each.written_after_min),
                by=each.by,
                data=each.data,
                supersedes=each.supersedes,
                second=each.second,
            )
            for place, each in enumerate(self.events)
        )

    def sent(self, *, start: datetime = DEFAULT_START) -> tuple[Reading, ...]:
        """Every reading, those of the streams written out, in order of arrival."""
        single = [(each.at_min, each.kind, each.value, each) for each in self.readings]
        steady = [
            (minute, kind, value, None) for stream in self.streams for minute in _minutes(stream) for kind, value in stream.values.items()
        ]
        found = [_reading(place, minute, kind, value, how, start) for place, (minute, kind, value, how) in enumerate([*single, *steady])]
        return tuple(sorted(found, key=lambda reading: reading.received_at))


def from_json(text: str) -> Scenario:
    """Read a scenario file. Refuses by name what it does not know, and text that is not JSON."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as why:
        raise OutOfRange(f"The scenario is not JSON: {why}.", way_out="See scenarios/README.md.", code="scenario_not_json") from why
    if not isinstance(data, dict):
        raise OutOfRange("A scenario is one JSON object.", way_out="See scenarios/README.md.", code="scenario_not_json")
    return plain.read(Scenario, data, where="scenario")


def _minutes(stream: Stream) -> list[float]:
    count = max(0, -int(-(stream.to_min - stream.from_min) * 60 // stream.every_s))
    return [stream.from_min + step * stream.every_s / 60 for step in range(count)]


def _reading(place: int, minute: float, kind: str, value: float | None, how: ScenarioReading | None, start: datetime) -> Reading:
    at = start + timedelta(minutes=minute)
    source: Source = how.source if how else "monitor"
    return Reading(
        id=f"reading-{place}",
        kind=kind,
        value=value,
        unit=KINDS[kind].unit,
        observed_at=at,
        received_at=at + timedelta(seconds=how.delay_s if how else 0),
        source=source,
        device="monitor" if source == "monitor" else "",
        verified=how.verified if how else True,
        demo=how.demo if how else False,
    )

"""Where a session stands: one table.

A fact that the table frowns on is kept, moves the status where the patient's safety asks for it, and says why it is odd.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from winddown.domain.refusals import UnknownWord
from winddown.domain.sessions.story import Event, effective

Status = Literal["planned", "checked_in", "ready", "running", "held", "stopped", "recovering", "discharged", "abandoned"]
STATUSES: tuple[Status, ...] = get_args(Status)
UNDER_WATCH: frozenset[Status] = frozenset({"running", "held", "stopped", "recovering"})
OVER: frozenset[Status] = frozenset({"discharged", "abandoned"})

NEXT: dict[tuple[Status, str], Status] = {
    ("planned", "checked_in"): "checked_in",
    ("checked_in", "made_ready"): "ready",
    ("ready", "started"): "running",
    ("running", "held"): "held",
    ("held", "resumed"): "running",
    ("running", "infusion_completed"): "recovering",
    ("running", "stopped"): "stopped",
    ("held", "stopped"): "stopped",
    ("stopped", "recovery_started"): "recovering",
    ("recovering", "discharged"): "discharged",
    ("planned", "abandoned"): "abandoned",
    ("checked_in", "abandoned"): "abandoned",
    ("ready", "abandoned"): "abandoned",
}

# What happened although the table has no way for it. A drug that runs is watched, whatever was forgotten before; a patient under the drug
# leaves the watch by no event but the ones that end the infusion.
ODD: dict[tuple[Status, str], tuple[Status, str]] = {
    ("planned", "made_ready"): ("ready", "made ready, but no check-in was recorded"),
    ("planned", "started"): ("running", "started, but neither check-in nor the start gate was recorded"),
    ("checked_in", "started"): ("running", "started, but the start gate was not recorded as passed"),
    ("stopped", "started"): ("running", "started after a stop: a stop is final for its bag"),
    ("recovering", "started"): ("running", "started again in recovery"),
    ("discharged", "started"): ("running", "started after discharge"),
    ("abandoned", "started"): ("running", "started after the visit was abandoned"),
    ("held", "started"): ("running", "started while held: record a resume"),
    ("planned", "resumed"): ("running", "resumed, but no start was recorded"),
    ("checked_in", "resumed"): ("running", "resumed, but no start was recorded"),
    ("ready", "resumed"): ("running", "resumed, but no start was recorded"),
    ("stopped", "resumed"): ("running", "resumed after a stop: a stop is final for its bag"),
    ("recovering", "resumed"): ("running", "resumed in recovery"),
    ("discharged", "resumed"): ("running", "resumed after discharge"),
    ("abandoned", "resumed"): ("running", "resumed after the visit was abandoned"),
    ("held", "infusion_completed"): ("recovering", "completed while held: the pump may have run during the hold"),
    ("stopped", "discharged"): ("discharged", "discharged, but no recovery was recorded"),
}

MOVING: frozenset[str] = frozenset(kind for _, kind in NEXT)

# Facts of the pump that do not move the status, and where they are expected.
_PUMP_FACTS = frozenset({"rate_changed", "bolus_given", "rate_reported"})
_PUMP_EXPECTED: frozenset[Status] = frozenset({"ready", "running", "held"})


class Moved(NamedTuple):
    """The status after one fact; `because` says what is odd about it, or is empty."""

    status: Status
    odd: bool
    because: str


@dataclass(frozen=True)
class Place:
    """One event of the story with the status it led to."""

    event: Event
    moved: Moved


def next_status(status: Status, kind: str) -> Moved:
    """The status after a fact of this kind. Never refuses a fact; refuses UnknownWord for a status that is not in the table."""
    if status not in STATUSES:
        raise UnknownWord("session status", status, STATUSES)
    if (status, kind) in NEXT:
        return Moved(NEXT[status, kind], False, "")
    if (status, kind) in ODD:
        moved, because = ODD[status, kind]
        return Moved(moved, True, because)
    if kind in MOVING:
        return Moved(status, True, f"{_said(kind)} is recorded while the session is {_said(status)}; the status stays")
    if kind in _PUMP_FACTS and status not in _PUMP_EXPECTED:
        return Moved(status, True, f"{_said(kind)} while the session is {_said(status)}: look at the pump")
    return Moved(status, False, "")


def walk(events: Iterable[Event]) -> list[Place]:
    """Every event that stands, in the order it happened, with the status it led to."""
    told = effective(events)
    if told.places is None:
        told.places = tuple(_walked(told))
    return list(told.places)


def _walked(told: Iterable[Event]) -> Iterator[Place]:
    status: Status = "planned"
    for event in told:
        moved = next_status(status, event.kind)
        status = moved.status
        yield Place(event, moved)


def status_of(events: Iterable[Event]) -> Status:
    """The status by the events that stand; `planned` with none."""
    places = walk(events)
    return places[-1].moved.status if places else "planned"


def since(places: Sequence[Place]) -> datetime | None:
    """When the present status began, by the story's own times; None for an empty story."""
    began = None
    for place in reversed(places):
        if place.moved.status != places[-1].moved.status:
            break
        began = place.event.happened_at
    return began


def as_mermaid() -> str:
    """The picture of the table; dotted arrows are the odd ways."""
    lines = ["stateDiagram-v2", "    [*] --> planned"]
    lines += [f"    {start} --> {end}: {kind}" for (start, kind), end in NEXT.items()]
    return "\n".join([*lines, *(f"    {status} --> [*]" for status in STATUSES if status in OVER)])


def as_page() -> str:
    """The generated page of the manual."""
    rows = [f"| {_said(start)} | {_said(kind)} | {_said(end)} | {because} |" for (start, kind), (end, because) in ODD.items()]
    return "\n".join(
        [
            "# The life of a session",
            "",
            "Generated from `winddown.domain.sessions.lifecycle`; never edited by hand.",
            "",
            "```mermaid",
            as_mermaid(),
            "```",
            "",
            "A fact is never refused. These are odd: they are kept, they move the status as shown, and the session says why.",
            "",
            "| Status | What is recorded | Status after | What the session says |",
            "|---|---|---|---|",
            *rows,
            "",
            "Any other of these facts, recorded out of its place, is kept and marked odd, and the status stays.",
            "",
        ]
    )


def _said(word: str) -> str:
    return word.replace("_", " ")

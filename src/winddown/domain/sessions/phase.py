"""The facts on a chair's card: which phase, how far, and how many minutes to the next duty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winddown.domain.sessions.duties import Duty, next_duty
from winddown.domain.sessions.lifecycle import Place, Status, since, walk
from winddown.domain.sessions.story import Event, up_to

PHASES: dict[Status, str] = {
    "planned": "Expected",
    "checked_in": "Getting ready",
    "ready": "Ready to start",
    "running": "Infusing",
    "held": "Held",
    "stopped": "Stopped",
    "recovering": "Recovering",
    "discharged": "Gone home",
    "abandoned": "Abandoned",
}


@dataclass(frozen=True)
class ChairCard:
    """One card of the board.

    fraction  of the planned infusion, or of the minimum stay, from 0 to 1; None where neither counts
    overtime  the planned end has passed
    odd       what the story says that the table frowns on, last first
    """

    status: Status
    phase: str
    since: datetime | None
    minutes_in_phase: float | None
    infused_min: float
    fraction: float | None
    overtime: bool
    next_words: str
    minutes_to_next: float | None
    next_state: str
    odd: tuple[str, ...]


def card(
    events: Iterable[Event],
    duties: Sequence[Duty],
    *,
    at: datetime,
    planned_infusion_min: float | None = None,
    minimum_stay_min: float | None = None,
) -> ChairCard:
    """The card at `at`. The fraction of the infusion counts running time only: a hold does not fill the ring."""
    places = walk(up_to(events, at))
    status: Status = places[-1].moved.status if places else "planned"
    began = since(places)
    in_phase = (at - began).total_seconds() / 60 if began else None
    infused = running_time(places, at=at).total_seconds() / 60
    part = _part(status, infused, in_phase, planned_infusion_min, minimum_stay_min)
    upcoming = next_duty(duties)
    return ChairCard(
        status=status,
        phase=PHASES[status],
        since=began,
        minutes_in_phase=in_phase,
        infused_min=infused,
        fraction=None if part is None else min(1.0, part),
        overtime=part is not None and part > 1,
        next_words=upcoming.words if upcoming else "",
        minutes_to_next=upcoming.minutes if upcoming else None,
        next_state=upcoming.state if upcoming else "",
        odd=tuple(place.moved.because for place in reversed(places) if place.moved.odd),
    )


def running_time(places: Sequence[Place], *, at: datetime) -> timedelta:
    """How long the infusion ran up to `at`, holds left out; no time at all where nothing has happened yet."""
    if not places:
        return timedelta()
    ends = [*(place.event.happened_at for place in places[1:]), at]
    spans = (end - place.event.happened_at for place, end in zip(places, ends, strict=True) if place.moved.status == "running")
    return sum(spans, timedelta())


def _part(status: Status, infused: float, in_phase: float | None, planned_min: float | None, stay_min: float | None) -> float | None:
    if status in ("running", "held") and planned_min:
        return infused / planned_min
    if status == "recovering" and stay_min and in_phase is not None:
        return in_phase / stay_min
    return None

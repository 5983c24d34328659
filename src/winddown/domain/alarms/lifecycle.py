"""An alarm's life: raised, acknowledged, cleared. One table; a clear that nobody saw stays on the screen until somebody does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from winddown.domain.alarms.condition import Limits, Severity
from winddown.domain.refusals import NotAllowed, UnknownWord

Status = Literal["raised", "acknowledged", "cleared_unacknowledged", "cleared"]
Happening = Literal["worsened", "acknowledged", "cleared"]
STATUSES: tuple[Status, ...] = ("raised", "acknowledged", "cleared_unacknowledged", "cleared")
VISIBLE: frozenset[Status] = frozenset({"raised", "acknowledged", "cleared_unacknowledged"})

NEXT: dict[tuple[Status, Happening], Status] = {
    ("raised", "worsened"): "raised",
    ("raised", "acknowledged"): "acknowledged",
    ("raised", "cleared"): "cleared_unacknowledged",
    ("acknowledged", "worsened"): "raised",
    ("acknowledged", "cleared"): "cleared",
    ("cleared_unacknowledged", "acknowledged"): "cleared",
}


def next_status(status: Status, happening: Happening) -> Status:
    """The status after what happened. Refuses NotAllowed where the table has no way, UnknownWord for a word it does not know."""
    if status not in STATUSES:
        raise UnknownWord("alarm status", status, STATUSES)
    found = NEXT.get((status, happening))
    if found is None:
        raise NotAllowed(f"An alarm that is {status} cannot be {happening}.", way_out="Reload: it may have changed.", code="alarm_not_open")
    return found


# What counts as doing something about an alarm, besides acknowledging it: the kinds of session event.
ACTS = frozenset(
    {"held", "stopped", "rate_changed", "rescue_given", "oxygen_set", "emergency_opened", "observation_set_taken", "score_taken"}
)


@dataclass(frozen=True)
class Answer:
    """How fast an alarm was answered. Seconds since it was raised; None while it was not."""

    acknowledged_after_s: float | None
    acted_after_s: float | None
    act: str


def answer(raised_at: datetime, *, acknowledged_at: datetime | None, acts: Iterable[tuple[datetime, str]]) -> Answer:
    """Time to acknowledge and time to the first act after the alarm.

    acts  (happened_at, kind of session event), in any order; kinds outside ACTS do not count
    """
    counted = sorted((at, kind) for at, kind in acts if kind in ACTS and at >= raised_at)
    first_at, act = counted[0] if counted else (None, "")
    return Answer(_after(raised_at, acknowledged_at), _after(raised_at, first_at), act)


def unanswered(status: Status, severity: Severity, raised_at: datetime, limits: Limits, at: datetime) -> bool:
    """Nobody acknowledged a high or medium alarm in time: it goes to the supervisor's screen too."""
    return status == "raised" and severity != "low" and (at - raised_at).total_seconds() > limits.unanswered_after_s.value


def _after(start: datetime, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if end else None

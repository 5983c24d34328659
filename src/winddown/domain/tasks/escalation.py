"""Who is told next when nobody answers an urgent task: the next person on call, then the director, then round again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from winddown.domain.figures import Figure
from winddown.domain.refusals import OutOfRange

SOURCE = "winddown engineering default; the medical director sets it"
SIGNED = "set by the clinic, signed by its director"
MIN_MINUTES, MAX_MINUTES = 1.0, 120.0
FIVE_MINUTES = Figure(5, "min", SOURCE, "derived")
HALF_AN_HOUR = Figure(30, "min", SOURCE, "derived")
OPENED, NOBODY = "opened", "nobody is on call"
UNANSWERED, NO_CALL = "not acknowledged in time", "acknowledged, but no call was recorded in time"
SENTENCES = (OPENED, NOBODY, UNANSWERED, NO_CALL)
NAMES = ("next_after_min", "director_after_min", "act_within_min")


@dataclass(frozen=True)
class Ladder:
    """How long each step waits. Clinic-set, versioned, signed by the director.

    next_after_min      unacknowledged for so long: the next person on call
    director_after_min  the last person on call has not acknowledged for so long: the director
    act_within_min      acknowledged, but no call tried and not closed for so long: told onward all the same
    """

    next_after_min: Figure = FIVE_MINUTES
    director_after_min: Figure = FIVE_MINUTES
    act_within_min: Figure = HALF_AN_HOUR

    def __post_init__(self) -> None:
        for name in NAMES:
            value = getattr(self, name).value
            if not MIN_MINUTES <= value <= MAX_MINUTES:
                raise OutOfRange(
                    because=f"{value:g} minutes is outside {MIN_MINUTES:g} to {MAX_MINUTES:g}.",
                    way_out="Choose a time in between.",
                    code="ladder_out_of_range",
                    where=name,
                )

    def as_data(self) -> dict[str, Any]:
        return {name: getattr(self, name).as_data() for name in NAMES}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Ladder:
        return cls(**{name: Figure.from_data(data[name]) for name in NAMES})


@dataclass(frozen=True)
class Told:
    """Where an urgent task stands.

    step         how many people have been told one after another, 0 for nobody yet
    since        when the present one was told
    acknowledged whether that person has said that they have seen it
    acted_at     the acknowledgement, or the last call tried after it
    """

    step: int
    since: datetime
    acknowledged: bool = False
    acted_at: datetime | None = None


@dataclass(frozen=True)
class Step:
    """The next person to tell. `is_director`: everyone on call has been told before."""

    staff_id: int | None
    step: int
    is_director: bool
    because: str


def whom(step: int, on_call: Sequence[int], directors: Sequence[int]) -> tuple[int | None, bool]:
    """The person of this step, counted from 0: those on call in order, then each director, then from the start again."""
    line = [*on_call, *(pk for pk in directors if pk not in on_call)]
    if not line:
        return None, True
    place = step % len(line)
    return line[place], place >= len(on_call)


def due(ladder: Ladder, told: Told, on_call: Sequence[int], directors: Sequence[int], at: datetime) -> Step | None:
    """The step that is due at `at`, or None. The director waits `director_after_min`, everybody else `next_after_min`."""
    staff_id, is_director = whom(told.step, on_call, directors)
    if told.step == 0:
        return Step(staff_id, 1, is_director, OPENED if on_call else NOBODY)
    if told.acknowledged:
        waited, limit = at - (told.acted_at or told.since), ladder.act_within_min
        because = NO_CALL
    else:
        waited, limit = at - told.since, ladder.director_after_min if is_director else ladder.next_after_min
        because = UNANSWERED
    if waited < timedelta(minutes=limit.value):
        return None
    return Step(staff_id, told.step + 1, is_director, because)

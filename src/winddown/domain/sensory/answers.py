"""The entries of one test as they stand, and the next thing to do: pure reading, whatever order they were written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.sensory import stimuli
from winddown.domain.sensory.plan import RATED, Plan, Step, form_of
from winddown.domain.sensory.threshold import FELT, follow

KINDS = ("answer", "skipped", "taken_back", "paused", "resumed", "finished", "stopped")
ANSWERS = ("answer", "skipped")
ENDS = ("finished", "stopped")
WAYS = ("tap", "slider")


@dataclass(frozen=True)
class Entry:
    """One row of a test.

    step        the step it answers; 0 for what concerns the whole test
    data        {rating, way} or {felt} or {distance_cm, to_the_edge}; {because} for skipped and stopped
    supersedes  the entry that is taken back
    """

    id: str
    sequence: int
    kind: str
    step: int
    data: Mapping[str, Any]
    happened_at: datetime
    supersedes: str | None = None


def checked(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a step in the form the record keeps. Refuses a rating off the scale, another word, a distance no body has."""
    if step.kind in RATED:
        return {"rating": _rating(data), "way": _one_of("way", data, WAYS)}
    if step.kind == "series":
        return {"felt": _one_of("felt", data, FELT), "force_mn": _force(data)}
    edge = str(data.get("to_the_edge", "")).lower() in ("1", "true", "on", "yes")
    return {"distance_cm": _distance(data), "to_the_edge": edge}


def _one_of(name: str, data: Mapping[str, Any], known: Sequence[str]) -> str:
    word = str(data.get(name, ""))
    if word not in known:
        raise UnknownWord(name, word, known)
    return word


def _whole(name: str, data: Mapping[str, Any]) -> int:
    text = str(data.get(name, "")).strip()
    if not text:
        raise Missing(because="No answer was given.", way_out="Tap a number.", code="answer_missing", where=name)
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit():
        raise OutOfRange(because=f"{text} is not a whole number.", way_out="Tap a number.", code="answer_not_a_number", where=name)
    return int(text)


def _rating(data: Mapping[str, Any]) -> int:
    rating = _whole("rating", data)
    if not stimuli.LOWEST_RATING <= rating <= stimuli.HIGHEST_RATING:
        raise OutOfRange(
            because=f"A rating of {rating} is not on the scale from 0 to 100.", way_out="Tap again.", code="rating_range", where="rating"
        )
    return rating


def _force(data: Mapping[str, Any]) -> int:
    force = _whole("force_mn", data)
    if force not in stimuli.PINPRICKS_MN:
        raise UnknownWord("force", force, stimuli.PINPRICKS_MN)
    return force


def _distance(data: Mapping[str, Any]) -> str:
    text = str(data.get("distance_cm", "")).strip()
    try:
        distance = float(text)
    except ValueError:
        raise Missing(because="No distance was given.", way_out="Enter centimeters.", code="answer_missing", where="distance_cm") from None
    if not 0 <= distance <= stimuli.FURTHEST_CM.value:
        raise OutOfRange(
            because=f"{text} cm cannot be: the limit is {stimuli.FURTHEST_CM.value:g} cm.",
            way_out="Measure from the middle of the site.",
            code="distance_range",
            where="distance_cm",
        )
    return f"{distance:g}"


@dataclass(frozen=True)
class Standing:
    """What stands of a test.

    by_step   the entries that answer each step, in the order they happened; several only for a series
    status    running, paused, finished or stopped
    """

    plan: Plan
    by_step: Mapping[int, tuple[Entry, ...]]
    status: str
    last: Entry | None

    def felt(self, step: Step) -> tuple[str, ...]:
        return tuple(entry.data["felt"] for entry in self.by_step.get(step.number, ()) if entry.kind == "answer")

    def rating(self, step: Step) -> int | None:
        """The rating of a step; None where it was not asked or left out."""
        given = [entry for entry in self.by_step.get(step.number, ()) if entry.kind == "answer"]
        return int(given[-1].data["rating"]) if given and "rating" in given[-1].data else None

    def done(self, step: Step) -> bool:
        entries = self.by_step.get(step.number, ())
        if step.kind != "series" or any(entry.kind == "skipped" for entry in entries):
            return bool(entries)
        return follow(self.felt(step), series=form_of(self.plan.form).series).next_mn is None

    @property
    def next_step(self) -> Step | None:
        return next((step for step in self.plan.steps if not self.done(step)), None)

    @property
    def done_count(self) -> int:
        return sum(self.done(step) for step in self.plan.steps)


def standing(plan: Plan, entries: Iterable[Entry]) -> Standing:
    """Settle repeats and what was taken back. One entry stands for a step, the newest; all of them for a series."""
    every = sorted({entry.id: entry for entry in entries}.values(), key=lambda entry: (entry.happened_at, entry.sequence))
    gone = {entry.supersedes for entry in every if entry.supersedes}
    live = [entry for entry in every if entry.id not in gone]
    by_step: dict[int, tuple[Entry, ...]] = {}
    for entry in live:
        if entry.kind in ANSWERS and 1 <= entry.step <= len(plan.steps):
            more = plan.steps[entry.step - 1].kind == "series"
            by_step[entry.step] = (*by_step.get(entry.step, ()), entry) if more else (entry,)
    moves = [entry.kind for entry in live if entry.kind in (*ENDS, "paused", "resumed")]
    ended = next((kind for kind in reversed(moves) if kind in ENDS), None)
    status = ended or ("paused" if moves and moves[-1] == "paused" else "running")
    answered = [entry for entry in live if entry.kind in ANSWERS]
    return Standing(plan, by_step, status, answered[-1] if answered else None)

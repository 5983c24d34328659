"""Which questionnaires are asked together, and when a course asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from winddown.domain.instruments.instrument import Words, both
from winddown.domain.refusals import UnknownWord

Anchor = Literal["course", "session"]


@dataclass(frozen=True)
class Ask:
    """One instrument of a set; `only` names the items that are asked, empty means all."""

    instrument: str
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormSet:
    """What one link opens. `minutes` is about how long it takes."""

    key: str
    words: Words
    asks: tuple[Ask, ...]
    minutes: int

    @property
    def instruments(self) -> tuple[str, ...]:
        return tuple(ask.instrument for ask in self.asks)


@dataclass(frozen=True)
class Due:
    """A set asked on certain days after an anchor: the opening of the course, or the end of an infusion.

    open_days   how long the form stays open; after that a missing answer is missing
    """

    form_set: str
    anchor: Anchor
    days: tuple[int, ...]
    open_days: float


@dataclass(frozen=True)
class Slot:
    """One time at which one set is asked."""

    form_set: FormSet
    opens_at: datetime
    closes_at: datetime


_TABLE = (
    FormSet(
        "intake",
        both("Before the first visit", "Antes de la primera visita"),
        (
            Ask("pain-nrs"),
            Ask("peg"),
            Ask("mood", only=("mood",)),
            Ask("phq-9"),
            Ask("gad-7"),
            Ask("audit-c"),
            Ask("opioid-dose"),
            Ask("bladder"),
        ),
        10,
    ),
    FormSet("evening", both("This evening", "Esta noche"), (Ask("pain-nrs", only=("average",)), Ask("mood", only=("mood",))), 1),
    FormSet("morning", both("The morning after", "La mañana siguiente"), (Ask("pain-nrs", only=("average",)), Ask("side-effects")), 3),
    FormSet("week", both("Once a week", "Una vez por semana"), (Ask("peg"), Ask("pgic")), 2),
    FormSet("two_weeks", both("Every two weeks", "Cada dos semanas"), (Ask("phq-9"), Ask("gad-7"), Ask("peg")), 5),
    FormSet(
        "visit",
        both("Before a visit", "Antes de una visita"),
        (Ask("pain-nrs"), Ask("side-effects"), Ask("bladder"), Ask("opioid-dose")),
        4,
    ),
    FormSet("trauma", both("After a stressful experience", "Después de una experiencia estresante"), (Ask("pcl-5"),), 6),
)
SETS: dict[str, FormSet] = {each.key: each for each in _TABLE}

PACKAGED: tuple[Due, ...] = (
    Due("intake", "course", (0,), 14),
    Due("evening", "session", (1, 2, 3, 5, 7, 14, 28), 1),
    Due("morning", "session", (1,), 1),
    Due("two_weeks", "session", (14, 28), 7),
    Due("week", "session", (7, 21), 3),
)


def set_of(key: str) -> FormSet:
    """The set by its key. Refuses UnknownWord."""
    found = SETS.get(key)
    if found is None:
        raise UnknownWord("set of forms", key, SETS)
    return found


def as_data(schedule: Sequence[Due]) -> list[dict[str, Any]]:
    return [{"form_set": due.form_set, "anchor": due.anchor, "days": list(due.days), "open_days": due.open_days} for due in schedule]


def from_data(rows: Iterable[Mapping[str, Any]]) -> tuple[Due, ...]:
    """A schedule as it was stored. Refuses UnknownWord for a set or an anchor that is not known."""
    found = []
    for row in rows:
        if row["anchor"] not in ("course", "session"):
            raise UnknownWord("anchor of a schedule", row["anchor"], ("course", "session"))
        days = tuple(int(day) for day in row["days"])
        found.append(Due(set_of(row["form_set"]).key, row["anchor"], days, float(row["open_days"])))
    return tuple(found)


def slots(schedule: Sequence[Due], *, course_opened_at: datetime, sessions_ended_at: Sequence[datetime]) -> tuple[Slot, ...]:
    """Every time at which something is asked, in order of opening.

    A day counts from an infusion only until the next one: the fourteenth day after the first infusion is not asked when the second came
    on the tenth, because the answer would belong to that one.
    """
    ended = sorted(sessions_ended_at)
    found = []
    for due in schedule:
        starts = [course_opened_at] if due.anchor == "course" else ended
        for place, start in enumerate(starts):
            next_one = starts[place + 1] if place + 1 < len(starts) else None
            for day in due.days:
                opens = start + timedelta(days=day)
                if next_one is None or opens < next_one:
                    found.append(Slot(set_of(due.form_set), opens, opens + timedelta(days=due.open_days)))
    return tuple(sorted(found, key=lambda slot: (slot.opens_at, slot.form_set.key)))


def answered(slot: Slot, instrument: str, answered_at: Iterable[datetime]) -> bool:
    """Whether an answer to this instrument came while the slot was open."""
    return any(slot.opens_at <= at < slot.closes_at for at in answered_at)


def open_now(schedule_slots: Iterable[Slot], *, at: datetime) -> tuple[Slot, ...]:
    return tuple(slot for slot in schedule_slots if slot.opens_at <= at < slot.closes_at)


def missed(schedule_slots: Iterable[Slot], instrument: str, answered_at: Sequence[datetime], *, at: datetime) -> tuple[datetime, ...]:
    """When this instrument was asked and not answered. An open slot is not missed yet."""
    return tuple(
        slot.opens_at
        for slot in schedule_slots
        if slot.closes_at <= at and instrument in slot.form_set.instruments and not answered(slot, instrument, answered_at)
    )

"""How one patient's weeks at home stand: what was asked, what came, what is missing. A gap is a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from winddown.domain.followup import schedule
from winddown.domain.followup.schedule import Home, Slot
from winddown.domain.instruments.sets import FormSet
from winddown.record.models import Message, Patient
from winddown.services import forms, instruments

State = Literal["answered", "part", "missing", "not_asked", "open", "later"]
SHOWN_BACK, SHOWN_AHEAD = timedelta(days=120), timedelta(days=14)


@dataclass(frozen=True)
class Cell:
    """One slot and what became of it. `not_asked`: it came too soon after an answer to be asked."""

    slot: Slot
    state: State


@dataclass(frozen=True)
class Row:
    """One set with its slots in order, and how many of the past ones were answered and are missing."""

    form_set: FormSet
    cells: tuple[Cell, ...]

    def count(self, *states: State) -> int:
        return sum(cell.state in states for cell in self.cells)

    @property
    def answered(self) -> int:
        return self.count("answered", "part")

    @property
    def missing(self) -> int:
        return self.count("missing")

    @property
    def closed(self) -> int:
        return self.answered + self.missing


def rows(patient: Patient, *, now: datetime) -> list[Row]:
    """Every set that the course asks for at home, around today. The set before the first visit is no matter of home."""
    home, given = forms.home_of(patient), forms.given_of(patient)
    found: dict[str, list[Cell]] = {}
    sets: dict[str, FormSet] = {}
    for slot in forms.slots_of(patient, home):
        if slot.form_set.key != "intake" and now - SHOWN_BACK <= slot.opens_at <= now + SHOWN_AHEAD:
            sets[slot.form_set.key] = slot.form_set
            found.setdefault(slot.form_set.key, []).append(Cell(slot, _state(slot, given, home, now)))
    return [Row(sets[key], tuple(cells)) for key, cells in found.items()]


def _state(slot: Slot, given: forms.Given, home: Home, now: datetime) -> State:
    told = [schedule.answered(slot, key, given.get(key, ())) for key in slot.form_set.instruments]
    if any(told):
        return "answered" if all(told) else "part"
    if slot.opens_at > now:
        return "later"
    if _never_asked(slot, given, home):
        return "not_asked"
    return "open" if slot.closes_at > now else "missing"


def _never_asked(slot: Slot, given: forms.Given, home: Home) -> bool:
    for key in slot.form_set.instruments:
        interval = instruments.form_of(key).minimum_interval_days.value
        before = [at for at in given.get(key, ()) if at < slot.opens_at]
        if not before or schedule.allowed_from(max(before), interval, home) < slot.closes_at:
            return False
    return True


def sent(patient: Patient, *, limit: int = 20) -> Sequence[Message]:
    """The newest messages about this patient, to whomever they went."""
    return list(Message.objects.filter(patient=patient).order_by("-due_at", "-id").prefetch_related("acts")[:limit])

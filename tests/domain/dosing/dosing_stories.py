"""Stories for the dosing tests: one short way to write events, and random courses whose dose is known before any event is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from winddown.domain.sessions.story import Event

TEN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def after(minutes: float = 0, *, seconds: int = 0) -> datetime:
    return TEN + timedelta(minutes=minutes, seconds=seconds)


class Story:
    """Events in the order they are told; `at` is minutes from ten o'clock."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, kind: str, at: float = 0, *, id: str = "", supersedes: str | None = None, **data: Any) -> Story:
        number = len(self.events)
        words = {key: str(value) for key, value in data.items()}
        self.events.append(Event(id or f"e{number}", number, kind, after(at), after(at), "nurse", words, supersedes))
        return self

    def bag(self, at: float = -10, *, mg: object = 100, ml: object = 100, line: object = 0, primed: str = "drug", **data: Any) -> Story:
        return self.tell("bag_hung", at, bag="bag", total_mg=mg, volume_ml=ml, line_volume_ml=line, primed_with=primed, **data)


@dataclass(frozen=True)
class KnownCourse:
    """A course whose truth was drawn first: stretches of (seconds, mL in each second), and the events that tell it."""

    events: tuple[Event, ...]
    stretches: tuple[tuple[int, Fraction], ...]
    strength: Fraction

    @property
    def seconds(self) -> int:
        return sum(seconds for seconds, _ in self.stretches)

    def each_second(self) -> list[Fraction]:
        return [ml for seconds, ml in self.stretches for _ in range(seconds)]

    def ml_by(self, second: int) -> Fraction:
        total = Fraction(0)
        for seconds, ml in self.stretches:
            total += ml * min(seconds, second)
            second -= min(seconds, second)
        return total


@st.composite
def known_courses(draw: st.DrawFn) -> KnownCourse:
    """A valid infusion told by nurse or pump, then made messy: wrong entries corrected, false ones retracted, late, doubled, shuffled."""
    total_mg, volume_ml = draw(st.integers(10, 500)), draw(st.integers(10, 500))
    stretches: list[tuple[int, Fraction]] = []
    told: list[tuple[int, str, dict[str, str]]] = []
    running = False
    for index in range(draw(st.integers(1, 8))):
        seconds, rate = draw(st.integers(1, 900)), Decimal(draw(st.integers(1, 2000))) / 10
        told_by = draw(st.sampled_from(["nurse", "nurse", "pump", "hold", "bolus"] if index else ["nurse", "pump"]))
        now = sum(each for each, _ in stretches)
        if told_by == "bolus":
            told.append((now, "bolus_given", {"volume_ml": str(rate), "over_s": str(seconds)}))
            stretches.append((seconds, Fraction(rate) / seconds))
            kind = "rate_changed" if running else "held"
            told.append((now + seconds, kind, {"rate_ml_per_h": str(rate)} if running else {}))
            seconds = draw(st.integers(1, 60))
        elif told_by == "hold":
            told.append((now, "held", {}))
            running = False
        else:
            entry = "started" if index == 0 else "rate_changed" if running else "resumed"
            told.append((now, "rate_reported" if told_by == "pump" else entry, {"rate_ml_per_h": str(rate)}))
            running = True
        stretches.append((seconds, Fraction(rate) / 3600 if running else Fraction(0)))
    told.append((sum(each for each, _ in stretches), draw(st.sampled_from(["stopped", "infusion_completed"])), {}))
    stretches.append((30, Fraction(0)))
    events = [Event("bag", 0, "bag_hung", after(-5), after(-5), "nurse", {"total_mg": str(total_mg), "volume_ml": str(volume_ml)})]
    for second, kind, data in told:
        events += draw(_messy(len(events), after(seconds=second), kind, data))
    events += draw(st.lists(st.sampled_from(events), max_size=5))
    return KnownCourse(tuple(draw(st.permutations(events))), tuple(stretches), Fraction(total_mg, volume_ml))


@st.composite
def _messy(draw: st.DrawFn, sequence: int, happened: datetime, kind: str, data: dict[str, str]) -> list[Event]:
    """One true event, possibly first written wrong and corrected, possibly beside a false one that was retracted, possibly late."""
    written = happened + timedelta(seconds=draw(st.sampled_from([0, 5, 600])))
    true = Event(f"t{sequence}", sequence, kind, happened, written, "nurse", data)
    mess = draw(st.sampled_from(["clean", "clean", "corrected", "retracted"]))
    if mess == "corrected":
        wrong_at = happened + timedelta(seconds=draw(st.integers(-300, 300)))
        wrong_data = {**data, "rate_ml_per_h": str(draw(st.integers(0, 999)))}
        wrong = replace(true, id=f"w{sequence}", happened_at=wrong_at, data=wrong_data)
        return [wrong, replace(true, sequence=sequence + 1, supersedes=wrong.id)]
    if mess == "retracted":
        false = Event(f"f{sequence}", sequence + 1, "bolus_given", happened, written, "nurse", {"volume_ml": "9"})
        return [true, false, Event(f"r{sequence}", sequence + 2, "retracted", happened, written, "nurse", {}, false.id)]
    return [true]

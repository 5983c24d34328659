"""Replay a recording through the stream and the alarms, and count: alarms per chair-hour, and each reading held back with its reason.

This is how a clinic sees what its limits would have done on real signals before it approves them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from winddown.domain.alarms.condition import Baseline, Limits
from winddown.domain.alarms.evaluate import News, OpenAlarm, Raised, Watching, apply, evaluate
from winddown.domain.alarms.steps import is_beyond_mildest
from winddown.domain.alarms.window import Window
from winddown.domain.vitals.reading import Label, Reading
from winddown.domain.vitals.stream import Context, accept_set


@dataclass(frozen=True)
class HeldBack:
    """One reading that could not alarm, and the conditions whose limits its bare number lies beyond."""

    reading: Reading
    label: Label
    because: str
    would_touch: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """What a recording did.

    hours  from the first to the last reading
    news   every alarm raised, worsened and cleared, in order
    """

    hours: float
    readings: int
    news: tuple[News, ...]
    held_back: tuple[HeldBack, ...]

    @property
    def raised(self) -> dict[str, int]:
        """Alarms by key; a graver tier of an open alarm is not a new one."""
        return dict(Counter(each.key for each in self.news if isinstance(each, Raised)))

    @property
    def per_chair_hour(self) -> float:
        return sum(self.raised.values()) / self.hours if self.hours else 0.0

    @property
    def reasons(self) -> dict[tuple[str, str, str], int]:
        """How many readings were held back, by kind, label and reason."""
        return dict(Counter((each.reading.kind, each.label, _reason(each)) for each in self.held_back))

    def as_text(self) -> str:
        """A page a person can read: totals, alarms, reasons, and each held-back reading beyond a limit."""
        lines = [f"{self.readings} readings in {self.hours:.1f} h; {self.per_chair_hour:.1f} alarms per chair-hour"]
        lines += [f"  {count:4d}  {key}" for key, count in sorted(self.raised.items(), key=lambda pair: -pair[1])]
        lines += [f"held back: {len(self.held_back)}"]
        lines += [f"  {count:4d}  {kind}: {label}, {because}" for (kind, label, because), count in sorted(self.reasons.items())]
        touching = [each for each in self.held_back if each.would_touch]
        lines += [f"held back and beyond a limit by the bare number: {len(touching)}"]
        lines += [
            f"  {each.reading.id}  {each.reading.value}  {each.label}: {each.because} ({', '.join(each.would_touch)})" for each in touching
        ]
        return "\n".join(lines)


def summarize(
    readings: Iterable[Reading], *, limits: Limits, baseline: Baseline, watching: Watching | None = None, tick_s: float = 10
) -> Summary:
    """Feed the readings in order of arrival, with a tick of the clock between arrivals.

    watching  which silences to judge; None judges values only
    """
    ordered = sorted(readings, key=lambda reading: reading.received_at)
    state = _State(Context(), Window(), ())
    news: list[News] = []
    held_back: list[HeldBack] = []
    for at, arrived in _moments(ordered, tick_s):
        state, labelled = state.after(arrived)
        held_back += [_held_back(reading, limits, baseline) for reading in labelled if not reading.usable]
        told = evaluate(limits, baseline, state.window, state.alarms, at, watching=watching)
        state = replace(state, alarms=apply(state.alarms, told))
        news += told
    hours = (ordered[-1].received_at - ordered[0].received_at) / timedelta(hours=1) if ordered else 0.0
    return Summary(hours, len(ordered), tuple(news), tuple(held_back))


@dataclass(frozen=True)
class _State:
    context: Context
    window: Window
    alarms: tuple[OpenAlarm, ...]
    seen: frozenset[tuple[str, str, datetime, float | None]] = frozenset()

    def after(self, arrived: Sequence[Reading]) -> tuple[_State, list[Reading]]:
        if not arrived:
            return self, []
        context, judged = accept_set(self.context, arrived, seen=self.seen)
        window = self.window
        for reading, judgement in judged:
            window = window.with_reading(reading) if judgement.usable else window
        # A repeat comes soon after its twin, so the identities of the last message are enough here; the record keeps all.
        return replace(self, context=context, window=window, seen=frozenset(reading.identity for reading in arrived)), [
            each for each, _ in judged
        ]


def _moments(ordered: Sequence[Reading], tick_s: float) -> Iterator[tuple[datetime, list[Reading]]]:
    """Each arrival with what arrived together, and the ticks until the next."""
    before: datetime | None = None
    for at, group in groupby(ordered, key=lambda reading: reading.received_at):
        if before is not None:
            tick = before + timedelta(seconds=tick_s)
            while tick < at:
                yield tick, []
                tick += timedelta(seconds=tick_s)
        yield at, list(group)
        before = at


def _held_back(reading: Reading, limits: Limits, baseline: Baseline) -> HeldBack:
    value, kind = reading.value, reading.kind
    touched = [
        each.key
        for each in limits.conditions
        if kind in each.kinds and value is not None and is_beyond_mildest(each, kind, value, baseline)
    ]
    return HeldBack(reading, reading.label or "artefact", reading.problem, tuple(touched))


def _reason(held: HeldBack) -> str:
    """The reason without its own numbers, so that like cases count together."""
    return "a jump, believed if the next one agrees" if "believed if" in held.because else held.because

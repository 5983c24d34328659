"""An emulated infusion pump: it runs its own program and reports what it does. It only talks; nothing can program it over the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from winddown.devices.emulators.monitor import Identity, Pace, control_ids
from winddown.devices.emulators.outbox import Entry, Now, Outbox
from winddown.devices.emulators.program import Program
from winddown.domain.wire.hl7v2.write import EVENTS_OF_CHANGE, Change, Envelope, PumpEvent, PumpState, pump_report

_ZERO, _CENT = Decimal(0), Decimal("0.01")


@dataclass(frozen=True)
class Report:
    """One thing to say: an event, or a status when there is none."""

    event: PumpEvent | None
    state: PumpState
    happened_at: datetime


class Pump:
    """The pump's own account: it compares what it last reported with what the program says now, so no edit of the program is missed.

    A pump switched on within a running program says its status and no event: it did not see the start.
    """

    def __init__(
        self, program: Program, *, status_every: timedelta = timedelta(minutes=1), late_by: timedelta = timedelta(seconds=5)
    ) -> None:
        self.program = program
        self._status_every, self._late_by = status_every, late_by
        self._rate: Decimal | None = None
        self._has_run = False
        self._status_at: datetime | None = None

    def reports(self, at: datetime) -> Sequence[Report]:
        """What the pump has to say at this moment, in order."""
        step = self.program.step_at(at)
        rate = step.rate_ml_per_h if step else _ZERO
        happened = (self.program.moment_of(step) if step else None) or at
        if self._rate is None and at - happened > self._late_by:
            self._rate, self._has_run = rate, rate > 0
        before = self._rate or _ZERO
        self._rate = rate
        said = [] if rate == before else self._changed(before, rate, happened)
        if self._status_at is None or at >= self._status_at:
            self._status_at = at + self._status_every
            said.append(Report(None, self._state(rate, rate, at), at))
        return said

    def _changed(self, before: Decimal, rate: Decimal, happened: datetime) -> list[Report]:
        change = self._change(before, rate, happened)
        self._has_run = True
        said = []
        for event in EVENTS_OF_CHANGE[change]:
            programmed = before if event in ("transitioning", "stopped", "completed") else rate
            flowing = before if event == "transitioning" else rate
            said.append(Report(event, self._state(flowing, programmed, happened), happened))
        return said

    def _change(self, before: Decimal, rate: Decimal, happened: datetime) -> Change:
        if rate > 0:
            return "rate_change" if before > 0 else ("resume" if self._has_run else "start")
        volume = self.program.volume_ml
        empty = volume is not None and self.program.infused_ml(happened) >= volume - _CENT
        return "complete" if empty else "pause"

    def _state(self, flowing: Decimal, programmed: Decimal, at: datetime) -> PumpState:
        infused = self.program.infused_ml(at).quantize(_CENT)
        volume = self.program.volume_ml
        return PumpState(
            rate_ml_per_h=flowing,
            programmed_rate_ml_per_h=programmed,
            drug=self.program.drug,
            concentration_mg_per_ml=self.program.concentration_mg_per_ml,
            infused_ml=infused,
            to_be_infused_ml=volume,
            remaining_ml=None if volume is None else max(_ZERO, volume - infused),
            weight_kg=self.program.weight_kg,
        )


async def run(
    pump: Pump,
    identity: Identity,
    outbox: Outbox,
    *,
    now: Now,
    every: timedelta = timedelta(milliseconds=200),
    until: datetime | None = None,
    before_each: Callable[[], None] = lambda: None,
    pace: Pace = asyncio.sleep,
) -> None:
    """Look at the program at a steady beat and queue what there is to say."""
    beat = now()
    numbers = control_ids(identity, beat)
    while until is None or beat < until:
        before_each()
        for report in pump.reports(beat):
            outbox.put(_entry(identity, next(numbers), report))
        beat += every
        await pace(max(0.0, (beat - now()).total_seconds()))


def _entry(identity: Identity, control_id: str, report: Report) -> Entry:
    def render(sent_at: datetime) -> bytes:
        envelope = Envelope(
            device=identity.device,
            sent_at=sent_at,
            control_id=control_id,
            processing_id=identity.processing_id,
            patient_id=identity.patient_id,
            bed=identity.bed,
        )
        return pump_report(envelope, report.state, event=report.event, happened_at=report.happened_at)

    return Entry(control_id, render)

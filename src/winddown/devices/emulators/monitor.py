"""An emulated bedside monitor: one ORU^R01 a second with heart rate, oxygen, breathing and carbon dioxide, and a cuff now and then."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from winddown.devices.emulators.disturbances import Disturbances, Rates
from winddown.devices.emulators.outbox import Entry, Now, Outbox
from winddown.devices.emulators.patient import EmulatedPatient, Physiology
from winddown.domain.vitals.kinds import kind_of
from winddown.domain.wire.hl7v2.write import Envelope, Sign, vital_signs

Pace = Callable[[float], Awaitable[None]]


class Source(Protocol):
    """Whatever gives the signs of a moment; None when the device says nothing."""

    def observe(self, at: datetime) -> Sequence[Sign] | None: ...


@dataclass(frozen=True)
class Identity:
    """How a device names itself and its patient."""

    device: str
    patient_id: str = ""
    bed: str = ""
    processing_id: str = "P"


class Monitor:
    """The screen and the faults of one monitor on one emulated patient."""

    def __init__(
        self,
        patient: EmulatedPatient,
        *,
        seed: int,
        cuff_every: timedelta = timedelta(minutes=5),
        rates: Rates | None = None,
        first_cuff_after: timedelta = timedelta(0),
        capnography: bool = True,
    ) -> None:
        self.patient = patient
        self._faults = Disturbances(rates if rates is not None else Rates(), seed=seed)
        self._cuff_every, self._cuff_wait = cuff_every, first_cuff_after
        self._cuff_at: datetime | None = None
        self._capnography = capnography

    def observe(self, at: datetime) -> Sequence[Sign] | None:
        """The signs of this moment, each with its own time; None while the line is quiet."""
        body = self.patient.truth(at)
        self._faults.advance(at)
        signs = [*self._continuous(body, at), *self._cuff(body, at)]
        return None if self._faults.now("silence", at) else signs

    def _continuous(self, body: Physiology, at: datetime) -> list[Sign]:
        heart, pulse, oxygen = body.heart_rate, body.heart_rate, body.spo2
        if self._faults.now("wild", at):
            pulse, oxygen = self._faults.wild_pulse(), self._faults.wild_oxygen()
        probe_off, lead_off = self._faults.now("probe_off", at), self._faults.now("lead_off", at)
        signs = [
            self._sign("heart_rate", heart, at, off=lead_off),
            self._sign("respiratory_rate", body.respiratory_rate, at),
            self._sign("spo2", oxygen, at, off=probe_off),
            self._sign("pulse_rate", pulse, at, off=probe_off),
        ]
        return [*signs, self._sign("etco2", body.etco2, at)] if self._capnography else signs

    def _sign(self, kind: str, value: float, at: datetime, *, off: bool = False) -> Sign:
        if off:
            return Sign(kind, None if self._faults.coding == "flag" else 0.0, at)
        return Sign(kind, round(value, kind_of(kind).decimals), at)

    def _cuff(self, body: Physiology, at: datetime) -> list[Sign]:
        first = self._cuff_at is None
        due = self._cuff_at or at + self._cuff_wait
        self._cuff_at = due
        if at < due:
            return []
        missed = (at - due) // self._cuff_every
        self._cuff_at = due + (missed + 1) * self._cuff_every
        fault = 0.0 if first else self._faults.cuff_fault()  # the first is taken at rest, before anything moves the arm
        pressures = (("systolic", body.systolic), ("diastolic", body.diastolic), ("mean_pressure", body.mean_pressure))
        return [self._sign(kind, max(1.0, value + fault), at) for kind, value in pressures]


class Phantom:
    """The phantom bed: one reading that changes with the minute, so that a stuck road is seen at its end."""

    def observe(self, at: datetime) -> Sequence[Sign] | None:
        return [Sign("heart_rate", float(60 + at.minute % 10), at)]


def control_ids(identity: Identity, begun: datetime) -> Iterator[str]:
    """Control ids that differ between devices, and between two runs of one."""
    stem = f"{identity.device}-{begun:%Y%m%d%H%M%S%f}"
    return (f"{stem}-{number}" for number in itertools.count(1))


async def watch(
    source: Source,
    identity: Identity,
    outbox: Outbox,
    *,
    now: Now,
    every: timedelta,
    until: datetime | None = None,
    before_each: Callable[[], None] = lambda: None,
    pace: Pace = asyncio.sleep,
) -> None:
    """Observe at a steady beat and queue a message for each; the beat does not drift when a message takes long."""
    beat = now()
    numbers = control_ids(identity, beat)
    while until is None or beat < until:
        before_each()
        signs = source.observe(beat)
        if signs:
            outbox.put(_entry(identity, next(numbers), signs))
        beat += every
        await pace(max(0.0, (beat - now()).total_seconds()))


def _entry(identity: Identity, control_id: str, signs: Sequence[Sign]) -> Entry:
    def render(sent_at: datetime) -> bytes:
        return vital_signs(
            Envelope(
                device=identity.device,
                sent_at=sent_at,
                control_id=control_id,
                processing_id=identity.processing_id,
                patient_id=identity.patient_id,
                bed=identity.bed,
            ),
            signs,
        )

    return Entry(control_id, render)

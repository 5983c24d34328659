"""The monitor's screen: its beat, its cuff, its faults; with a clock that is handed in."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from small_listener import UTC_ZONE

from winddown.devices.emulators.disturbances import CALM, Rates
from winddown.devices.emulators.monitor import Identity, Monitor, Phantom, watch
from winddown.devices.emulators.outbox import Link, Outbox
from winddown.devices.emulators.patient import EmulatedPatient
from winddown.devices.emulators.program import Program
from winddown.domain.wire.hl7v2 import Message, read
from winddown.domain.wire.hl7v2.write import Sign

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
OFTEN = Rates(probe_off=60, lead_off=60, silence=30, wild=30, cuff_fault=0.5)


def screen(rates: Rates = CALM, seed: int = 1, cuff_min: float = 5) -> Monitor:
    return Monitor(
        EmulatedPatient(Program(weight_kg=Decimal(70)), seed=seed), seed=seed, rates=rates, cuff_every=timedelta(minutes=cuff_min)
    )


def seconds(monitor: Monitor, count: int) -> list[Sequence[Sign] | None]:
    return [monitor.observe(START + timedelta(seconds=second)) for second in range(count)]


def kinds(signs: Sequence[Sign] | None) -> set[str]:
    return {sign.kind for sign in signs or ()}


def test_every_second_brings_the_continuous_signs_and_only_the_cuff_cycles_bring_pressure() -> None:
    observed = seconds(screen(), 601)
    assert all({"heart_rate", "pulse_rate", "spo2", "respiratory_rate", "etco2"} <= kinds(signs) for signs in observed)
    assert [second for second, signs in enumerate(observed) if "systolic" in kinds(signs)] == [0, 300, 600]


def test_cuff_does_not_catch_up_after_a_pause() -> None:
    monitor = screen()
    monitor.observe(START)
    late = [monitor.observe(START + timedelta(minutes=minute)) for minute in (23, 24, 25)]
    assert ["systolic" in kinds(signs) for signs in late] == [True, False, True]


def test_calm_monitor_shows_every_value() -> None:
    assert all(sign.value for signs in seconds(screen(), 3600) for sign in signs or [Sign("none", None, START)])


def test_faults_show_as_missing_values_zeros_silence_and_wild_numbers() -> None:
    observed = [signs for seed in range(4) for signs in seconds(screen(OFTEN, seed), 3600)]
    signs = [sign for each in observed for sign in each or ()]
    assert None in observed
    assert {None, 0.0} <= {sign.value for sign in signs if sign.kind == "spo2"}
    assert {None, 0.0} <= {sign.value for sign in signs if sign.kind == "heart_rate"}
    assert any(sign.value and sign.value > 165 for sign in signs if sign.kind == "pulse_rate")
    assert all(sign.value is None or sign.value >= 0 for sign in signs)


class Clock:
    """A clock that only pacing moves."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def pace(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Kept(Outbox):
    """An outbox that keeps what it is given, written a minute later than observed."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(Link("127.0.0.1", 1), now=clock.now)
        self._clock = clock

    def messages(self) -> list[Message]:
        return [read(entry.render(self._clock.at + timedelta(minutes=1)), zone=UTC_ZONE) for entry in self._waiting]


def test_beat_is_steady_and_every_message_says_when_it_was_observed_and_when_sent() -> None:
    async def run() -> list[Message]:
        clock = Clock()
        outbox = Kept(clock)
        identity = Identity("WD-MON-0007", patient_id="77", bed="SANDUSKY^^3", processing_id="T")
        await watch(
            screen(), identity, outbox, now=clock.now, every=timedelta(seconds=2), until=START + timedelta(seconds=10), pace=clock.pace
        )
        return outbox.messages()

    messages = asyncio.run(run())
    times = [message.observations[-1].observed_at for message in messages]
    assert times == [START + timedelta(seconds=second) for second in (0, 2, 4, 6, 8)]
    assert {message.sent_at for message in messages} == {START + timedelta(seconds=70)}
    assert len({message.control_id for message in messages}) == 5
    assert {(message.device_keys[0], message.patient_id, message.bed, message.demo) for message in messages} == {
        ("WD-MON-0007", "77", "SANDUSKY^^3", True)
    }


def test_phantom_s_number_changes_with_the_minute() -> None:
    values = [(Phantom().observe(START + timedelta(minutes=minute)) or [])[0].value for minute in range(10)]
    assert len(set(values)) == 10

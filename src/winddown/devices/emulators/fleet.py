"""Many emulated monitors in one process, to load the listener and measure how long it takes to acknowledge."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from winddown.devices.emulators.disturbances import CALM
from winddown.devices.emulators.monitor import Identity, Monitor, watch
from winddown.devices.emulators.outbox import Link, Now, Outbox, Tally
from winddown.devices.emulators.patient import EmulatedPatient
from winddown.devices.emulators.program import Program


@dataclass(frozen=True)
class Load:
    """How many devices, how often each, for how long, named how."""

    devices: int
    per_s: float
    duration_s: float
    prefix: str = "WD-LOAD"
    seed: int = 1
    drain_s: float = 30.0


async def run(link: Link, load: Load, *, now: Now) -> dict[str, Any]:
    """Send, wait for the last answers, and report. All devices share one tally; each keeps its own connection."""
    tally, loop = Tally(), asyncio.get_running_loop()
    begun = loop.time()
    outboxes = [Outbox(link, now=now, tally=tally) for _ in range(load.devices)]
    couriers = [asyncio.create_task(outbox.run()) for outbox in outboxes]
    await asyncio.gather(*(_one(number, outbox, load, now) for number, outbox in enumerate(outboxes, start=1)))
    drained = await asyncio.gather(*(outbox.drain(load.drain_s) for outbox in outboxes))
    spent = loop.time() - begun
    for courier in couriers:
        courier.cancel()
    await asyncio.gather(*couriers, return_exceptions=True)
    trouble = sorted({outbox.trouble for outbox in outboxes if outbox.trouble})
    return {
        "devices": load.devices,
        "seconds": round(spent, 3),
        "acknowledged_per_s": round(tally.acknowledged / spent, 1),
        "undelivered_devices": drained.count(False),
        **tally.as_data(),
        "trouble": trouble[:5],
    }


async def _one(number: int, outbox: Outbox, load: Load, now: Now) -> None:
    every = timedelta(seconds=1 / load.per_s)
    await asyncio.sleep(every.total_seconds() * (number - 1) / load.devices)  # real beds are not in step
    patient = EmulatedPatient(Program(weight_kg=Decimal(75)), seed=load.seed + number)
    monitor = Monitor(patient, seed=load.seed + number, rates=CALM)
    identity = Identity(f"{load.prefix}-{number:04d}")
    await watch(monitor, identity, outbox, now=now, every=every, until=now() + timedelta(seconds=load.duration_s))

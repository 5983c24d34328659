"""Emulated monitors as one process: each sends over its own connection and writes down when every message left and was acknowledged.

`python -m benchmarks.senders --help`. The monitors and their store-and-forward are the product's own emulators.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from tests.whole.senders import Beats, Witness
from winddown.devices.emulators.disturbances import CALM
from winddown.devices.emulators.monitor import Identity, Monitor, Phantom, watch
from winddown.devices.emulators.outbox import Link, Outbox
from winddown.devices.emulators.patient import EmulatedPatient
from winddown.devices.emulators.program import Program

DRAIN_S = 30.0


def now() -> datetime:
    return datetime.now(UTC)


async def device(number: int, arguments: argparse.Namespace, until: datetime) -> tuple[Witness, Beats]:
    every = timedelta(seconds=1 / arguments.rate)
    outbox = Witness(Link("127.0.0.1", arguments.port), now=now)
    courier = asyncio.create_task(outbox.run())
    await asyncio.sleep(every.total_seconds() * (number - 1) / arguments.devices)  # real beds are not in step
    monitor = Beats(Monitor(EmulatedPatient(Program(weight_kg=Decimal(70)), seed=number), seed=number, rates=CALM))
    await watch(monitor, Identity(f"{arguments.prefix}-{number:04d}"), outbox, now=now, every=every, until=until)
    await outbox.drain(DRAIN_S)
    courier.cancel()
    return outbox, monitor


async def phantom(arguments: argparse.Namespace, until: datetime) -> None:
    outbox = Outbox(Link("127.0.0.1", arguments.port), now=now, limit=5)
    courier = asyncio.create_task(outbox.run())
    await watch(Phantom(), Identity("WINDDOWN_PHANTOM"), outbox, now=now, every=timedelta(seconds=20), until=until)
    courier.cancel()


async def run(arguments: argparse.Namespace) -> None:
    until = now() + timedelta(seconds=arguments.for_s)
    beds = [device(number, arguments, until) for number in range(1, arguments.devices + 1)]
    *found, _ = await asyncio.gather(*beds, phantom(arguments, until))
    rows = [
        (control_id, number, beat, fate.queued, fate.sent, fate.acknowledged)
        for number, (outbox, monitor) in enumerate(found, start=1)
        for (control_id, fate), beat in zip(outbox.fates.items(), monitor.beats, strict=True)
    ]
    kinds = [("control_id", "U64"), ("device", "i4"), ("observed_ms", "i8"), ("queued", "f8"), ("sent", "f8"), ("acknowledged", "f8")]
    np.save(arguments.out, np.array(rows, dtype=kinds))


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--devices", type=int, required=True)
    words.add_argument("--rate", type=float, default=1.0)
    words.add_argument("--for-s", type=float, required=True)
    words.add_argument("--prefix", required=True)
    words.add_argument("--out", type=Path, required=True)
    asyncio.run(run(words.parse_args()))

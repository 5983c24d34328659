"""Emulated monitors that write down when each message was observed, first sent and acknowledged. They are the product's own emulators."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from winddown.devices.emulators.disturbances import CALM
from winddown.devices.emulators.monitor import Identity, Monitor, watch
from winddown.devices.emulators.outbox import Entry, Link, Outbox
from winddown.devices.emulators.patient import EmulatedPatient
from winddown.devices.emulators.program import Program
from winddown.domain.wire.hl7v2.write import Sign


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Fate:
    """What became of one message. Seconds since 1970; None for never."""

    queued: float
    sent: float | None = None
    acknowledged: float | None = None


class Witness(Outbox):
    """An outbox that keeps the fate of each message by its control id."""

    def __init__(self, link: Link, *, now: Callable[[], datetime]) -> None:
        super().__init__(link, now=now)
        self.fates: dict[str, Fate] = {}
        self._acknowledged = 0

    def put(self, entry: Entry) -> None:
        fate = self.fates[entry.control_id] = Fate(time.time())

        def render(sent_at: datetime) -> bytes:
            raw = entry.render(sent_at)
            fate.sent = fate.sent or time.time()
            return raw

        super().put(replace(entry, render=render))

    def _settled(self, entry: Entry) -> None:
        if self.tally.acknowledged > self._acknowledged:
            self.fates[entry.control_id].acknowledged = time.time()
        self._acknowledged = self.tally.acknowledged
        super()._settled(entry)


class Beats:
    """A monitor that notes the observed time of each of its messages, in milliseconds since 1970."""

    def __init__(self, source: Monitor) -> None:
        self._source = source
        self.beats: list[int] = []

    def observe(self, at: datetime) -> Sequence[Sign] | None:
        signs = self._source.observe(at)
        if signs:
            self.beats.append(int(at.timestamp() * 1000))
        return signs


class Sender:
    """A calm monitor that sends at a steady beat and keeps what it was not told is stored."""

    def __init__(self, key: str, port: int, *, every_s: float) -> None:
        link = Link("127.0.0.1", port, answer_within_s=3.0, first_retry_s=0.1, longest_retry_s=0.5)
        self.outbox = Witness(link, now=now)
        monitor = Monitor(EmulatedPatient(Program(weight_kg=Decimal(70)), seed=7), seed=7, rates=CALM, cuff_every=timedelta(hours=1))
        self.beats = Beats(monitor)
        self._talk = watch(self.beats, Identity(key), self.outbox, now=now, every=timedelta(seconds=every_s))

    async def __aenter__(self) -> Sender:
        self._tasks = [asyncio.create_task(self.outbox.run()), asyncio.create_task(self._talk)]
        return self

    async def __aexit__(self, *why: object) -> None:
        """Stop observing and wait until everything is acknowledged."""
        self._tasks[1].cancel()
        drained = await self.outbox.drain(30)
        self._tasks[0].cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        assert drained, self.outbox.trouble

    async def until_acknowledged(self, more: int, within_s: float = 60) -> None:
        wanted = self.outbox.tally.acknowledged + more
        async with asyncio.timeout(within_s):
            while self.outbox.tally.acknowledged < wanted:
                await asyncio.sleep(0.02)


@contextmanager
def beside(sender: Sender) -> Iterator[Sender]:
    """The sender in a thread of its own, for a test that is busy with a browser. On leaving, everything is acknowledged."""
    enough = threading.Event()

    async def talk() -> None:
        async with sender:
            await asyncio.to_thread(enough.wait)

    thread = threading.Thread(target=lambda: asyncio.run(talk()))
    thread.start()
    try:
        yield sender
    finally:
        enough.set()
        thread.join()

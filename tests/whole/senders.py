"""Emulated monitors that write down when each message was observed, first sent and acknowledged. They are the product's own emulators."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from winddown.devices.emulators.monitor import Monitor
from winddown.devices.emulators.outbox import Entry, Link, Outbox
from winddown.domain.wire.hl7v2.write import Sign


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

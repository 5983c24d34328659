"""Store and forward: messages wait, in order and bounded, until the listener has acknowledged them.

A message that is sent again keeps its control id and its observed times; only the time of sending is new.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from winddown.domain.wire.hl7v2.tokens import Unreadable, tokenise, value_of
from winddown.domain.wire.mllp import Frame, Framer, wrap

Now = Callable[[], datetime]
Render = Callable[[datetime], bytes]
_CHUNK = 65536
_REMEMBERED = 200_000


@dataclass(frozen=True)
class Entry:
    """One message: how to write it at the moment of sending."""

    control_id: str
    render: Render


@dataclass
class Tally:
    """What became of the messages. `dropped` left a full store unsent; `failed` were answered AE too often."""

    queued: int = 0
    sent: int = 0
    acknowledged: int = 0
    rejected: int = 0
    failed: int = 0
    dropped: int = 0
    connections: int = 0
    latencies_ms: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED), repr=False)

    def as_data(self) -> dict[str, Any]:
        """Counts and latency percentiles, for JSON."""
        ordered = sorted(self.latencies_ms)
        counts = {name: value for name, value in vars(self).items() if name != "latencies_ms"}
        percentiles = {name: _percentile(ordered, share) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))}
        return {**counts, "latency_ms": percentiles}


@dataclass(frozen=True)
class Link:
    """Where the listener is, and how patient the sender is."""

    host: str
    port: int
    answer_within_s: float = 10.0
    first_retry_s: float = 0.5
    longest_retry_s: float = 10.0
    tries_after_error: int = 3


class Outbox:
    """One device's connection to the listener. `run` sends until stopped; `put` never waits."""

    def __init__(self, link: Link, *, now: Now, limit: int = 3600, tally: Tally | None = None) -> None:
        self._link, self._now, self._limit = link, now, limit
        self._waiting: deque[Entry] = deque()
        self._news = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self.tally = tally if tally is not None else Tally()
        self.trouble = ""

    def put(self, entry: Entry) -> None:
        """Queue a message; a full store gives up its oldest."""
        if len(self._waiting) >= self._limit:
            self._waiting.popleft()
            self.tally.dropped += 1
        self._waiting.append(entry)
        self.tally.queued += 1
        self._drained.clear()
        self._news.set()

    async def run(self) -> None:
        """Connect, send, and connect again, until cancelled."""
        pause = self._link.first_retry_s
        while True:
            answered = self.tally.acknowledged
            try:
                await self._connected()
            except (OSError, TimeoutError, EOFError) as why:
                self.trouble = f"{type(why).__name__}: {why}"
            pause = self._link.first_retry_s if self.tally.acknowledged > answered else min(pause * 2, self._link.longest_retry_s)
            await asyncio.sleep(pause)

    async def drain(self, within_s: float) -> bool:
        """Wait until everything is answered; False when it was not in time."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drained.wait(), within_s)
        return self._drained.is_set()

    async def _connected(self) -> None:
        reader, writer = await asyncio.open_connection(self._link.host, self._link.port)
        self.tally.connections += 1
        framer = Framer()
        try:
            while True:
                while not self._waiting:
                    self._news.clear()
                    await self._idle(reader)
                await self._deliver(self._waiting[0], reader, writer, framer)
        finally:
            writer.close()

    async def _idle(self, reader: asyncio.StreamReader) -> None:
        """Wait for the next message; a listener that hangs up meanwhile is noticed at the next send."""
        await self._news.wait()
        if reader.at_eof():
            raise EOFError("the listener closed the connection")

    async def _deliver(self, entry: Entry, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, framer: Framer) -> None:
        for left in range(self._link.tries_after_error, -1, -1):
            begun = time.perf_counter()
            writer.write(wrap(entry.render(self._now())))
            await writer.drain()
            self.tally.sent += 1
            verdict = await asyncio.wait_for(_answer(reader, framer, entry.control_id), self._link.answer_within_s)
            if verdict in ("AA", "CA"):
                self.tally.latencies_ms.append((time.perf_counter() - begun) * 1000.0)
                self.tally.acknowledged += 1
                break
            if verdict in ("AR", "CR"):
                self.tally.rejected += 1
                break
            if not left:
                self.tally.failed += 1
                break
            await asyncio.sleep(self._link.first_retry_s)
        self._settled(entry)

    def _settled(self, entry: Entry) -> None:
        if self._waiting and self._waiting[0] is entry:  # a full store may have dropped it meanwhile
            self._waiting.popleft()
        if not self._waiting:
            self._drained.set()


async def _answer(reader: asyncio.StreamReader, framer: Framer, control_id: str) -> str:
    """The verdict on this control id; answers to other messages are passed over."""
    while True:
        chunk = await reader.read(_CHUNK)
        if not chunk:
            raise EOFError("the listener closed the connection")
        for piece in framer.receive(chunk):
            verdict = _verdict(piece.payload, control_id) if isinstance(piece, Frame) else ""
            if verdict:
                return verdict


def _verdict(payload: bytes, control_id: str) -> str:
    try:
        accepted = tokenise(payload).first("MSA")
    except Unreadable:
        return ""
    return value_of(accepted, 1) if value_of(accepted, 2) == control_id else ""


def _percentile(ordered: list[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else None

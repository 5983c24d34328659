"""A real web process on a free port, and a reader of its live stream that speaks plain HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field


@dataclass
class Worker:
    """One web process that answers."""

    port: int
    process: subprocess.Popen

    def end(self, within_s: float) -> int:
        """Ask it to stop; its exit status. Raises when it takes longer."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within_s)


@contextlib.contextmanager
def serving(database_url: str) -> Iterator[Worker]:
    """`winddown serve` starts its web processes in the same way: the socket is opened first and handed over."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(256)
        command = [sys.executable, "-m", "winddown.config.web_worker", str(door.fileno())]
        told = os.environ | {"WINDDOWN_ROLE_DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, env=told, pass_fds=[door.fileno()], stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout.readline() == "ready\n"
                yield Worker(door.getsockname()[1], process)
            finally:
                process.kill()


@dataclass
class Heard:
    """One open stream: its status, and its events as they come."""

    status: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    rest: bytes = b""
    waiting: list[tuple[str, dict]] = field(default_factory=list)

    async def next(self) -> tuple[str, dict]:
        """The next event's kind and data. EOFError when the stream has ended."""
        while not self.waiting:
            size = int(await self.reader.readline() or b"0", 16)
            if not size:
                raise EOFError
            self.rest += (await self.reader.readexactly(size + 2))[:-2]
            *events, self.rest = self.rest.split(b"\n\n")
            self.waiting += [_read(event) for event in events]
        return self.waiting.pop(0)

    async def announcements(self, count: int, within_s: float = 20) -> list[dict]:
        """The next so many announcements; other events are passed over."""
        found: list[dict] = []
        async with asyncio.timeout(within_s):
            while len(found) < count:
                kind, data = await self.next()
                found += [data] if kind == "announcement" else []
        return found


@contextlib.asynccontextmanager
async def listening(port: int, cookie: str = "", query: str = "", last: int | None = None) -> AsyncIterator[Heard]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    resume = "" if last is None else f"Last-Event-ID: {last}\r\n"
    writer.write(f"GET /live/stream{query} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n{resume}\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    try:
        yield Heard(int(head.split()[1]), reader, writer)
    finally:
        writer.transport.abort()


def _read(event: bytes) -> tuple[str, dict]:
    lines = dict(line.split(": ", 1) for line in event.decode().split("\n"))
    return lines["event"], json.loads(lines["data"])

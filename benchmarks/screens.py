"""Live pages as one process: each holds a stream open, as a browser does, and writes down when every reading reached it.

`python -m benchmarks.screens --help`. Every second screen follows one session; the others hear the whole practice, as a board does.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import time
from array import array
from pathlib import Path

import numpy as np

from tests.whole.clinic import Clinic, known


class Screen:
    """One open stream and what arrived on it: which session, observed when (ms), heard when (s), and the announcement's number."""

    def __init__(self, number: int, cookie: str, session: str) -> None:
        self.number, self.cookie, self.session = number, cookie, session
        self.sessions, self.observed_ms, self.heard, self.numbers = array("i"), array("q"), array("d"), array("q")
        self.connections = 0
        self.last = 0

    async def follow(self, port: int, index: dict[str, int]) -> None:
        """Listen, and come back after a loss, until cancelled."""
        while True:
            with contextlib.suppress(OSError, EOFError, asyncio.IncompleteReadError):
                await self._listen(port, index)
            await asyncio.sleep(0.5)

    async def _listen(self, port: int, index: dict[str, int]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        wanted = f"?session={self.session}" if self.session else ""
        resume = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
        head = f"GET /live/stream{wanted} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self.cookie}\r\n{resume}\r\n"
        writer.write(head.encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in answer.split(b"\r\n")[0]:
            raise EOFError(answer[:80])
        self.connections += 1
        try:
            rest = b""
            while True:
                size = int((await reader.readline()).strip() or b"0", 16)
                if not size:
                    raise EOFError("the stream ended")
                rest += (await reader.readexactly(size + 2))[:-2]
                *events, rest = rest.split(b"\n\n")
                heard = time.time()
                for event in events:
                    self._take(event, index, heard)
        finally:
            writer.close()

    def _take(self, event: bytes, index: dict[str, int], heard: float) -> None:
        if not event.startswith(b"event: announcement"):
            return
        told = json.loads(event.split(b"data: ", 1)[1])
        self.last = told["n"]
        if told["kind"] != "readings" or told["session"] not in index:
            return
        for observed_ms in {point[1] for point in told["body"]["readings"]}:
            self.sessions.append(index[told["session"]])
            self.observed_ms.append(observed_ms)
            self.heard.append(heard)
            self.numbers.append(told["n"])


async def run(arguments: argparse.Namespace) -> None:
    clinic: Clinic = known(arguments.data)
    refs = list(clinic.session_of.values())
    index = {ref: place for place, ref in enumerate(refs, start=1)}
    screens = [
        Screen(number, clinic.cookies[number % len(clinic.cookies)], refs[number * 7 % len(refs)] if number % 2 else "")
        for number in range(arguments.screens)
    ]
    tasks = [asyncio.create_task(screen.follow(arguments.port, index)) for screen in screens]
    await asyncio.sleep(arguments.for_s)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    kinds = [("screen", "i4"), ("whole", "?"), ("device", "i4"), ("observed_ms", "i8"), ("heard", "f8"), ("number", "i8")]
    rows = [
        np.rec.fromarrays(
            [
                np.full(len(each.heard), each.number), np.full(len(each.heard), not each.session),
                np.frombuffer(each.sessions, "i4"), np.frombuffer(each.observed_ms, "i8"),
                np.frombuffer(each.heard, "f8"), np.frombuffer(each.numbers, "i8"),
            ],
            dtype=kinds,
        )
        for each in screens
        if len(each.heard)
    ]  # fmt: skip
    np.save(arguments.out, np.concatenate(rows) if rows else np.array([], dtype=kinds))
    print(json.dumps({"connections": [each.connections for each in screens]}))


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--data", type=Path, required=True)
    words.add_argument("--screens", type=int, default=20)
    words.add_argument("--for-s", type=float, required=True)
    words.add_argument("--out", type=Path, required=True)
    asyncio.run(run(words.parse_args()))

"""A small listener for the emulators to talk to: it keeps what came and answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from winddown.domain.wire.hl7v2 import Message, acknowledge, read
from winddown.domain.wire.mllp import Frame, Framer, wrap

AT = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
Answer = Literal["AA", "AE", "AR", "hang up", "wrong id"]


class Listener:
    """`answers` decides by the number of the message; `came` is every message in order, repeated ones too."""

    def __init__(self, answers: Callable[[int], Answer]) -> None:
        self._answers = answers
        self.came: list[Message] = []
        self.port = 0
        self._more = asyncio.Condition()

    async def until(self, count: int) -> list[Message]:
        """What came, once there are so many."""
        async with self._more:
            await asyncio.wait_for(self._more.wait_for(lambda: len(self.came) >= count), 20)
        return self.came

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        try:
            while chunk := await reader.read(65536):
                for piece in framer.receive(chunk):
                    assert isinstance(piece, Frame)
                    if not await self._answered(piece.payload, writer):
                        return
        except ConnectionError:
            return
        finally:
            writer.close()

    async def _answered(self, payload: bytes, writer: asyncio.StreamWriter) -> bool:
        number = len(self.came)
        async with self._more:
            self.came.append(read(payload, zone=UTC_ZONE))
            self._more.notify_all()
        answer = self._answers(number)
        if answer == "hang up":
            return False
        if answer == "wrong id":
            writer.write(wrap(b"MSH|^~\\&|X||||2026||ACK|1|P|2.6\rMSA|AA|somebody else's"))
        else:
            writer.write(wrap(acknowledge(payload, answer, at=AT, control_id=str(number), reason="as told") or b""))
        await writer.drain()
        return True


@asynccontextmanager
async def listening(answers: Callable[[int], Answer] = lambda number: "AA", port: int = 0) -> AsyncIterator[Listener]:
    """A listener on a free port of the loopback."""
    listener = Listener(answers)
    server = await asyncio.start_server(listener.serve, "127.0.0.1", port)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        server.close()

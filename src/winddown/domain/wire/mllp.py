"""MLLP framing (HL7 "Minimal Lower Layer Protocol"): a byte stream cut into frames, and everything else kept as garbage.

A frame is `VT payload FS CR`. Real senders leave out the final CR, send LF or CRLF instead, talk HTTP by mistake, or die in the middle.
The cut never depends on how the stream was chopped into chunks, and nothing is lost but the marks and the line ends between frames:
what is not a frame comes back as Garbage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

START = 0x0B
END = 0x1C
DEFAULT_MAX_BYTES = 16 * 1024 * 1024

_MARK = re.compile(rb"[\x0b\x1c]")
_LINE_ENDS = b"\r\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """One payload, without its start and end blocks."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that belong to no frame, to be kept beside the messages.

    because   no_start_block | cut_short (a new start block came before the end) | too_long | stream_ended
    """

    payload: bytes
    because: str


class _State(Enum):
    BETWEEN = "between"
    INSIDE = "inside"


def wrap(payload: bytes) -> bytes:
    """The payload as one MLLP frame."""
    return b"\x0b" + payload + b"\x1c\x0d"


class Framer:
    """Cuts one connection's bytes. One instance per connection; it holds at most `max_bytes` and the last chunk."""

    def __init__(self, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._max = max_bytes
        self._buffer = bytearray()
        self._begin = 0  # first byte of the piece being collected
        self._scan = 0  # first byte not yet searched, so that a long frame in small chunks is searched once
        self._state = _State.BETWEEN

    def receive(self, chunk: bytes) -> list[Frame | Garbage]:
        """All pieces that the chunk completes, in order."""
        self._buffer += chunk
        pieces: list[Frame | Garbage] = []
        while self._step(pieces):
            pass
        self._forget_consumed()
        return pieces

    def close(self) -> list[Frame | Garbage]:
        """What is left when the peer hangs up: garbage, or nothing."""
        rest = bytes(self._buffer[self._begin :])
        self._buffer.clear()
        self._begin = self._scan = 0
        self._state = _State.BETWEEN
        return [Garbage(rest, "stream_ended")] if rest else []

    def _step(self, pieces: list[Frame | Garbage]) -> bool:
        if self._state is _State.BETWEEN and self._scan == self._begin:
            self._skip_line_ends()
        limit = self._begin + self._max
        mark = _MARK.search(self._buffer, self._scan, limit + 1)
        if mark is None:
            if len(self._buffer) > limit:
                return self._cut_at_limit(limit, pieces)
            self._scan = len(self._buffer)
            return False
        self._take(mark.start(), pieces)
        return True

    def _take(self, at: int, pieces: list[Frame | Garbage]) -> None:
        payload = self._slice(self._begin, at)
        starts = self._buffer[at] == START
        inside = self._state is _State.INSIDE
        if inside and not starts:
            pieces.append(Frame(payload))
        elif payload:
            pieces.append(Garbage(payload, "cut_short" if inside else "no_start_block"))
        self._state = _State.INSIDE if starts else _State.BETWEEN
        self._begin = self._scan = at + 1

    def _cut_at_limit(self, limit: int, pieces: list[Frame | Garbage]) -> bool:
        because = "too_long" if self._state is _State.INSIDE else "no_start_block"
        pieces.append(Garbage(self._slice(self._begin, limit), because))
        self._state = _State.BETWEEN
        self._begin = self._scan = limit
        return True

    def _skip_line_ends(self) -> None:
        while self._begin < len(self._buffer) and self._buffer[self._begin] in _LINE_ENDS:
            self._begin += 1
        self._scan = self._begin

    def _slice(self, begin: int, end: int) -> bytes:
        with memoryview(self._buffer) as view:
            return bytes(view[begin:end])

    def _forget_consumed(self) -> None:
        if self._begin:
            del self._buffer[: self._begin]
            self._scan -= self._begin
            self._begin = 0

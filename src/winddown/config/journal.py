"""The service's log: one line per event, with its time and its process; aligned for a person, JSON for a program."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TextIO


class Journal:
    """Writes what the supervisor says and what its children say. JSON unless the stream is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._plain = stream.isatty()

    def own(self, sentence: str, *, warning: bool = False) -> None:
        self._write("serve", {"level": "warning" if warning else "info", "event": sentence})

    def of(self, process: str, line: str) -> None:
        """One line of a child. A line that is a JSON object keeps its fields."""
        if line.startswith("{"):
            try:
                self._write(process, json.loads(line))
                return
            except ValueError:
                pass
        self._write(process, {"event": line})

    def _write(self, process: str, said: dict[str, object]) -> None:
        at = datetime.now(UTC)
        if self._plain:
            rest = " ".join(f"{name}={value}" for name, value in said.items() if name not in ("event", "level", "at"))
            text = f"{at:%H:%M:%S} {process:<10} {said.get('event', '')} {rest}".rstrip()
        else:
            text = json.dumps({"at": at.isoformat(timespec="milliseconds"), "process": process, **said}, ensure_ascii=False, default=str)
        self._stream.write(text + "\n")
        self._stream.flush()

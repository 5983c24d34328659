"""The night's rebuild of the program's figures."""

from __future__ import annotations

from datetime import datetime

from winddown.record.scope import at_practice
from winddown.services import programme


def rebuild(practice_id: int, *, now: datetime) -> str:
    """Everything up to now, for one practice."""
    with at_practice(practice_id):
        row = programme.rebuild(as_of=now, now=now)
    return f"{row.figures['pain']['all']['series']} series in {row.took_ms} ms"

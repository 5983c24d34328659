"""The rebuild of the program's figures: each night, and when somebody asked for it, in a thread of its own so that nothing waits."""

from __future__ import annotations

from datetime import datetime

from winddown.jobs import aside
from winddown.record.scope import at_practice
from winddown.services import programme, rebuilds


def rebuild(practice_id: int, *, now: datetime) -> str:
    """Everything up to now, for one practice."""
    with at_practice(practice_id):
        row = programme.rebuild(as_of=now, now=now)
    return f"{row.figures['pain']['all']['series']} series in {row.took_ms} ms"


def begin(practice_id: int, *, now: datetime) -> int:
    """Start what was asked for; how many were started."""
    return aside.start("rebuild", practice_id, rebuilds.waiting, rebuilds.carry_out)

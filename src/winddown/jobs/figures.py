"""The rebuild of the program's figures: each night, and when somebody asked for it, in a thread of its own so that nothing waits."""

from __future__ import annotations

from datetime import datetime
from threading import Thread

from django.db import connection

from winddown.record.scope import at_practice
from winddown.services import programme, rebuilds


def rebuild(practice_id: int, *, now: datetime) -> str:
    """Everything up to now, for one practice."""
    with at_practice(practice_id):
        row = programme.rebuild(as_of=now, now=now)
    return f"{row.figures['pain']['all']['series']} series in {row.took_ms} ms"


def begin(practice_id: int, *, now: datetime) -> int:
    """Start what was asked for; how many were started."""
    with at_practice(practice_id):
        asked = rebuilds.waiting()
    for run_id in asked:
        Thread(target=_make, args=(practice_id, run_id), name=f"rebuild-{run_id}", daemon=True).start()
    return len(asked)


def _make(practice_id: int, run_id: int) -> None:
    try:
        rebuilds.carry_out(practice_id, run_id)
    finally:
        connection.close()

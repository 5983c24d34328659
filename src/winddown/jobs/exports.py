"""Exports that somebody asked for: each is made in a thread of its own, so that the post does not wait for it."""

from __future__ import annotations

from datetime import datetime
from threading import Thread

from django.db import connection

from winddown.record.scope import at_practice
from winddown.services import exports


def begin(practice_id: int, *, now: datetime) -> int:
    """Start what waits; how many were started."""
    with at_practice(practice_id):
        asked = exports.waiting()
    for run_id in asked:
        Thread(target=_make, args=(practice_id, run_id), name=f"export-{run_id}", daemon=True).start()
    return len(asked)


def _make(practice_id: int, run_id: int) -> None:
    try:
        exports.carry_out(practice_id, run_id)
    finally:
        connection.close()

"""What somebody asked for and waits for, in a thread of its own so that nothing else waits for it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from django.db import connection

from winddown.record.scope import at_practice


def start(name: str, practice_id: int, waiting: Callable[[], list[int]], carry_out: Callable[[int, int], None]) -> int:
    """A thread for each run that waits; how many were started."""
    with at_practice(practice_id):
        asked = waiting()
    for run_id in asked:
        Thread(target=_make, args=(carry_out, practice_id, run_id), name=f"{name}-{run_id}", daemon=True).start()
    return len(asked)


def _make(carry_out: Callable[[int, int], None], practice_id: int, run_id: int) -> None:
    try:
        carry_out(practice_id, run_id)
    finally:
        connection.close()

"""Exports that somebody asked for."""

from __future__ import annotations

from datetime import datetime

from winddown.jobs import aside
from winddown.services import exports


def begin(practice_id: int, *, now: datetime) -> int:
    """Start what waits; how many were started."""
    return aside.start("export", practice_id, exports.waiting, exports.carry_out)

"""Offers of freed times: those that ended are closed, and the next on the wait list are asked."""

from __future__ import annotations

from datetime import datetime

from winddown.record.scope import at_practice
from winddown.services import waiting


def go_on(practice_id: int, *, now: datetime) -> int:
    """One round for one practice; how many people were asked."""
    with at_practice(practice_id):
        return waiting.go_on(now=now)

"""A short way to tell a session's story in tests: minutes from ten o'clock and a kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from winddown.domain.sessions.story import Event

TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def minute(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def tell(*told: tuple[float, str] | tuple[float, str, dict[str, Any]]) -> list[Event]:
    return [
        Event(f"e{place}", place, fact[1], minute(fact[0]), minute(fact[0]), "Kim", fact[2] if len(fact) > 2 else {})  # type: ignore[misc]
        for place, fact in enumerate(told)
    ]


ARRIVED = ((-40, "checked_in"), (-5, "made_ready"))
STARTED = (*ARRIVED, (0, "started", {"rate_ml_per_h": "52.5"}))

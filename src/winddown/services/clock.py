"""The one place that asks what time it is. Everything beneath is handed the answer."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(tz=UTC)

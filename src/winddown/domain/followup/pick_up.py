"""When the person who fetches the patient should be there: told once, and once more if it moves. A time for planning, no promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

Deed = Literal["tell", "tell_moved", "nothing"]
ROUND_TO = timedelta(minutes=5)
TOLD_BEFORE = timedelta(minutes=90)
MOVED = timedelta(minutes=15)


def expected_at(*, infusion_ends_at: datetime, minimum_stay: timedelta, predicted_below_at: datetime | None) -> datetime:
    """The later of the protocol's shortest stay and the discharge clock (nine of ten virtual patients), on the next five minutes.

    predicted_below_at   a predicted level, not a criterion: it can only make the time later
    """
    at = infusion_ends_at + minimum_stay
    if predicted_below_at is not None:
        at = max(at, predicted_below_at)
    over = (at - at.replace(hour=0, minute=0, second=0, microsecond=0)) % ROUND_TO
    return at if not over else at + (ROUND_TO - over)


def what_to_do(expected: datetime, told: Sequence[datetime], *, at: datetime) -> Deed:
    """Tell when it is near; tell once more when it has moved by more than a quarter of an hour; then nothing: a person telephones."""
    if not told:
        return "tell" if at < expected <= at + TOLD_BEFORE else "nothing"
    if len(told) == 1 and abs(expected - told[0]) > MOVED and expected > at:
        return "tell_moved"
    return "nothing"

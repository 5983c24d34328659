"""The time that the escort is told: late rather than early, twice at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from winddown.domain.followup.pick_up import expected_at, what_to_do

END = datetime(2026, 5, 4, 14, 2, tzinfo=UTC)
STAY = timedelta(minutes=60)


@pytest.mark.parametrize(
    ("below", "clock"),
    [
        (None, "15:05"),
        (END + timedelta(minutes=20), "15:05"),
        (END + timedelta(minutes=83), "15:25"),
        (END + timedelta(minutes=84), "15:30"),
    ],
)
def test_the_later_of_the_stay_and_the_discharge_clock_counts(below, clock):
    assert f"{expected_at(infusion_ends_at=END, minimum_stay=STAY, predicted_below_at=below):%H:%M}" == clock


@pytest.mark.parametrize(
    ("minutes_ahead", "told_minutes", "deed"),
    [
        (120, [], "nothing"),
        (90, [], "tell"),
        (0, [], "nothing"),
        (60, [60], "nothing"),
        (75, [60], "nothing"),
        (76, [60], "tell_moved"),
        (44, [60], "tell_moved"),
        (-1, [60], "nothing"),
        (200, [60, 90], "nothing"),
    ],
)
def test_told_once_when_near_and_once_more_when_it_moves(minutes_ahead, told_minutes, deed):
    told = [END + timedelta(minutes=minutes) for minutes in told_minutes]
    assert what_to_do(END + timedelta(minutes=minutes_ahead), told, at=END) == deed

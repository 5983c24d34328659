"""A series under a spacing rule, over a change of the clocks, and what happens when one visit moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.booking.series import Spacing, judge, propose
from winddown.domain.refusals import OutOfRange, Refusal

ZONE = "America/New_York"
RULE = Spacing(min_hours=24, max_days=14, wish_days=3)


def local(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def every_hour(day: date) -> list[datetime]:
    return [datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(ZONE)) for hour in range(8, 17)] if day.weekday() < 5 else []


def test_six_visits_stay_at_nine_through_the_change_of_the_clocks() -> None:
    found = propose(local(2), RULE, 6, zone=ZONE, offers=every_hour)
    walls = [at.astimezone(ZoneInfo(ZONE)) for at in found]
    assert [wall.hour for wall in walls] == [9] * 6
    assert [wall.day for wall in walls] == [2, 5, 9, 12, 16, 19]
    assert judge(found, RULE) == ()


def test_the_nearest_free_start_of_the_wished_day_is_taken() -> None:
    def afternoons(day: date) -> list[datetime]:
        return [at for at in every_hour(day) if at.hour >= 14]

    assert propose(local(2), RULE, 2, zone=ZONE, offers=afternoons)[1] == local(5, 14)


def test_a_series_that_finds_no_room_says_which_visit_and_why() -> None:
    def until_the_tenth(day: date) -> list[datetime]:
        return every_hour(day) if day <= date(2026, 3, 10) else []

    with pytest.raises(Refusal, match=r"visit 5 of 6 between 24 hours and 14 days") as why:
        propose(local(2), RULE, 6, zone=ZONE, offers=until_the_tenth)
    assert why.value.code == "series_full"


def test_elapsed_hours_count_and_not_the_wall() -> None:
    before, after = local(7, 9), local(8, 9)
    assert after - before == timedelta(hours=23)
    (finding,) = judge([before, after], RULE)
    assert (finding.place, finding.code) == (2, "too_close")
    assert finding.because == "Visit 2 begins 23.0 h after the one before, at least 24 h."


def test_a_moved_visit_is_judged_against_both_its_neighbors() -> None:
    starts = list(propose(local(2), RULE, 4, zone=ZONE, offers=every_hour))
    starts[1] = starts[2] + timedelta(hours=20)
    assert [finding.code for finding in judge(starts, RULE)] == ["too_close"]
    starts[1] = starts[0] + timedelta(days=40)
    assert [finding.code for finding in judge(starts, RULE)] == ["too_far"]


def test_a_rule_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(OutOfRange, match="wished 1 d"):
        Spacing(min_hours=48, max_days=14, wish_days=1)

"""When it happened, as the page's fields say it: a table of what is typed against the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.refusals import Refusal
from winddown.web.sessions.when import moment_of

HERE = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 14, 20, 30, tzinfo=UTC)  # 09:20:30 on the wall


@pytest.mark.parametrize(
    ("typed", "expected", "past"),
    [
        ({}, NOW, False),
        ({"happened_at": "2026-03-02T14:20:10.000Z"}, NOW - timedelta(seconds=20), False),
        ({"happened_at": "2026-03-02T14:15:30Z"}, NOW - timedelta(minutes=5), True),
        ({"happened_at": "2026-03-02T15:20:30Z"}, NOW, False),
        ({"happened_at": "yesterday"}, NOW, False),
        ({"ago_min": "10"}, NOW - timedelta(minutes=10), True),
        ({"ago_min": "10", "happened_at": "2026-03-02T14:15:30Z"}, NOW - timedelta(minutes=15), True),
        ({"ago_min": "2"}, NOW - timedelta(minutes=2), False),
        ({"ago_min": "-5"}, NOW, False),
        ({"ago_min": "99999"}, NOW, False),
        ({"at_time": "09:00"}, datetime(2026, 3, 2, 14, 0, tzinfo=UTC), True),
        ({"at_time": "09:00", "ago_min": "2"}, datetime(2026, 3, 2, 14, 0, tzinfo=UTC), True),
        ({"at_time": "23:50"}, datetime(2026, 3, 2, 4, 50, tzinfo=UTC), True),
        ({"at_time": "09:21"}, NOW, False),
    ],
)
def test_what_is_typed_is_a_moment(typed, expected, past):
    moment = moment_of(typed, NOW, HERE)
    assert (moment.at, moment.past) == (expected, past)


@pytest.mark.parametrize(("text", "code"), [("09:40", "time_ahead"), ("25:00", "time_unreadable"), ("noon", "time_unreadable")])
def test_a_time_that_lies_ahead_or_is_none_is_refused(text, code):
    with pytest.raises(Refusal) as refused:
        moment_of({"at_time": text}, NOW, HERE)
    assert (refused.value.code, refused.value.where) == (code, "at_time")


def test_the_hour_that_the_clocks_skip_is_still_one_moment():
    night = datetime(2026, 3, 8, 8, 0, tzinfo=UTC)  # 04:00 after the clocks went forward at 02:00
    assert moment_of({"at_time": "01:30"}, night, HERE).at == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)

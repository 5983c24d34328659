"""Hours are written as the wall clock shows them and counted as they pass."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from winddown.domain.booking.hours import OpeningHours, day_length, instant, same_time_each
from winddown.domain.refusals import OutOfRange, UnknownWord

OHIO = "America/New_York"
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 6, 1), 24)])
def test_a_day_lasts_as_long_as_it_lasts(day, hours):
    assert day_length(day, OHIO) == timedelta(hours=hours)


def test_a_time_that_the_clocks_skip_is_refused():
    with pytest.raises(OutOfRange, match="02:30 does not exist on 8 Mar 2026"):
        instant(SPRING, time(2, 30), OHIO)


def test_a_time_that_comes_twice_means_the_first():
    assert instant(AUTUMN, time(1, 30), OHIO) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_weekly_series_keeps_its_time_on_the_wall_across_the_change():
    series = same_time_each(date(2026, 3, 2), time(9), OHIO, every_days=7, count=3)
    assert [each.hour for each in series] == [14, 13, 13]
    assert [(after - before) / timedelta(hours=1) for before, after in pairwise(series)] == [167, 168]


def test_opening_hours_follow_the_wall_clock():
    hours = OpeningHours(OHIO, {0: ((time(8), time(17)),)}, closed=frozenset({date(2026, 5, 25)}))
    assert hours.open_spans(date(2026, 3, 2)) == [(datetime(2026, 3, 2, 13, tzinfo=UTC), datetime(2026, 3, 2, 22, tzinfo=UTC))]
    assert hours.open_spans(date(2026, 3, 9)) == [(datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 9, 21, tzinfo=UTC))]
    assert hours.open_spans(date(2026, 5, 25)) == []
    assert hours.open_spans(date(2026, 3, 3)) == []


def test_a_span_across_the_jump_is_one_hour_shorter():
    night = OpeningHours(OHIO, {6: ((time(1), time(4)),)})
    start, end = night.open_spans(SPRING)[0]
    assert end - start == timedelta(hours=2)


def test_a_span_that_begins_in_the_skipped_hour_begins_at_the_jump():
    night = OpeningHours(OHIO, {6: ((time(2, 30), time(4)),)})
    assert night.open_spans(SPRING) == [(datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC))]


def test_a_visit_must_fit_whole_into_the_hours():
    hours = OpeningHours(OHIO, {0: ((time(8), time(12)), (time(13), time(17)))})
    nine = datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert hours.is_open(nine, nine + timedelta(hours=3))
    assert not hours.is_open(nine, nine + timedelta(hours=3, minutes=1))
    assert not hours.is_open(nine - timedelta(hours=2), nine)


@pytest.mark.parametrize("zone", ["Ohio", "", "../etc", "EST5EDT6"])
def test_an_unknown_zone_is_refused_and_never_becomes_a_default(zone):
    with pytest.raises(UnknownWord):
        OpeningHours(zone, {})


@pytest.mark.parametrize("weekly", [{7: ()}, {0: ((time(9), time(9)),)}, {0: ((time(17), time(8)),)}])
def test_hours_that_cannot_be_are_refused(weekly):
    with pytest.raises(OutOfRange):
        OpeningHours(OHIO, weekly)

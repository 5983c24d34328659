"""Time stamps with and without a zone, and on the two nights when the clocks change. Judged by the zone tables of the standard library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from winddown.domain.wire.hl7v2.times import Defaults, Stamp, defaults_of, parse, write

OHIO = ZoneInfo("America/New_York")
PLAIN = Defaults(OHIO)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("20260301120000+0000", Stamp(utc(2026, 3, 1, 12), False)),
        ("20260301120000-0500", Stamp(utc(2026, 3, 1, 17), False)),
        ("20260301120000.25+0530", Stamp(utc(2026, 3, 1, 6, 30, 0, 250000), False)),
        ("202603011200+0000", Stamp(utc(2026, 3, 1, 12), False)),
        ("20260301120000", Stamp(utc(2026, 3, 1, 17), True)),
        ("20260701120000", Stamp(utc(2026, 7, 1, 16), True)),
        ("20261231235960+0000", Stamp(utc(2027, 1, 1), False)),
    ],
)
def test_stamp_is_read_to_the_moment_it_names(text: str, stamp: Stamp) -> None:
    assert parse(text, PLAIN) == stamp


@pytest.mark.parametrize(
    "text", ["", '""', "2026", "20260301", "2026030112", "20261301120000", "20260230120000", "20260301250000", "yesterday"]
)
@pytest.mark.parametrize("zone", ["", "+0000"])
def test_stamp_that_is_no_moment_is_none(text: str, zone: str) -> None:
    assert parse(text + zone, PLAIN) is None


@pytest.mark.parametrize(
    "text", ["20260301120000+9900", "20260301120000+0560", "20260301120000+05", "٢٠٢٦٠٣٠١١٢٠٠٠٠", "00010101000000+1400"]
)
def test_impossible_offset_or_foreign_digits_are_none(text: str) -> None:
    assert parse(text, PLAIN) is None


def test_stamp_without_offset_takes_the_offset_of_the_message_header() -> None:
    defaults = defaults_of("20110602050000+0000", OHIO)
    assert parse("20110602045842", defaults) == Stamp(utc(2011, 6, 2, 4, 58, 42), True)


def test_header_offset_that_is_the_location_s_own_lets_the_zone_rules_decide_an_older_stamp() -> None:
    defaults = defaults_of("20261101080000-0500", OHIO)
    assert parse("20261101000000", defaults) == Stamp(utc(2026, 11, 1, 4), True)


def test_time_that_the_spring_change_skips_is_marked() -> None:
    assert parse("20260308023000", PLAIN) == Stamp(utc(2026, 3, 8, 7, 30), True, "time_skipped_by_clock_change")


def test_time_that_autumn_repeats_is_marked_and_the_one_nearest_the_message_is_taken() -> None:
    repeated = "time_repeated_by_clock_change"
    before = defaults_of("20261101013100-0400", OHIO)
    after = defaults_of("20261101013100-0500", OHIO)
    assert parse("20261101013000", PLAIN) == Stamp(utc(2026, 11, 1, 5, 30), True, repeated)
    assert parse("20261101013000", before) == Stamp(utc(2026, 11, 1, 5, 30), True, repeated)
    assert parse("20261101013000", after) == Stamp(utc(2026, 11, 1, 6, 30), True, repeated)


@given(some.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2099, 1, 1)), some.integers(-13 * 60, 13 * 60))
def test_what_is_written_is_read_back_to_the_millisecond(local: datetime, offset: int) -> None:
    at = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    stamp = parse(write(at), PLAIN)
    assert stamp is not None and not stamp.zone_assumed
    assert timedelta(0) <= at - stamp.at < timedelta(milliseconds=1)


@given(some.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2037, 1, 1)))
def test_local_time_in_a_zone_is_the_one_the_zone_tables_give(local: datetime) -> None:
    local = local.replace(microsecond=0)
    stamp = parse(f"{local:%Y%m%d%H%M%S}", PLAIN)
    assert stamp is not None
    back = stamp.at.astimezone(OHIO).replace(tzinfo=None)
    assert (back == local) != (stamp.problem == "time_skipped_by_clock_change")

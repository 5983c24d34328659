"""A count against the ledger, and when a loss must be told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.controlled import notice
from winddown.domain.controlled.alerts import expiry, par
from winddown.domain.controlled.counting import Compared, Shelf

D = Decimal
TEN_ML = {"vial_ml": D(10), "mg_per_ml": D(50)}


def compared(expected: Shelf, counted: Shelf) -> Compared:
    return Compared("Ketamine 50", expected, counted, **TEN_ML)


def test_a_missing_sealed_vial_is_never_within_what_reading_allows():
    found = compared(Shelf(10, 3, D(20)), Shelf(9, 3, D(20)))
    assert not found.agrees
    assert found.words == "9 sealed counted, 10 expected: 500 mg missing"


def test_levels_of_opened_vials_may_differ_by_what_the_eye_can_read():
    assert compared(Shelf(0, 2, D("7.3")), Shelf(0, 2, D("8.3"))).agrees
    found = compared(Shelf(0, 2, D("7.3")), Shelf(0, 2, D("6.2")))
    assert not found.agrees
    assert found.words == "6.2 mL left in opened vials, 7.3 mL expected, reading allows 1 mL: 55 mg missing"


def test_a_sealed_vial_swapped_for_an_opened_one_of_the_same_volume_is_seen():
    found = compared(Shelf(5, 1, D(4)), Shelf(4, 2, D(14)))
    assert not found.agrees
    assert found.difference_mg == 0


@pytest.mark.parametrize(
    ("found_at", "notice_by"),
    [
        ("2026-11-23T15:00", "2026-11-24"),  # Monday -> Tuesday
        ("2026-11-27T15:00", "2026-11-30"),  # Friday -> Monday
        ("2026-11-28T15:00", "2026-11-30"),  # Saturday -> Monday
        ("2026-11-28T03:00", "2026-11-30"),  # still Friday evening in Sandusky
    ],
)
def test_the_written_notice_is_due_by_the_end_of_the_next_business_day_of_the_place(found_at, notice_by):
    sandusky = ZoneInfo("America/New_York")
    clock = notice.clock(datetime.fromisoformat(found_at).replace(tzinfo=UTC), sandusky)
    assert clock.notice_by.date() == date.fromisoformat(notice_by)
    assert (clock.form_by.date() - datetime.fromisoformat(found_at).replace(tzinfo=UTC).astimezone(sandusky).date()).days == 45


def test_an_inventory_of_a_leap_day_is_due_before_march():
    assert notice.inventory_due(date(2024, 2, 29)) == date(2026, 2, 28)
    assert notice.inventory_due(date(2026, 11, 22)) == date(2028, 11, 22)


def test_a_vial_may_be_used_on_its_last_day_and_not_after():
    today = date(2026, 11, 22)
    assert expiry("V1", date(2027, 6, 1), today) is None
    near = expiry("V1", today, today)
    assert (near.level, near.words) == ("watch", "V1 expires in 0 days")
    gone = expiry("V1", date(2026, 11, 20), today)
    assert (gone.level, gone.words) == ("act", "V1 expired 2 days ago: take it out of use")
    assert par("Ketamine", 3, 3) is None
    assert par("Ketamine", 0, 3).level == "act"

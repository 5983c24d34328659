"""The page beside this file is the manual of the schedule and its test."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.specs import tables
from winddown.domain.followup.schedule import Home, packaged, slots

PAGE = Path(__file__).with_name("when-a-patient-is-asked.md")
TIMES = [*tables.rows(PAGE, "Days after one infusion"), *tables.rows(PAGE, "When the clocks change")]


def wall(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("row", TIMES, ids=lambda row: f"{row['Zone']}-{row['Set']}-{row['Ended']}-day{row['Day']}")
def test_a_set_opens_and_closes_when_the_page_says(row):
    ended = wall(row["Ended"], row["Zone"])
    found = slots(packaged("mood"), course_opened_at=ended, sessions_ended_at=[ended], home=Home(row["Zone"], int(row["Hour"])))
    [slot] = [each for each in found if each.form_set.key == row["Set"] and each.after_days == int(row["Day"])]
    closes, hours = re.fullmatch(r"(.{16})(?: \(([+-]1)h\))?", row["Closes"]).groups()
    assert slot.opens_at.astimezone(ZoneInfo(row["Zone"])).strftime("%Y-%m-%d %H:%M") == row["Opens"]
    assert slot.closes_at.astimezone(ZoneInfo(row["Zone"])).strftime("%Y-%m-%d %H:%M") == closes
    on_the_wall = datetime.fromisoformat(closes) - datetime.fromisoformat(row["Opens"])
    assert slot.closes_at - slot.opens_at == on_the_wall + timedelta(hours=int(hours or 0)) or int(row["Hour"]) == 2


@pytest.mark.parametrize("row", tables.rows(PAGE, "Days that are asked"), ids=lambda row: f"{row['Track']}-{row['Set']}")
def test_these_days_are_asked(row):
    ended = datetime(2026, 5, 4, 19, tzinfo=UTC)
    found = slots(packaged(row["Track"]), course_opened_at=ended, sessions_ended_at=[ended], home=Home("America/New_York"))
    days = " ".join(str(slot.after_days) for slot in found if slot.form_set.key == row["Set"])
    assert (days or "never") == row["Days"]

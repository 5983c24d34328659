"""A practice with hours, shifts and a kind of visit, so that something can be booked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

NEEDS = [{"kind": "chair"}, {"kind": "nurse"}, {"kind": "prescriber", "to_min": 30}]
HOURS = {str(day): [["08:00", "17:00"]] for day in range(7)}


def open_diary(house, monday: date, *, now: datetime, nurse_lanes: int = 1, weeks: int = 4):
    """Monday to Friday from 08:00 to 17:00 a nurse and a prescriber, and an infusion of an hour with half an hour of rest."""
    from winddown.services import calendar

    house.location.hours = HOURS
    house.location.save(update_fields=["hours"])
    shift = {"begins": time(8), "ends": time(17), "by": house.administrator, "now": now, "weeks": weeks}
    for day in range(5):
        calendar.put_on_shift(house.nurse, house.location, monday + timedelta(days=day), role="nurse", lanes=nurse_lanes, **shift)
        calendar.put_on_shift(house.prescriber, house.location, monday + timedelta(days=day), role="prescriber", lanes=3, **shift)
    return calendar.describe_visit(
        key="infusion", name="Infusion", minutes=60, recovery_min=30, needs=NEEDS, by=house.administrator, now=now
    )

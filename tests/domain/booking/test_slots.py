"""Slots are judged minute by minute by a reader that knows nothing of lanes, gaps or grids."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winddown.domain.booking.hours import OpeningHours, Span
from winddown.domain.booking.slots import Need, Resource, Taken, free_slots, merged, missing_at, serve_at, without
from winddown.domain.refusals import OutOfRange

EIGHT = datetime(2026, 6, 1, 8, tzinfo=UTC)


def at(minute: int) -> datetime:
    return EIGHT + timedelta(minutes=minute)


def span(start: int, end: int) -> Span:
    return at(start), at(end)


DAY = (span(0, 600),)
CHAIR_ONE = Resource("chair:1", "chair", DAY)
NURSE = Resource("nurse:1", "nurse", DAY, lanes=2)
DOCTOR = Resource("prescriber:1", "prescriber", DAY, lanes=3)
INFUSION = (Need("chair", 0, 120), Need("nurse", 0, 120), Need("prescriber", 0, 30))


def starts(needs: tuple[Need, ...], *resources: Resource, earliest: int = 0, step_min: int = 15) -> list[int]:
    found = free_slots(DAY, needs, resources, step_min=step_min, earliest=at(earliest))
    return [int((slot.start - EIGHT).total_seconds() // 60) for slot in found]


def test_only_where_chair_nurse_and_prescriber_are_all_free() -> None:
    busy_chair = Resource("chair:1", "chair", DAY, taken=(Taken(0, span(120, 300)),))
    late_doctor = Resource("prescriber:1", "prescriber", (span(300, 600),), lanes=3)
    assert starts(INFUSION, busy_chair, NURSE, DOCTOR, step_min=60) == [0, 300, 360, 420, 480]
    assert starts(INFUSION, CHAIR_ONE, NURSE, late_doctor, step_min=60) == [300, 360, 420, 480]
    assert starts(INFUSION, CHAIR_ONE, NURSE) == []
    assert starts(INFUSION, CHAIR_ONE, DOCTOR) == []


def test_the_nurse_ratio_is_a_limit_and_not_a_note() -> None:
    two_patients = Resource("nurse:1", "nurse", DAY, lanes=2, taken=(Taken(0, span(0, 240)), Taken(1, span(60, 240))))
    chairs = [Resource(f"chair:{n}", "chair", DAY) for n in range(5)]
    assert starts((Need("chair", 0, 60), Need("nurse", 0, 60)), *chairs, two_patients, step_min=60)[:2] == [0, 240]


def test_a_visit_that_needs_the_whole_person_waits_until_nobody_else_is_there() -> None:
    one_patient = Resource("prescriber:1", "prescriber", DAY, lanes=3, taken=(Taken(1, span(0, 60)),))
    first, *_ = free_slots(DAY, (Need("prescriber", 0, 45, whole=True),), [one_patient], step_min=15, earliest=EIGHT)
    assert first.start == at(60)
    assert first.uses[0].lanes == (0, 1, 2)


def test_a_short_gap_is_filled_before_a_long_one_is_broken() -> None:
    gap = Resource("chair:2", "chair", DAY, taken=(Taken(0, span(0, 110)),))
    slot = serve_at(at(120), (Need("chair", 0, 60),), [CHAIR_ONE, gap])
    assert slot is not None
    assert slot.key_of("chair") == "chair:2"


def test_what_is_missing_is_named() -> None:
    busy = Resource("chair:1", "chair", DAY, taken=(Taken(0, span(0, 600)),))
    assert missing_at(at(60), INFUSION, [busy, NURSE]) == ("chair", "prescriber")


def test_no_slot_before_the_notice_that_the_place_asks_for() -> None:
    assert starts(INFUSION, CHAIR_ONE, NURSE, DOCTOR, earliest=437)[0] == 450


@pytest.mark.parametrize("needed", [(-1, 20), (20, 20), (30, 20)])
def test_a_need_without_a_minute_is_refused(needed: tuple[int, int]) -> None:
    with pytest.raises(OutOfRange, match="chair needed"):
        Need("chair", *needed)


SPANS = st.tuples(st.integers(0, 580), st.integers(5, 200)).map(lambda pair: span(pair[0], min(pair[0] + pair[1], 600)))
TAKEN = st.lists(st.tuples(st.integers(0, 1), SPANS).map(lambda pair: Taken(*pair)), max_size=4).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    chairs=st.lists(TAKEN, min_size=1, max_size=3), nurses=st.lists(st.tuples(SPANS, TAKEN), max_size=3), step=st.sampled_from([10, 15, 30])
)
def test_a_slot_is_offered_exactly_when_every_minute_of_it_has_a_chair_and_a_nurse(
    chairs: list[tuple[Taken, ...]], nurses: list[tuple[Span, tuple[Taken, ...]]], step: int
) -> None:
    needs = (Need("chair", 0, 60), Need("nurse", 10, 60))
    seats = [Resource(f"chair:{n}", "chair", DAY, taken=tuple(Taken(0, each.span) for each in taken)) for n, taken in enumerate(chairs)]
    people = [Resource(f"nurse:{n}", "nurse", (shift,), lanes=2, taken=taken) for n, (shift, taken) in enumerate(nurses)]
    offered = {slot.start for slot in free_slots(DAY, needs, [*seats, *people], step_min=step, earliest=EIGHT)}
    for minute in range(0, 541, step):
        chair = any(all(not _busy(seat, 0, minute + each) for each in range(60)) for seat in seats)
        nurse = any(
            all(_there(one, minute + each) and not _busy(one, lane, minute + each) for each in range(10, 60))
            for one in people
            for lane in (0, 1)
        )
        assert (at(minute) in offered) == (chair and nurse), minute


def _busy(resource: Resource, lane: int, minute: int) -> bool:
    return any(each.lane == lane and each.span[0] <= at(minute) < each.span[1] for each in resource.taken)


def _there(resource: Resource, minute: int) -> bool:
    return any(opens <= at(minute) < closes for opens, closes in resource.available)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])
def test_a_year_of_slots_keeps_its_time_on_the_wall_through_both_changes_of_the_clocks(zone: str) -> None:
    hours = OpeningHours(zone, {day: ((time(9), time(12)),) for day in range(7)})
    place = ZoneInfo(zone)
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        spans = hours.open_spans(day)
        chair = Resource("chair:1", "chair", tuple(spans))
        found = free_slots(spans, (Need("chair", 0, 60),), [chair], step_min=30, earliest=datetime(2025, 1, 1, tzinfo=UTC))
        assert [slot.start.astimezone(place).strftime("%Y-%m-%d %H:%M") for slot in found] == [
            f"{day} {clock}" for clock in ("09:00", "09:30", "10:00", "10:30", "11:00")
        ]


def test_cutting_holes_out_of_spans() -> None:
    assert without([span(0, 100)], [span(20, 30), span(25, 40), span(90, 120)]) == [span(0, 20), span(40, 90)]
    assert without([span(0, 10)], [span(0, 10)]) == []
    assert without([span(0, 10), span(20, 30)], []) == [span(0, 10), span(20, 30)]
    assert merged([span(5, 9), span(0, 5), span(20, 21)]) == [span(0, 9), span(20, 21)]


def test_chairs_that_are_alike_change_no_slot() -> None:
    """The search looks at one of them; `serve_at` looks at every one."""
    taken = (Taken(0, span(120, 300)),)
    chairs = [Resource(f"chair:{n}", "chair", DAY, taken=taken if n % 2 else ()) for n in range(6)]
    there = [*chairs, Resource("nurse:0", "nurse", (span(0, 200),), lanes=2), NURSE, DOCTOR]
    found = list(free_slots(DAY, INFUSION, there, step_min=15, earliest=EIGHT))
    assert found == [slot for minute in range(0, 481, 15) if (slot := serve_at(at(minute), INFUSION, there)) is not None]
    assert {slot.key_of("chair") for slot in found} == {"chair:0", "chair:1"}

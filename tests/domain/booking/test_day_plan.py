"""The day's program against every arrangement there is, on days small enough to try them all; and its time on a full one."""

from __future__ import annotations

import time
from itertools import product
from random import Random

import pytest

from winddown.domain.booking.day_plan import LEFT_OUT, Day, Nurse, Option, Visit, cost_of, options_of, plan

DAY = Day(12, ("A", "B"), (Nurse("one", 0, 12, 1), Nurse("two", 2, 10, 2)), (2,) * 12)


def feasible(chosen: list[Option], day: Day) -> bool:
    for step in range(day.steps):
        there = [(visit, nurse) for visit, nurse, start in chosen if start <= step < start + visit.steps]
        if len(there) > len(day.chairs) or any(sum(each is nurse for _, each in there) > nurse.lanes for nurse in day.nurses):
            return False
        if sum(start <= step < start + visit.prescriber_steps for visit, _n, start in chosen) > day.prescribers[step]:
            return False
    return True


def cheapest(visits: list[Visit], day: Day) -> float:
    """Every arrangement tried, one after another."""
    best = float("inf")
    for arrangement in product(*([*options_of(visit, day), None] for visit in visits)):
        chosen = [option for option in arrangement if option is not None]
        if feasible(chosen, day):
            best = min(best, sum(map(cost_of, chosen)) + LEFT_OUT * (len(visits) - len(chosen)))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_arrangement_is_cheaper_than_the_plan(seed: int) -> None:
    dice = Random(seed)
    visits = []
    for number in range(3):
        start = dice.randrange(8)
        chair, nurse = dice.choice(DAY.chairs), dice.choice(("one", "two"))
        visits.append(Visit(str(number), start, dice.randrange(2, 6), chair, nurse, max(0, start - 2), start + 2, dice.randrange(3)))
    found = plan(visits, DAY)
    assert found.cost == pytest.approx(cheapest(visits, DAY))
    assert feasible([(visit, nurse, each.start) for each in found.placed for visit in visits for nurse in DAY.nurses
                     if visit.key == each.key and nurse.key == each.nurse], DAY)  # fmt: skip
    seats = [(each.chair, step) for each in found.placed for visit in visits if visit.key == each.key
             for step in range(each.start, each.start + visit.steps)]  # fmt: skip
    assert len(seats) == len(set(seats))


def test_a_day_that_fits_stays_as_it_is() -> None:
    visits = [Visit("early", 0, 4, "A", "one", 0, 4), Visit("late", 4, 4, "A", "one", 2, 6)]
    found = plan(visits, DAY)
    assert [(each.key, each.start, each.chair, each.moved, each.because) for each in found.placed] == [
        ("early", 0, "A", False, ""),
        ("late", 4, "A", False, ""),
    ]
    assert found.cost == 0


def test_a_longer_recovery_moves_the_next_visit_and_says_why() -> None:
    day = Day(12, ("A",), (Nurse("one", 0, 12, 1),), (2,) * 12)
    found = plan([Visit("long", 0, 5, "A", "one", 0, 0), Visit("next", 4, 4, "A", "one", 3, 7)], day)
    assert [(each.key, each.start, each.because) for each in found.placed] == [
        ("long", 0, ""),
        ("next", 5, "at @4 2 visits need a chair and there are 1"),
    ]


def test_who_does_not_fit_is_left_out_by_name_and_nobody_is_squeezed_in() -> None:
    day = Day(6, ("A",), (Nurse("one", 0, 6, 1),), (1,) * 6)
    found = plan([Visit("a", 0, 4, "A", "one", 0, 2), Visit("b", 2, 4, "A", "one", 0, 2)], day)
    assert len(found.placed) == 1
    assert [because for _key, because in found.left_out] == ["at @2 2 visits need a chair and there are 1"]


def test_a_full_day_is_planned_in_under_five_seconds() -> None:
    dice = Random(7)
    nurses = tuple(Nurse(f"n{number}", 0, 44, 2) for number in range(5))
    chairs = tuple(f"c{number}" for number in range(10))
    visits = []
    for number in range(24):
        start = dice.randrange(0, 32)
        steps = dice.randrange(6, 14)
        visits.append(Visit(str(number), start, steps, chairs[number % 10], f"n{number % 5}", max(0, start - 6), start + 6, 2))
    began = time.perf_counter()
    found = plan(visits, Day(44, chairs, nurses, (6,) * 44))
    assert time.perf_counter() - began < 5
    assert len(found.placed) + len(found.left_out) == 24

"""One day's chairs and nurses by a 0/1 program over time: everybody in, the fewest and smallest moves, and the reason for each.

Time runs in steps. Chairs are alike; a nurse looks after so many at once; prescribers are counted together. The program proposes: a person
accepts, and the database has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from winddown.domain.refusals import OutOfRange, Refusal

LEFT_OUT, A_MOVE, A_STEP, ANOTHER_NURSE = 10_000, 30, 4, 3
TIME_LIMIT_S = 4.0


@dataclass(frozen=True)
class Visit:
    """A visit of the day, in steps from the opening.

    start, nurse, chair   as booked;  steps  as long as it is expected to take
    prescriber_steps, nurse_steps   how long from its start each is needed; without `nurse_steps` the nurse stays to the end
    earliest, latest      between which it may begin; equal to `start` when it may not move
    """

    key: str
    start: int
    steps: int
    chair: str
    nurse: str
    earliest: int
    latest: int
    prescriber_steps: int = 0
    nurse_steps: int | None = None

    @property
    def with_nurse(self) -> int:
        return self.steps if self.nurse_steps is None else min(self.nurse_steps, self.steps)

    def __post_init__(self) -> None:
        if self.steps < 1 or not self.earliest <= self.latest:
            raise OutOfRange(
                because=f"A visit of {self.steps} steps between {self.earliest} and {self.latest}.",
                way_out="Give at least one step, and a latest start after the earliest.",
                code="plan_visit",
            )


@dataclass(frozen=True)
class Nurse:
    """A nurse on shift from one step to another, for as many patients at once as `lanes`."""

    key: str
    first: int
    last: int
    lanes: int


@dataclass(frozen=True)
class Day:
    """What the day has: how many steps, which chairs, which nurses, how many prescriber places at each step, and when it is shut."""

    steps: int
    chairs: tuple[str, ...]
    nurses: tuple[Nurse, ...]
    prescribers: tuple[int, ...]
    shut: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Placed:
    """Where a visit is put: start, chair, nurse; `because` is empty where nothing changes."""

    key: str
    start: int
    chair: str
    nurse: str
    moved: bool
    because: str = ""


@dataclass(frozen=True)
class DayPlan:
    """The whole day: every visit placed or left out with the reason, the cost, and how far from the best it can be at most."""

    placed: tuple[Placed, ...]
    left_out: tuple[tuple[str, str], ...]
    cost: float
    gap: float


Option = tuple[Visit, Nurse, int]


def options_of(visit: Visit, day: Day) -> list[Option]:
    """Every start and nurse that could serve this visit by itself."""
    last = min(visit.latest, day.steps - visit.steps)
    return [
        (visit, nurse, start)
        for start, nurse in product(range(max(0, visit.earliest), last + 1), day.nurses)
        if nurse.first <= start and start + visit.with_nurse <= nurse.last and day.shut.isdisjoint(range(start, start + visit.steps))
    ]


def cost_of(option: Option) -> float:
    """Nothing for staying; a move costs once and by its length, another nurse a little."""
    visit, nurse, start = option
    away = abs(start - visit.start)
    return (A_MOVE + A_STEP * away if away else 0) + (ANOTHER_NURSE if nurse.key != visit.nurse else 0)


def plan(visits: Sequence[Visit], day: Day) -> DayPlan:
    """The cheapest day. Refuses when the solver finds no answer in time: then the day stays as it is."""
    options = [option for visit in visits for option in options_of(visit, day)]
    chosen, cost, gap = _solved(visits, options, day) if visits else ([], 0.0, 0.0)
    chairs = _seated(chosen, day)
    taken = {visit.key for visit, _nurse, _start in chosen}
    words = _Words(visits, day)
    placed = tuple(
        Placed(visit.key, start, chairs[visit.key], nurse.key, moved=start != visit.start, because=words.why(visit, nurse, start))
        for visit, nurse, start in sorted(chosen, key=lambda option: (option[2], option[0].key))
    )
    left = tuple((visit.key, words.crowded(visit) or "it does not fit into the day") for visit in visits if visit.key not in taken)
    return DayPlan(placed, left, cost, gap)


def _solved(visits: Sequence[Visit], options: Sequence[Option], day: Day) -> tuple[list[Option], float, float]:
    """A column for each option and one for leaving each visit out; a row for each visit, and for each thing at each step."""
    import numpy as np  # slow import
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow import
    from scipy.sparse import coo_array  # slow import

    rows, upper = _rows(visits, options, day)
    width = len(options) + len(visits)
    costs = np.array([cost_of(option) for option in options] + [float(LEFT_OUT)] * len(visits))
    entries = [(row, column) for row, columns in enumerate(rows) for column in columns]
    matrix = coo_array((np.ones(len(entries)), ([row for row, _ in entries], [column for _, column in entries])), shape=(len(rows), width))
    lower = np.array([1.0] * len(visits) + [0.0] * (len(rows) - len(visits)))
    found: Any = milp(
        costs,
        integrality=np.ones(width, dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix.tocsr(), lower, np.array(upper, dtype=float)),
        options={"time_limit": TIME_LIMIT_S, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise Refusal(because="No plan was found in time.", way_out="The day stays as it is; move visits by hand.", code="plan_not_found")
    chosen = [option for option, taken in zip(options, found.x[: len(options)], strict=True) if taken > 0.5]
    return chosen, float(found.fun), float(found.mip_gap or 0.0)


def _rows(visits: Sequence[Visit], options: Sequence[Option], day: Day) -> tuple[list[list[int]], list[int]]:
    """Columns of each row with the most that may be taken of them. First the visits: each once, or left out."""
    number = {visit.key: place for place, visit in enumerate(visits)}
    once: list[list[int]] = [[len(options) + place] for place in range(len(visits))]
    capacity: dict[tuple[str, int], list[int]] = {}
    for column, (visit, nurse, start) in enumerate(options):
        once[number[visit.key]].append(column)
        for step in range(start, start + visit.steps):
            capacity.setdefault(("chairs", step), []).append(column)
        for step in range(start, start + visit.with_nurse):
            capacity.setdefault((f"nurse {nurse.key}", step), []).append(column)
        for step in range(start, start + min(visit.prescriber_steps, visit.steps)):
            capacity.setdefault(("prescribers", step), []).append(column)
    lanes = {f"nurse {nurse.key}": nurse.lanes for nurse in day.nurses}
    most = [
        len(day.chairs) if what == "chairs" else day.prescribers[step] if what == "prescribers" else lanes[what] for what, step in capacity
    ]
    return [*once, *capacity.values()], [1] * len(visits) + most


def _seated(chosen: Sequence[Option], day: Day) -> Mapping[str, str]:
    """A chair for each, the present one where it is free: in the order of their starts one is always left."""
    until = dict.fromkeys(day.chairs, 0)
    found = {}
    for visit, _nurse, start in sorted(chosen, key=lambda option: (option[2], option[0].chair, option[0].key)):
        free = [chair for chair in day.chairs if until[chair] <= start]
        wanted = {each.chair for each, _n, at in chosen if at >= start and each.key != visit.key}
        chair = visit.chair if visit.chair in free else next((each for each in free if each not in wanted), free[0])
        until[chair], found[visit.key] = start + visit.steps, chair
    return found


class _Words:
    """Why a visit cannot stay where it is: what is crowded there with the expected lengths."""

    def __init__(self, visits: Sequence[Visit], day: Day) -> None:
        self.visits, self.day = visits, day

    def why(self, visit: Visit, nurse: Nurse, start: int) -> str:
        if start == visit.start and nurse.key == visit.nurse:
            return ""
        return self.crowded(visit) or "it makes room for another visit"

    def crowded(self, visit: Visit) -> str:
        """The first thing that does not suffice during the visit as booked; `@step` stands where the reader puts the time."""
        if visit.start + visit.steps > self.day.steps:
            return "it would end after closing time"
        mine = next((each for each in self.day.nurses if each.key == visit.nurse), None)
        if mine is None or not (mine.first <= visit.start and visit.start + visit.with_nurse <= mine.last):
            return "its nurse is not on shift for all of it"
        for step in range(visit.start, visit.start + visit.steps):
            there = [each for each in self.visits if each.start <= step < each.start + each.steps]
            if len(there) > len(self.day.chairs):
                return f"at @{step} {len(there)} visits need a chair and there are {len(self.day.chairs)}"
            of_nurse = sum(each.nurse == visit.nurse and step < each.start + each.with_nurse for each in there)
            if of_nurse > mine.lanes and step < visit.start + visit.with_nurse:
                return f"at @{step} its nurse would have {of_nurse} patients, at most {mine.lanes}"
            asked = sum(each.start <= step < each.start + each.prescriber_steps for each in there)
            if asked > self.day.prescribers[step] and step < visit.start + visit.prescriber_steps:
                return f"at @{step} {asked} visits need a prescriber and there are places for {self.day.prescribers[step]}"
        return ""

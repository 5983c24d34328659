"""What rate would hold this level? The least plan that does, inside the limits given, and which of them binds.

The level is what is asked for, never more: level did not go with response (Goldberg 2010), so nothing here climbs towards a cap. Where
the level cannot be held inside the limits there is no plan, and the limit that stands in the way is named. Only an effect that is
rated above exploratory may be a limit; the others are shown beside the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from winddown.domain.pharmacology.band import Line, plain
from winddown.domain.pharmacology.chart import plasma_analyte
from winddown.domain.pharmacology.effects import scale
from winddown.domain.pharmacology.individual import Posterior, personal
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Form
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.pharmacology.structures import HOURS_TO_MINUTES
from winddown.domain.refusals import NotAllowed, OutOfRange

Signal = Literal["plasma", "effect_site"]
SIGNALS: tuple[Signal, ...] = ("plasma", "effect_site")
LEADS_MIN = (3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 45.0, 60.0)
NEAR = 0.05  # of the level: within this it is held
BESIDE = ("dissociation", "systolic_rise", "cadss6")
AFTER_MIN = 60.0
ROUNDS = 60


@dataclass(frozen=True)
class Goal:
    """Hold `level_ng_per_ml` in the middle patient for `minutes` once it is reached.

    refuses  OutOfRange for a level or a time that is not above zero
    """

    level_ng_per_ml: float
    minutes: float
    signal: Signal = "plasma"

    def __post_init__(self) -> None:
        for value, what, unit in ((self.level_ng_per_ml, "level", "ng/mL"), (self.minutes, "time", "min")):
            if not (np.isfinite(value) and value > 0):
                raise OutOfRange(
                    because=f"A {what} of {value:g} {unit} is nothing to hold.",
                    way_out="Give a number above zero.",
                    code="target_not_above_zero",
                    where=what,
                )


@dataclass(frozen=True)
class Chance:
    """At most `most` of the equally likely persons may go above `above` in the effect of this key."""

    key: str
    above: float
    most: float


@dataclass(frozen=True)
class Bounds:
    """What a plan may use.

    most_mg_per_h   the cap on the rate
    step_mg_per_h   the pump's smallest step; rates are multiples of it
    most_mg         the cap on the total; None where there is none
    chances         limits on effects; exploratory ones are refused
    """

    most_mg_per_h: float
    step_mg_per_h: float
    most_mg: float | None = None
    chances: tuple[Chance, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.step_mg_per_h <= self.most_mg_per_h:
            raise OutOfRange(
                because=f"A pump step of {self.step_mg_per_h:g} mg/h under a cap of {self.most_mg_per_h:g} mg/h leaves no rate.",
                way_out="Check the cap and the concentration.",
                code="no_rate_left",
                where="rate",
            )
        for chance in self.chances:
            if not scale(chance.key).may_rank:
                raise NotAllowed(
                    because=f"{scale(chance.key).name} is exploratory: it is shown, and may not decide a dose.",
                    way_out="Leave it out; read it beside the plan.",
                    code="exploratory_may_not_gate",
                    where=chance.key,
                )


@dataclass(frozen=True)
class Binding:
    """A limit that holds the plan back or forbids it. code: rate_cap, total_cap, pump_step, chance; numbers by name."""

    code: Literal["rate_cap", "total_cap", "pump_step", "chance"]
    numbers: Mapping[str, float]
    key: str = ""


@dataclass(frozen=True)
class Plan:
    """The rates that hold the level, or why none do.

    steps         (minutes, mg/h) one after the other; empty where there is no plan
    reached_min   when the middle patient is there; None without a plan
    highest       what the middle patient can hold inside the limits, where that is less than asked
    binding       the limits that bind
    line          the level, and `beside` the effects, each with its band and its rating, over `at_min`
    """

    goal: Goal
    steps: tuple[tuple[float, float], ...]
    total_mg: float
    reached_min: float | None
    highest: float | None
    binding: tuple[Binding, ...]
    at_min: Array
    line: Line | None
    beside: Mapping[str, Line]

    @property
    def found(self) -> bool:
        return bool(self.steps)

    def schedule(self, form: Form) -> Schedule:
        edges = np.cumsum([0.0, *(minutes for minutes, _ in self.steps)])
        rates = [rate / HOURS_TO_MINUTES for _, rate in self.steps]
        return Schedule(
            form, tuple(Segment(float(a), float(b), rate) for (a, b), rate in zip(pairwise(edges), rates, strict=True) if rate > 0)
        )

    def as_data(self) -> dict[str, Any]:
        return {
            "found": self.found,
            "goal": {"level_ng_per_ml": self.goal.level_ng_per_ml, "minutes": self.goal.minutes, "signal": self.goal.signal},
            "steps": [{"minutes": minutes, "mg_per_h": round(rate, 4)} for minutes, rate in self.steps],
            "total_mg": round(self.total_mg, 3),
            "reached_min": self.reached_min,
            "highest_ng_per_ml": self.highest,
            "binding": [{"code": each.code, "key": each.key, **each.numbers} for each in self.binding],
            "times_min": plain(self.at_min),
            "level": self.line.as_data() if self.line else None,
            "beside": {key: line.as_data() for key, line in self.beside.items()},
        }


def hold(posterior: Posterior, form: Form, goal: Goal, bounds: Bounds) -> Plan:
    """The least plan that brings the middle patient to the level and holds it there.

    A first rate as high as the cap allows, for as short as is enough; then two lower ones. Rates are multiples of the pump's step.
    refuses  NotAllowed for an effect site that the model does not have
    """
    shape = _Shape.of(posterior, form, goal)
    tried = [(lead, *_rates(shape, lead, goal, bounds)) for lead in LEADS_MIN]
    held = [each for each in tried if each[2]]
    lead, rates, _ = held[0] if held else tried[-1]
    level = shape.level(lead, rates)
    if not held:
        highest = float(shape.level(lead, np.full(3, _floor(bounds.most_mg_per_h, bounds.step_mg_per_h)))[-1])
        if highest > goal.level_ng_per_ml:
            return _none(goal, (Binding("pump_step", {"mg_per_h": bounds.step_mg_per_h}),), None)
        return _none(goal, (Binding("rate_cap", {"mg_per_h": bounds.most_mg_per_h}),), highest)
    plan = _plan(goal, shape.durations(lead), rates, float(shape.at_min[int(np.argmax(level >= (1 - NEAR) * goal.level_ng_per_ml))]))
    against = _against(posterior, form, plan, bounds)
    if against:
        return _none(goal, against, None)
    return _shown(posterior, form, plan, _binding(plan, bounds))


@dataclass(frozen=True)
class _Shape:
    """The typical person's answer to rates: linear, so a plan is a weighted sum of unit stretches."""

    posterior: Posterior
    form: Form
    goal: Goal
    at_min: Array

    @classmethod
    def of(cls, posterior: Posterior, form: Form, goal: Goal) -> _Shape:
        if goal.signal == "effect_site" and not posterior.person.drives_effects:
            raise NotAllowed(
                because=f"{posterior.person.model.card.name} has no effect site.",
                way_out="Ask for a plasma level, or choose a model of arterial S-ketamine.",
                code="no_effect_site",
                where="model",
            )
        return cls(posterior, form, goal, np.arange(1.0, max(LEADS_MIN) + goal.minutes + 0.5))

    def durations(self, lead: float) -> tuple[float, float, float]:
        """The first rate, one that follows while the tissues fill, and the rest."""
        following = float(round(min(max(10.0, 0.25 * self.goal.minutes), 0.5 * self.goal.minutes)))
        return lead, following, self.goal.minutes - following

    def level(self, lead: float, rates: Array) -> Array:
        """(m,) the middle person's level up to the end of the hold. rates (3,) mg/h."""
        return np.asarray(rates @ self.units(lead))

    def units(self, lead: float) -> Array:
        """(3, m) ng/mL at the goal's signal for 1 mg/h in each stretch."""
        person, middle = self.posterior.person, np.median(self.posterior.z, axis=0)[np.newaxis]
        edges = np.cumsum([0.0, *self.durations(lead)])
        times = self.at_min[self.at_min <= edges[-1]]
        analyte = plasma_analyte(person.model.card)
        parts = [name for name in ("s_ketamine", "r_ketamine", analyte) if name in person.model.card.ratings]
        rows = []
        for begin, end in pairwise(edges):
            given = Schedule(self.form, (Segment(float(begin), float(end), 1.0 / HOURS_TO_MINUTES),))
            ran = person.courses(middle, given, times, tuple(dict.fromkeys(parts)), sites=("dissociation",))
            rows.append(ran.effect_site[0] if self.goal.signal == "effect_site" else ran.level(analyte, person.model.card.sites[0])[0])
        return np.stack(rows)


def _rates(shape: _Shape, lead: float, goal: Goal, bounds: Bounds) -> tuple[Array, bool]:
    """(3,) rates in mg/h on the pump's grid, and whether the level is held from the end of the lead on."""
    units = shape.units(lead)
    times = shape.at_min[: units.shape[1]]
    holding = times >= lead
    cap = _floor(bounds.most_mg_per_h, bounds.step_mg_per_h)
    rates = np.zeros(3)
    for _ in range(ROUNDS):  # coordinate descent: a convex square in three bounded unknowns
        before = rates.copy()
        for place in range(3):
            rest = goal.level_ng_per_ml - (rates @ units - rates[place] * units[place])
            weight = float(units[place, holding] @ units[place, holding])
            rates[place] = min(max(float(units[place, holding] @ rest[holding]) / weight, 0.0), cap) if weight > 0 else 0.0
        if np.allclose(rates, before, atol=bounds.step_mg_per_h * 1e-3):
            break
    rates = np.minimum(np.round(rates / bounds.step_mg_per_h) * bounds.step_mg_per_h, cap)
    level = rates @ units
    tolerance = NEAR * goal.level_ng_per_ml
    return rates, bool(
        np.abs(level[holding] - goal.level_ng_per_ml).max() <= 3 * tolerance
        and abs(float(np.mean(level[holding])) - goal.level_ng_per_ml) <= tolerance
    )


def _floor(value: float, step: float) -> float:
    return float(np.floor(value / step + 1e-9) * step)


def _plan(goal: Goal, durations: Sequence[float], rates: Array, reached_min: float) -> Plan:
    steps: list[tuple[float, float]] = []
    for minutes, exact in zip(durations, rates.tolist(), strict=True):
        rate = round(exact, 6)
        if minutes <= 0:
            continue
        if steps and steps[-1][1] == rate:
            steps[-1] = (steps[-1][0] + minutes, rate)
        else:
            steps.append((minutes, rate))
    total = sum(minutes * rate / HOURS_TO_MINUTES for minutes, rate in steps)
    return Plan(goal, tuple(steps), total, reached_min, None, (), np.zeros(0), None, {})


def _against(posterior: Posterior, form: Form, plan: Plan, bounds: Bounds) -> tuple[Binding, ...]:
    """The limits that this plan would cross."""
    found: list[Binding] = []
    if bounds.most_mg is not None and plan.total_mg > bounds.most_mg + 1e-9:
        found.append(Binding("total_cap", {"needed_mg": plan.total_mg, "most_mg": bounds.most_mg}))
    if bounds.chances:
        keys = [chance.key for chance in bounds.chances]
        courses = personal(posterior, plan.schedule(form), _minutes(plan), analytes=(), effects=keys).courses
        for chance in bounds.chances:
            share = float(np.mean(courses[chance.key].max(axis=1) > chance.above))
            if share > chance.most:
                found.append(Binding("chance", {"share": share, "above": chance.above, "most": chance.most}, chance.key))
    return tuple(found)


def _minutes(plan: Plan) -> Array:
    return np.arange(0.0, sum(minutes for minutes, _ in plan.steps) + AFTER_MIN + 0.5)


def _binding(plan: Plan, bounds: Bounds) -> tuple[Binding, ...]:
    """What holds a plan back that was found all the same: the first rate at the cap, or a pump step coarser than the level asks for."""
    cap = _floor(bounds.most_mg_per_h, bounds.step_mg_per_h)
    found = []
    if any(rate >= cap - 1e-9 for _, rate in plan.steps):
        found.append(Binding("rate_cap", {"mg_per_h": bounds.most_mg_per_h}))
    smallest = min((rate for _, rate in plan.steps if rate > 0), default=0.0)
    if smallest and bounds.step_mg_per_h / smallest > 2 * NEAR:
        found.append(Binding("pump_step", {"mg_per_h": bounds.step_mg_per_h}))
    return tuple(found)


def _none(goal: Goal, binding: tuple[Binding, ...], highest: float | None) -> Plan:
    return Plan(goal, (), 0.0, None, highest, binding, np.zeros(0), None, {})


def _shown(posterior: Posterior, form: Form, plan: Plan, binding: tuple[Binding, ...]) -> Plan:
    """The plan with its level and what goes with it, over the equally likely persons."""
    minutes, analyte = _minutes(plan), plasma_analyte(posterior.person.model.card)
    lines = personal(posterior, plan.schedule(form), minutes, analytes=(analyte,), effects=BESIDE).lines
    level = lines["effect_site" if plan.goal.signal == "effect_site" else analyte]
    beside = {key: lines[key] for key in BESIDE if key in lines}
    return Plan(plan.goal, plan.steps, plan.total_mg, plan.reached_min, None, binding, minutes, level, beside)

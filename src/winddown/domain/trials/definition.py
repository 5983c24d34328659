"""What a trial asks, read from plain data and refused line by line where it means nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import check_form, drivable
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.pharmacology.effects.effect import Effect
from winddown.domain.pharmacology.model import CompartmentModel, Form
from winddown.domain.pharmacology.population import MOST_PATIENTS, Population, Question
from winddown.domain.pharmacology.regimen import Schedule, dose_over
from winddown.domain.pharmacology.regimen import steps as steps_of
from winddown.domain.quantities import parse_minutes, parse_quantity
from winddown.domain.refusals import Missing, NotAllowed, OutOfRange, UnknownWord
from winddown.domain.trials.crowd import Mix, mix
from winddown.domain.trials.measures import MEASURES, Outcome

LINES = ("title", "patients", "seed", "model", "until", "step", "population", "arms", "outcomes")
ARM_LINES = ("name", "form", "dose", "over", "steps", "most_mg")
OUTCOME_LINES = ("name", "measure", "of", "limit", "unit", "minute")
MOST_TIMES, MOST_ARMS, MOST_OUTCOMES = 2_000, 12, 40


@dataclass(frozen=True)
class Arm:
    """One way of dosing. per_kg: the schedule is for one kilogram; most_mg: nobody gets more in all."""

    name: str
    schedule: Schedule
    per_kg: bool
    most_mg: float | None
    words: str


@dataclass(frozen=True)
class Trial:
    """A whole trial. at_min (m,): the times at which courses are followed."""

    title: str
    patients: int
    seed: int
    model_id: str
    crowd: Mix
    arms: tuple[Arm, ...]
    outcomes: tuple[Outcome, ...]
    at_min: tuple[float, ...]
    warnings: tuple[str, ...]

    @property
    def population(self) -> Population:
        return Population(cast("CompartmentModel", models.get(self.model_id)), self.crowd, self.seed)

    def question(self, arm: Arm) -> Question:
        names = {outcome.of for outcome in self.outcomes if outcome.of}
        effects = _effects(self.model_id)
        return Question(
            schedule=arm.schedule,
            at_min=np.asarray(self.at_min),
            analytes=tuple(sorted(names - set(effects))),
            effects=tuple({effects[name].key: effects[name] for name in sorted(names & set(effects))}.values()),
            areas=tuple(sorted({outcome.of for outcome in self.outcomes if outcome.measure == "area"})),
            per_kg=arm.per_kg,
            most_mg=arm.most_mg,
        )

    def sized(self, patients: int) -> Trial:
        """The same trial with another number of patients. refuses OutOfRange"""
        return replace(self, patients=_count(patients))


def trial(data: Mapping[str, Any]) -> Trial:
    """A trial from plain data.

    refuses  UnknownWord for a line, unit, model, measure or effect that is not known; Missing for what is needed; OutOfRange for numbers
             beyond their limits; NotAllowed for an arm or an outcome that the model cannot answer
    """
    _only(data, LINES, "line of a trial")
    model_id = str(_needed(data, "model", "a model by its id, as in `winddown models`"))
    seed = _whole(data.get("seed", 1), "seed")
    arms = tuple(_arm(each, number, model_id) for number, each in enumerate(_tables(data, "arms", MOST_ARMS), 1))
    _distinct([arm.name for arm in arms], "arm")
    outcomes = tuple(_outcome(each, model_id) for each in _tables(data, "outcomes", MOST_OUTCOMES))
    _distinct([outcome.name for outcome in outcomes], "outcome")
    crowd = mix(data.get("population"), seed)
    return Trial(
        title=str(data.get("title") or "Trial in the computer"),
        patients=_count(data.get("patients", 1000)),
        seed=seed,
        model_id=model_id,
        crowd=crowd,
        arms=arms,
        outcomes=outcomes,
        at_min=_times(data, arms),
        warnings=_warnings(model_id, crowd, outcomes),
    )


def _times(data: Mapping[str, Any], arms: Sequence[Arm]) -> tuple[float, ...]:
    """An even grid, and every change of rate on it."""
    until = float(parse_minutes(str(_needed(data, "until", 'how long to follow everybody: until = "4h"')), where="until"))
    step = float(parse_minutes(str(data.get("step", "2min")), where="step"))
    if not 0 < step <= until or until / step > MOST_TIMES:
        raise OutOfRange(
            because=f"Steps of {step:g} min until minute {until:g} are not between 1 and {MOST_TIMES:,} steps.",
            way_out="Give a longer step or an earlier end.",
            code="trial_times",
            where="step",
        )
    late = next((arm for arm in arms if arm.schedule.end_min > until), None)
    if late is not None:
        raise OutOfRange(
            because=f"Arm {late.name!r} runs to minute {late.schedule.end_min:g}, past the end at minute {until:g}.",
            way_out="Follow everybody for longer.",
            code="trial_too_short",
            where="until",
        )
    edges = {edge for arm in arms for segment in arm.schedule.segments for edge in (segment.from_min, segment.to_min)}
    grid = {round(number * step, 9) for number in range(int(until / step) + 1)}
    return tuple(sorted(grid | edges | {until}))


def _arm(data: object, number: int, model_id: str) -> Arm:
    told = _table(data, f"arm {number}")
    _only(told, ARM_LINES, "line of an arm")
    name, form = str(told.get("name") or f"arm {number}"), cast("Form", str(told.get("form", "racemic")))
    dose, over, steps = told.get("dose"), told.get("over"), told.get("steps")
    if (dose is None) == (steps is None) or (dose is None) != (over is None):
        raise Missing(
            because=f"Arm {name!r} needs either dose with over, or steps.",
            way_out='dose = "0.5mg/kg" and over = "40min", or steps = "0.14mg/kg/h:60min,0.28mg/kg/h:60min"',
            code="arm_without_dose",
            where="arms",
        )
    words = f"{dose} over {over}" if dose is not None else str(steps)
    per_kg = _is_per_kg(name, str(dose) if dose is not None else "", str(steps) if steps is not None else "")
    schedule = dose_over(form, str(dose), str(over), weight_kg=1.0) if dose is not None else steps_of(form, str(steps), weight_kg=1.0)
    check_form(models.get(model_id).card, schedule)
    most = told.get("most_mg")
    if most is not None and not (isinstance(most, (int, float)) and not isinstance(most, bool) and most > 0):
        raise OutOfRange(because=f"Arm {name!r}: most_mg {most!r} is not a number above 0.", code="most_mg", where="arms")
    return Arm(
        name, schedule, per_kg, None if most is None else float(most), f"{words}, {form}" + (f", at most {most:g} mg" if most else "")
    )


def _is_per_kg(name: str, dose: str, steps: str) -> bool:
    """Whether the whole arm is per kilogram. refuses NotAllowed when only a part of it is: a factor could not tell them apart"""
    units = [parse_quantity(dose).unit] if dose else [parse_quantity(part.partition(":")[0]).unit for part in steps.split(",")]
    kinds = {"/kg" in unit for unit in units}
    if len(kinds) > 1:
        raise NotAllowed(
            because=f"Arm {name!r} has steps per kilogram and steps that are not.",
            way_out="Write all steps of an arm in one kind.",
            code="arm_mixed_units",
            where="arms",
        )
    return kinds.pop()


def _outcome(data: object, model_id: str) -> Outcome:
    told = _table(data, "outcome")
    _only(told, OUTCOME_LINES, "line of an outcome")
    key = str(_needed(told, "measure", f"one of {', '.join(MEASURES)}"))
    if key not in MEASURES:
        raise UnknownWord("measure", key, MEASURES)
    measure, of = MEASURES[key], str(told.get("of", ""))
    unit, rating = _line(of, key, model_id) if measure.of_a_line else ("mg", "exact")
    numbers = {name: _number(told, name, key) for name in measure.needs}
    if "limit" in numbers and told.get("unit") != unit:
        raise UnknownWord(f"unit of the limit of {of}", told.get("unit"), (unit,))
    stray = [name for name in ("limit", "minute") if name in told and name not in measure.needs]
    if stray:
        raise UnknownWord(f"line of {key}", stray[0], ("name", "measure", "of", *measure.needs))
    name = str(told.get("name") or "_".join(part for part in (key, of, *(f"{value:g}" for value in numbers.values())) if part))
    return Outcome(name, key, of if measure.of_a_line else "", measure.unit or unit, rating, unit, **numbers)


def _line(of: str, measure: str, model_id: str) -> tuple[str, str]:
    """Unit and rating of an analyte or an effect's line."""
    card, effects = models.get(model_id).card, _effects(model_id)
    if of in card.ratings:
        return "ng/mL", card.ratings[of]
    if of not in effects:
        raise UnknownWord(f"line that {card.name} gives", of, (*card.ratings, *effects))
    if MEASURES[measure].levels_only:
        raise NotAllowed(
            because=f"{measure} is of a level, not of {of}.", way_out=f"Choose: {', '.join(card.ratings)}.", code="area_of_effect"
        )
    scale = next(scale for scale in effects[of].scales if scale.key == of)
    return scale.unit, scale.rating


def _effects(model_id: str) -> dict[str, Effect]:
    """Line -> the effect that gives it, for effects that this model may drive."""
    allowed, _ = drivable(models.get(model_id).card, ACUTE)
    return {scale.key: effect for effect in allowed for scale in effect.scales}


def _warnings(model_id: str, crowd: Mix, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    card = models.get(model_id).card
    weak = sorted({outcome.of for outcome in outcomes if outcome.rating == "exploratory"})
    words = [f"{name.replace('_', '-')} is exploratory: it may not rank or choose a dose." for name in weak]
    if card.spread == "borrowed":
        words.append(f"{card.name} published no spread between patients that could be read: it borrows that of the default model.")
    for what, limit, shape in (("weight", card.validity.weight_kg, crowd.weight_kg), ("age", card.validity.age_years, crowd.age_years)):
        bounds = [shape.figures[name] for name in ("value", "low", "high") if name in shape.figures]
        outside = [bound for bound in (bounds[0], bounds[-1]) if limit.words_if_outside(bound)]
        if outside:
            words.append(f"Some people are at {what} {outside[0]:g} {limit.unit}; this model holds from {limit.low:g} to {limit.high:g}.")
    return tuple(words)


def _tables(data: Mapping[str, Any], key: str, most: int) -> Sequence[object]:
    found = data.get(key)
    if not isinstance(found, list) or not found:
        raise Missing(
            because=f"The trial has no [[{key}]].", way_out=f"Add at least one [[{key}]] table.", code=f"{key}_missing", where=key
        )
    if len(found) > most:
        raise OutOfRange(because=f"{len(found)} {key} are more than {most}.", code=f"{key}_too_many", where=key)
    return found


def _table(data: object, what: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise Missing(because=f"{what.capitalize()} is not a table.", code="not_a_table")
    return data


def _only(data: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    stray = sorted(set(data) - set(known))
    if stray:
        raise UnknownWord(what, stray[0], known)


def _needed(data: Mapping[str, Any], key: str, way_out: str) -> object:
    if data.get(key) in (None, ""):
        raise Missing(because=f"The line {key} is missing.", way_out=f"Give {way_out}.", code=f"{key}_missing", where=key)
    return data[key]


def _number(data: Mapping[str, Any], key: str, measure: str) -> float:
    value = data.get(key)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not np.isfinite(value) or value < 0:
        raise Missing(because=f"{measure} needs {key}, a number of at least 0.", code=f"{key}_missing", where=key)
    return float(value)


def _whole(value: object, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise OutOfRange(because=f"{what} {value!r} is not a whole number of at least 0.", code=f"{what}_not_whole", where=what)
    return value


def _count(value: object) -> int:
    patients = _whole(value, "patients")
    if not 1 <= patients <= MOST_PATIENTS:
        raise OutOfRange(
            because=f"{patients:,} patients are not between 1 and {MOST_PATIENTS:,}.",
            way_out="Give another number of patients.",
            code="patients_out_of_range",
            where="patients",
        )
    return patients


def _distinct(names: Sequence[str], what: str) -> None:
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise NotAllowed(because=f"Two {what}s are called {twice!r}.", way_out="Give each a name of its own.", code=f"{what}_named_twice")

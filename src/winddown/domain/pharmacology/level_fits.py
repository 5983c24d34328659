"""The most probable deviations of many persons at once, from drug levels: a clinic's or a study's samples in one call.

For levels alone, under a model whose parent drug goes back and forth between plasma and at most two neighbors. What a nurse sees is
learned elsewhere (`individual/`), with entries of other causes; here every sample is taken at its word, with a scatter on the log scale.

fits = fit_levels(model, people, doses, samples, analyte="s_ketamine", log_error=0.11)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.cloud import input_of
from winddown.domain.pharmacology.compartments import Input
from winddown.domain.pharmacology.linear import Array, LinearSystem, pruned
from winddown.domain.pharmacology.model import CompartmentModel, Form, share_of_dose
from winddown.domain.pharmacology.population import People, typical_values
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.refusals import NotAllowed, OutOfRange, UnknownWord

Starts = NDArray[np.int64]
MOST_NEIGHBORS = 2
EMPTY_PER_MIN = 1e-9  # the flow to a neighbor that the model does not have
PROBE = 0.25  # the deviation at which a model is asked whether its logarithms are straight in it
STRAIGHT = 1e-9


@dataclass(frozen=True)
class Doses:
    """What went into n persons, one after the other: rates in mg/min of the form, zero before and after.

    starts  (n + 1,) where each person's edges begin
    edges_min, rates_mg_per_min  (starts[-1],); the last rate of each person is not read
    """

    form: Form
    starts: Starts
    edges_min: Array
    rates_mg_per_min: Array

    @classmethod
    def of(cls, schedules: Sequence[Schedule]) -> Doses:
        """refuses UnknownWord for persons who got different forms, OutOfRange for nobody"""
        forms = {schedule.form for schedule in schedules}
        if len(forms) != 1:
            raise UnknownWord("one drug form for all", ", ".join(sorted(forms)) or "none", ("racemic", "esketamine"))
        given = [input_of(schedule, 1.0) if schedule.changes else Input((0.0, 1.0), (0.0,)) for schedule in schedules]
        starts = np.cumsum([0, *(len(each.edges_min) for each in given)]).astype(np.int64)
        edges = np.concatenate([np.asarray(each.edges_min) for each in given])
        return cls(forms.pop(), starts, edges, np.concatenate([np.asarray([*each.rates_mg_per_min, 0.0]) for each in given]))


@dataclass(frozen=True)
class Samples:
    """What was measured in n persons, one after the other.

    starts     (n + 1,) where each person's samples begin
    at_min     (starts[-1],) minutes from the first drop, increasing within a person; ng_per_ml beside them
    refuses    OutOfRange for a level that is not above 0, a time that is not after the first drop, times that go backwards
    """

    starts: Starts
    at_min: Array
    ng_per_ml: Array

    def __post_init__(self) -> None:
        inner = np.delete(np.diff(self.at_min), self.starts[1:-1][(self.starts[1:-1] > 0) & (self.starts[1:-1] < self.at_min.size)] - 1)
        if not (np.all(np.isfinite(self.at_min)) and np.all(self.at_min > 0) and np.all(inner >= 0)):
            raise OutOfRange(
                because="The minutes of a person's samples must be after 0 and not go backwards.", code="sample_times", where="at_min"
            )
        if not (np.all(np.isfinite(self.ng_per_ml)) and np.all(self.ng_per_ml > 0)):
            raise OutOfRange(
                because="A measured level must be above 0 ng/mL.",
                way_out="Leave out what was below the assay's limit; `individual` can learn from it.",
                code="level_zero",
                where="ng_per_ml",
            )

    @classmethod
    def of(cls, each: Sequence[tuple[Sequence[float], Sequence[float]]]) -> Samples:
        """(minutes, levels) of one person after another."""
        starts = np.cumsum([0, *(len(minutes) for minutes, _ in each)]).astype(np.int64)
        minutes, levels = (np.asarray([value for person in each for value in person[side]], dtype=np.float64) for side in (0, 1))
        return cls(starts, minutes, levels)


@dataclass(frozen=True)
class LevelFits:
    """names: the deviations; eta (n, k) the most probable ones; curvature (n, k, k) of half the weighted squares there.

    objective  (n,) half the weighted squares at eta, those of the deviations included
    rounds     (n,) of the search
    """

    names: tuple[str, ...]
    eta: Array
    curvature: Array
    objective: Array
    rounds: NDArray[np.int64]

    @property
    def covariance(self) -> Array:
        """(n, k, k) about eta: Laplace."""
        return np.asarray(np.linalg.inv(self.curvature))

    @property
    def settled(self) -> NDArray[np.bool_]:
        """(n,) whether the search came to rest; an eta that did not is where it stood."""
        return np.asarray(self.rounds > 0)


def fit_levels(model: CompartmentModel, people: People, doses: Doses, samples: Samples, *, analyte: str, log_error: float) -> LevelFits:
    """Fit n persons, each alone, from the model's typical person of the same weight, age and sex.

    log_error  scatter of one sample on the log scale
    refuses    NotAllowed for an analyte that is not the drug in plasma of one system, a model of another shape, one without deviations;
               OutOfRange for a scatter that is not above 0 or for numbers of people, doses and samples that differ
    """
    n = people.weight_kg.size
    if not (doses.starts.size == samples.starts.size == n + 1):
        raise OutOfRange(
            because=f"{n} people, {doses.starts.size - 1} courses of doses and {samples.starts.size - 1} sets of samples were given.",
            way_out="Give one of each for every person.",
            code="persons_differ",
        )
    if not log_error > 0:
        raise OutOfRange(because=f"A scatter of {log_error:g} is not above 0.", code="log_error", where="log_error")
    system, scale = _plasma(model, analyte, typical_values(model, people))
    typical, shape = _logarithms(system), _shape(model, analyte, people)
    k = shape.shape[1]
    eta, curvature, objective, rounds = np.zeros((n, k)), np.zeros((n, k, k)), np.zeros(n), np.zeros(n, dtype=np.int64)
    share = share_of_dose(system.drug, doses.form)
    typical[:, 0] = -np.log(scale)  # what a milligram reads
    engine.fit_many(
        0, n, typical, shape, np.linalg.inv(model.omega), doses.starts, doses.edges_min, doses.rates_mg_per_min * share,
        samples.starts, samples.at_min, np.log(samples.ng_per_ml), np.full(samples.at_min.size, log_error),
        eta, curvature, objective, rounds,
    )  # fmt: skip
    return LevelFits(tuple(model.etas), eta, curvature, objective, rounds)


def _plasma(model: CompartmentModel, analyte: str, values: dict[str, Array]) -> tuple[LinearSystem, Array]:
    """The system of this analyte in plasma, without what it does not feel, and what one milligram reads in it (n,)."""
    holding = [system for system in model.build(values) if analyte in system.outputs]
    if len(holding) != 1 or holding[0].outputs[analyte].state != holding[0].entry or not model.etas:
        raise NotAllowed(
            because=f"{analyte.replace('_', '-')} of {model.card.name} is not a drug in the plasma of one system with deviations.",
            way_out="Fit the parent drug or one enantiomer under a model that varies between persons.",
            code="not_a_parent",
            where="analyte",
        )
    system = pruned(holding[0], (analyte,))
    return system, system.outputs[analyte].ng_per_ml_per_mg


def _logarithms(system: LinearSystem) -> Array:
    """(n, 6) logarithms of: 1 (volume comes later), k10, k12, k13, k21, k31.

    refuses  NotAllowed for a parent that is not a center with at most two neighbors
    """
    center = system.index(system.entry)
    around = [state for state in range(len(system.states)) if state != center]
    direct = all(not np.any(system.rates[:, one, other]) for one in around for other in around if one != other)
    direct = direct and all(np.array_equal(system.rates[:, state, state], -system.rates[:, center, state]) for state in around)
    if len(around) > MOST_NEIGHBORS or not direct:
        raise NotAllowed(
            because=f"The {system.drug.replace('_', '-')} of this model is not a plasma with at most two neighbors.",
            way_out="Choose a model of that shape.",
            code="not_mammillary",
            where="model",
        )
    out = [system.rates[:, state, center] for state in around]
    back = [system.rates[:, center, state] for state in around]
    lost = -system.rates[:, center, center] - sum(out, start=np.zeros(system.patients))
    while len(out) < MOST_NEIGHBORS:
        back.append(2.0 * (back[0] if back else lost))
        out.append(np.full(system.patients, EMPTY_PER_MIN))
    return np.asarray(np.log(np.stack([np.ones(system.patients), lost, *out, *back], axis=1)))


def _shape(model: CompartmentModel, analyte: str, people: People) -> Array:
    """(6, k) what one unit of each deviation adds to the logarithms; the same for every person, because it multiplies.

    refuses  NotAllowed for a model whose deviations do not multiply rates and volumes
    """
    one, k = People(people.weight_kg[:1], people.age_years[:1], people.female[:1]), len(model.etas)
    moves = np.concatenate([np.zeros((1, k)), *(PROBE * size * np.eye(k) for size in (1.0, -1.0, 0.5))])
    values = {symbol: np.repeat(value, len(moves)) for symbol, value in typical_values(model, one).items()}
    for column, symbols in enumerate(model.etas.values()):
        for symbol in symbols:
            values[symbol] = values[symbol] * np.exp(moves[:, column])
    system, scale = _plasma(model, analyte, values)
    found = _logarithms(system)
    found[:, 0] = -np.log(scale)
    up, down, half = (found[1 + part * k : 1 + (part + 1) * k] - found[0] for part in range(3))
    shape = (up - down).T / (2 * PROBE)
    if float(max(np.abs(up + down).max(), np.abs(half - up / 2).max())) > STRAIGHT:
        raise NotAllowed(
            because=f"The deviations of {model.card.name} do not multiply its rates and volumes.",
            way_out="Learn from these levels one person at a time.",
            code="not_straight",
            where="model",
        )
    return np.asarray(shape)

"""A population: as many virtual patients as wanted, each known by a number, and the bands that they make.

Patient 812,345 of a seed is the same person whatever is asked about how many, in which chunk, in what order, on how many cores or
machines: the draws are counted (`spread.py`), the kernels keep every patient's arithmetic apart (`kernels/`), and bands come from counts
that add up exactly (`quantiles.py`, `between_times.py`). Memory does not grow with the number of patients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from winddown.domain.pharmacology import between_times, engine
from winddown.domain.pharmacology.cloud import Cloud, Follower, cloud, input_of
from winddown.domain.pharmacology.compartments import check_times
from winddown.domain.pharmacology.effects.effect import Effect
from winddown.domain.pharmacology.linear import Array, dosed
from winddown.domain.pharmacology.model import CompartmentModel, Patient, Sample, Sex
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.spread import Rows, counted_normals
from winddown.domain.refusals import OutOfRange

MOST_PATIENTS = 10_000_000
AT_ONCE = 2_048  # patients whose courses are held in memory together; changes no number
COUNTED = 128  # the same where courses are counted and forgotten: what was written is still near when it is counted
PERCENTS = (5, 25, 50, 75, 95)


@dataclass(frozen=True)
class People:
    """Covariates of n virtual patients, (n,) each. Ages in whole years."""

    weight_kg: Array
    age_years: NDArray[np.int64]
    female: NDArray[np.bool_]


class Crowd(Protocol):
    """Who patient number i is: the covariates of the patients `first` to `first + n - 1`."""

    def people(self, first: int, n: int) -> People: ...


@dataclass(frozen=True)
class Alike:
    """A crowd in which everybody has the weight, age and sex of one patient. An age or a sex that is not known stays unknown."""

    patient: Patient

    def people(self, first: int, n: int) -> People:
        age = -1 if self.patient.age_years is None else int(self.patient.age_years)
        return People(np.full(n, self.patient.weight_kg), np.full(n, age), np.full(n, self.patient.sex == "female"))


@dataclass(frozen=True)
class _Weights:
    """People of one age and sex, as a model sees a patient: their weights side by side."""

    weight_kg: Array
    age_years: float | None
    sex: Sex | None


def typical_values(model: CompartmentModel, people: People) -> dict[str, Array]:
    """symbol -> (n,) each person's typical value, covariates applied."""
    values: dict[str, Array] = {}
    groups, member = np.unique(np.stack([people.age_years, people.female.astype(np.int64)], axis=1), axis=0, return_inverse=True)
    for number, (age, female) in enumerate(groups.tolist()):
        mine = np.flatnonzero(member.ravel() == number)
        group = _Weights(people.weight_kg[mine], float(age), "female" if female else "male")
        for symbol, value in model.typical(cast("Patient", group)).items():
            values.setdefault(symbol, np.empty(people.weight_kg.size))[mine] = value
    return values


def drawn(model: CompartmentModel, crowd: Crowd, first: int, n: int, seed: int) -> tuple[People, Sample]:
    """The patients `first` to `first + n - 1` of this crowd under this model: who they are, and their systems.

    Random effects are normal on the log scale with the model's own covariance, correlations included.
    """
    people = crowd.people(first, n)
    normals = counted_normals(first, n, len(model.etas), seed, model.card.model_id)
    factors = np.linalg.cholesky(model.omega)
    values = typical_values(model, people) if not isinstance(crowd, Alike) else _repeated(model.typical(crowd.patient), n)
    for row, symbols in enumerate(model.etas.values()):
        eta = np.zeros(n)
        for column in range(row + 1):  # not a matrix product: its rounding may depend on how many rows there are
            eta += normals[:, column] * factors[row, column]
        for symbol in symbols:
            values[symbol] = values[symbol] * np.exp(eta)
    return people, Sample(values, model.build(values), model.venous_flow_l_per_min)


def _repeated(typical: Mapping[str, float], n: int) -> dict[str, Array]:
    return {symbol: np.full(n, value) for symbol, value in typical.items()}


@dataclass(frozen=True)
class Bodies:
    """Some virtual patients before they are asked anything: the number of the first, who they are, how the drug moves in them."""

    first: int
    people: People
    sample: Sample


@dataclass(frozen=True)
class Question:
    """What is run in each patient.

    schedule     the rates, for a dose factor of 1
    per_kg       the schedule's rates are per kilogram: each patient gets them times the weight
    most_mg      no patient gets more than this in all: the whole course is scaled down
    at_min       (m,) minutes, increasing
    analytes     levels wanted; effects: courses wanted; areas: analytes whose area under the level is wanted
    """

    schedule: Schedule
    at_min: Array
    analytes: tuple[str, ...]
    effects: tuple[Effect, ...] = ()
    areas: tuple[str, ...] = ()
    per_kg: bool = False
    most_mg: float | None = None

    def dose_factor(self, people: People) -> Array:
        """(n,) by what the schedule is multiplied in each patient."""
        factor = people.weight_kg.copy() if self.per_kg else np.ones(people.weight_kg.size)
        if self.most_mg is not None and self.schedule.total_mg > 0:
            factor = np.minimum(factor, self.most_mg / self.schedule.total_mg)
        return factor


@dataclass(frozen=True)
class Courses:
    """What came of a question in some patients.

    milligrams  (n,) what each got; cloud: levels, effect sites, areas; effects: scale key -> (n, m), the central reading of the paper
    """

    first: int
    people: People
    milligrams: Array
    cloud: Cloud
    effects: Mapping[str, Array]


@dataclass(frozen=True)
class Population:
    """A crowd under a model: who can be asked.

    refuses  OutOfRange for a seed below 0
    """

    model: CompartmentModel
    crowd: Crowd
    seed: int = 1

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise OutOfRange(because=f"A seed of {self.seed} is below 0.", way_out="Give 0 or more.", code="seed_below_zero", where="seed")

    def bodies(self, first: int, n: int) -> Bodies:
        """Who the patients `first` to `first + n - 1` are, and their systems. refuses OutOfRange for fewer than one."""
        if n < 1:
            raise OutOfRange(because=f"{n} virtual patients were asked for; at least one is needed.", code="too_few_draws", where="n")
        return Bodies(first, *drawn(self.model, self.crowd, first, n, self.seed))

    def courses(self, question: Question, first: int, n: int, *, scattered: bool = False) -> Courses:
        """The patients `first` to `first + n - 1`, all at once in memory. refuses OutOfRange for fewer than one."""
        return self.run(question, self.bodies(first, n), scattered=scattered)

    def run(self, question: Question, bodies: Bodies, *, scattered: bool = False) -> Courses:
        """These patients asked this question: several questions may be put to the same bodies. scattered: as for `engine.levels`."""
        engine.warm()
        people, sample, rows = bodies.people, bodies.sample, Rows(self.seed, bodies.first)
        n, factor = people.weight_kg.size, question.dose_factor(bodies.people)
        sample = Sample(sample.values, tuple(dosed(system, factor) for system in sample.systems), sample.venous_flow_l_per_min)
        followers = {effect.key: Follower(effect.driver.analyte, effect.lag_per_min(n, rows)) for effect in question.effects}
        found = cloud(
            sample,
            question.schedule,
            question.at_min,
            analytes=question.analytes,
            followers=followers,
            areas=question.areas,
            scattered=scattered,
        )
        effects = {
            key: readings[0] for effect in question.effects for key, readings in effect.responses(found.sites[effect.key], rows).items()
        }
        return Courses(bodies.first, people, question.schedule.total_mg * factor, found, effects)


@dataclass(frozen=True)
class PopulationBand:
    """Percentiles over a population: name -> (5, m) at 5, 25, 50, 75 and 95%."""

    at_min: Array
    lines: Mapping[str, Array]
    patients: int
    percents: Sequence[int] = field(default=PERCENTS)


def bands(population: Population, question: Question, n: int) -> PopulationBand:
    """The 5, 25, 50, 75 and 95% lines of the first n patients. refuses OutOfRange for fewer than one or more than ten million."""
    if not 1 <= n <= MOST_PATIENTS:
        raise OutOfRange(
            because=f"{n:,} virtual patients are not between 1 and {MOST_PATIENTS:,}.", code="patients_out_of_range", where="patients"
        )
    plain, changes = replace(question, areas=()), input_of(question.schedule, 1.0).edges_min

    def ask(first: int, some: int, at_min: Array) -> dict[str, Array]:
        found = population.courses(replace(plain, at_min=at_min), first, some, scattered=True)
        return {**found.cloud.levels, **found.effects}

    check_times(question.at_min)
    found = between_times.lines(
        ask, n, question.at_min, changes_min=changes, fractions=[percent / 100 for percent in PERCENTS], at_once=COUNTED
    )
    return PopulationBand(question.at_min, found, n)

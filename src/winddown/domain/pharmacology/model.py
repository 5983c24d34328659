"""What a pharmacokinetic model is here: two methods.

    parameters(patient)          the typical patient of this weight, age and sex
    draws(patient, n, seed)      n virtual patients like this one

Both return a Sample: the parameter values, and the linear systems they make. The solver, the band and the chart ask for nothing
more. A model also carries a card: who was studied, where the blood was drawn, how far it holds, and how well founded it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from winddown.domain.figures import Figure, Status
from winddown.domain.pharmacology.linear import Array, Drug, LinearSystem
from winddown.domain.pharmacology.spread import stratified_normals
from winddown.domain.refusals import OutOfRange, UnknownWord

Sex = Literal["female", "male"]
Form = Literal["racemic", "esketamine"]
Site = Literal["arterial", "venous", "pooled", "unstated"]
Level = Literal["A", "B", "C", "D", "E"]
Rating = Literal["strong", "moderate", "exploratory"]

FORMS: tuple[Form, ...] = ("racemic", "esketamine")
SITES: tuple[Site, ...] = ("arterial", "venous", "pooled", "unstated")
STATUS_OF_LEVEL: Mapping[Level, Status] = {"A": "published", "B": "published", "C": "unverified", "D": "unverified", "E": "derived"}
GUESSED: tuple[Level, ...] = ("D", "E")
HEAVIEST_KG = 400.0
OLDEST_YEARS = 120.0


@dataclass(frozen=True)
class Patient:
    """What the models ask about a person.

    refuses  OutOfRange for a weight or an age that no person has; UnknownWord for another word for sex
    """

    weight_kg: float
    age_years: float | None = None
    sex: Sex | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight_kg) and 0 < self.weight_kg <= HEAVIEST_KG):
            raise OutOfRange(
                because=f"A weight of {self.weight_kg:g} kg is not between 0 and {HEAVIEST_KG:g} kg.",
                way_out="Record today's weight in kilograms.",
                code="weight_out_of_range",
                where="weight_kg",
            )
        if self.age_years is not None and not (math.isfinite(self.age_years) and 0 <= self.age_years <= OLDEST_YEARS):
            raise OutOfRange(
                because=f"An age of {self.age_years:g} years is not between 0 and {OLDEST_YEARS:g}.",
                way_out="Check the date of birth.",
                code="age_out_of_range",
                where="age_years",
            )
        if self.sex not in (None, "female", "male"):
            raise UnknownWord("sex", self.sex, ("female", "male"))


@dataclass(frozen=True)
class Parameter:
    """One figure of a model, with where it was read.

    level   A the paper's own text; B open code or a transcription that cites the paper's table; C second-hand; D not seen;
            E derived here, and then `note` gives the derivation
    omega2  variance between patients on the log scale, where one was published
    """

    symbol: str
    value: float
    unit: str
    source: str
    level: Level
    omega2: float | None = None
    note: str = ""

    @property
    def figure(self) -> Figure:
        return Figure(self.value, self.unit, self.source, STATUS_OF_LEVEL[self.level])

    @property
    def guessed(self) -> bool:
        """Not read anywhere: our own arithmetic or judgement, or no text seen. Shown as a guess wherever it is shown."""
        return self.level in GUESSED


@dataclass(frozen=True)
class Limit:
    """How far a model holds in one quantity. Outside it the prediction says so; it is still drawn."""

    what: str
    low: float
    high: float
    unit: str
    source: str

    def words_if_outside(self, value: float) -> str | None:
        if self.low <= value <= self.high:
            return None
        held = f"outside {self.low:g} to {self.high:g}" if self.low > 0 else f"above {self.high:g}"
        shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        return f"{self.what} {shown} {self.unit} is {held} {self.unit}, as far as this model holds ({self.source})."


@dataclass(frozen=True)
class Validity:
    """plasma maps an analyte to its limit; studied_weight_kg is narrower than weight_kg: outside it allometry extrapolates."""

    weight_kg: Limit
    age_years: Limit
    plasma: Mapping[str, Limit]
    studied_weight_kg: Limit | None = None
    time_min: Limit | None = None


@dataclass(frozen=True)
class Card:
    """What a reader must know before believing a line of this model.

    sites          where its concentrations are; the first is its own, any other is for comparison with such samples only
    ratings        analyte -> how well founded
    outside_error  how far it was off on data it was not built on, in words
    spread         published: between-patient variances are the model's own; borrowed: they are another model's
    """

    model_id: str
    name: str
    version: str
    citation: str
    doi: str
    population: str
    studied: str
    sites: tuple[Site, ...]
    forms: tuple[Form, ...]
    ratings: Mapping[str, Rating]
    validity: Validity
    outside_error: str
    spread: Literal["published", "borrowed"]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """n virtual patients under one model.

    values            symbol -> (n,) in litres, L/min, minutes and fractions, covariates applied
    systems           the linear systems that run side by side; a dose is shared among them by `share`
    venous_flow_l_per_min  the flow of the arterial-to-mixed correction, for models that have one
    """

    values: Mapping[str, Array]
    systems: tuple[LinearSystem, ...]
    venous_flow_l_per_min: float | None = None

    @property
    def patients(self) -> int:
        return self.systems[0].patients


class Model(Protocol):
    """Everything the rest of the house may ask of a model."""

    @property
    def card(self) -> Card: ...

    @property
    def table(self) -> tuple[Parameter, ...]: ...

    def parameters(self, patient: Patient) -> Sample: ...

    def draws(self, patient: Patient, n: int, seed: int) -> Sample: ...


@dataclass(frozen=True)
class CompartmentModel:
    """A model written as a parameter table, the covariates, and the systems that the values make.

    typical  patient -> symbol -> value in litres, L/min, minutes, covariates applied
    build    symbol -> (n,) values to systems
    etas     name of a random effect -> the symbols it multiplies by exp(eta)
    omega    (k, k) covariance of the random effects, in the order of `etas`
    """

    card: Card
    table: tuple[Parameter, ...]
    typical: Callable[[Patient], Mapping[str, float]]
    build: Callable[[Mapping[str, Array]], tuple[LinearSystem, ...]]
    etas: Mapping[str, tuple[str, ...]]
    omega: Array = field(repr=False)
    venous_flow_l_per_min: float | None = None

    def parameters(self, patient: Patient) -> Sample:
        return self.with_etas(patient, np.zeros((1, len(self.etas))))

    def draws(self, patient: Patient, n: int, seed: int) -> Sample:
        """n virtual patients; the same seed gives the same patients.

        refuses  OutOfRange for fewer than one
        """
        if n < 1:
            raise OutOfRange(because=f"{n} virtual patients were asked for; at least one is needed.", code="too_few_draws", where="n")
        normals = stratified_normals(n, len(self.etas), seed, self.card.model_id)
        return self.with_etas(patient, normals @ np.linalg.cholesky(self.omega).T)

    def with_etas(self, patient: Patient, etas: Array) -> Sample:
        """Patients with these random effects. etas (n, k), in the order of `self.etas`; zero is the typical patient."""
        patients = etas.shape[0]
        values = {symbol: np.full(patients, value) for symbol, value in self.typical(patient).items()}
        for column, symbols in enumerate(self.etas.values()):
            for symbol in symbols:
                values[symbol] = values[symbol] * np.exp(etas[:, column])
        return Sample(values, self.build(values), self.venous_flow_l_per_min)


SHARE: Mapping[tuple[Drug, Form], float] = {
    ("s_ketamine", "racemic"): 0.5,
    ("r_ketamine", "racemic"): 0.5,
    ("ketamine", "racemic"): 1.0,
    ("s_ketamine", "esketamine"): 1.0,
    ("r_ketamine", "esketamine"): 0.0,
}


def share_of_dose(drug: Drug, form: Form) -> float:
    """How much of a milligram of this form is this drug: racemate is half S and half R.

    refuses  UnknownWord for a form not on the list, and for esketamine given to a model of total racemic ketamine
    """
    if (drug, form) not in SHARE:
        raise UnknownWord(f"form of {drug}", form, [known for name, known in SHARE if name == drug])
    return SHARE[(drug, form)]


def guessed(table: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """The figures of a model or an effect that nobody published: what a reader must see beside its lines."""
    return tuple(parameter for parameter in table if parameter.guessed)


def by_symbol(table: tuple[Parameter, ...]) -> dict[str, Parameter]:
    return {parameter.symbol: parameter for parameter in table}


def variances(table: tuple[Parameter, ...], symbols: tuple[str, ...]) -> Array:
    """Diagonal covariance of independent random effects, from the table's published variances."""
    rows = by_symbol(table)
    return np.diag([_variance(rows[symbol]) for symbol in symbols])


def _variance(parameter: Parameter) -> float:
    if parameter.omega2 is None:
        raise UnknownWord("random effect", parameter.symbol)
    return parameter.omega2

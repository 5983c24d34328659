"""Who takes part: weight, age and sex of patient number i, from stated distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import HEAVIEST_KG, OLDEST_YEARS
from winddown.domain.pharmacology.population import People
from winddown.domain.pharmacology.spread import counted_uniforms
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord

NEEDS: Mapping[str, tuple[str, ...]] = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "normal": ("mean", "sd", "low", "high"),
    "lognormal": ("median", "cv", "low", "high"),
}


@dataclass(frozen=True)
class Distribution:
    """One covariate. normal and lognormal are cut off at low and high, not piled up there."""

    shape: str
    figures: Mapping[str, float]

    def of(self, uniform: Array) -> Array:
        """(n,) numbers of this distribution from (n,) numbers between 0 and 1."""
        figures = self.figures
        if self.shape == "fixed":
            return np.full(uniform.size, figures["value"])
        if self.shape == "uniform":
            return figures["low"] + uniform * (figures["high"] - figures["low"])
        if self.shape == "normal":
            return _cut_normal(uniform, figures["mean"], figures["sd"], figures["low"], figures["high"])
        sigma = math.sqrt(math.log1p(figures["cv"] ** 2))
        low, high = math.log(figures["low"]), math.log(figures["high"])
        return np.asarray(np.exp(_cut_normal(uniform, math.log(figures["median"]), sigma, low, high)))

    def as_data(self) -> dict[str, Any]:
        return {"distribution": self.shape, **self.figures}


def _cut_normal(uniform: Array, mean: float, sd: float, low: float, high: float) -> Array:
    from scipy.special import ndtr, ndtri  # slow import

    below, under = ndtr((low - mean) / sd), ndtr((high - mean) / sd)
    return np.asarray(np.clip(mean + sd * ndtri(below + uniform * (under - below)), low, high))


def distribution(data: object, where: str, lowest: float, highest: float) -> Distribution:
    """A distribution from its table; a plain number is the same for everybody.

    lowest, highest  what a person can have
    refuses          UnknownWord for another shape or a figure it does not have; Missing for one it needs; OutOfRange for what no person has
    """
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        data = {"distribution": "fixed", "value": data}
    if not isinstance(data, Mapping):
        raise Missing(
            because=f"{where} needs a number or a distribution.",
            way_out='For example { distribution = "normal", mean = 80, sd = 15, low = 45, high = 140 }.',
            code="distribution_missing",
            where=where,
        )
    shape = str(data.get("distribution"))
    if shape not in NEEDS:
        raise UnknownWord(f"distribution of {where}", shape, NEEDS)
    figures = _figures(data, shape, where)
    bounds = [figures[name] for name in ("value", "low", "high") if name in figures]
    if not all(lowest < bound <= highest for bound in bounds) or sorted(bounds) != bounds:
        raise OutOfRange(
            because=f"{where} from {bounds[0]:g} to {bounds[-1]:g} does not rise within {lowest:g} to {highest:g}.",
            way_out="Give low and high, in that order, that people have.",
            code="distribution_out_of_range",
            where=where,
        )
    for name in ("sd", "cv", "median"):
        if figures.get(name, 1.0) <= 0:
            raise OutOfRange(because=f"{where}: {name} {figures[name]:g} is not above 0.", code="distribution_without_spread", where=where)
    return Distribution(shape, figures)


def _figures(data: Mapping[str, object], shape: str, where: str) -> dict[str, float]:
    unknown = set(data) - {"distribution", *NEEDS[shape]}
    if unknown:
        raise UnknownWord(f"figure of {where}", min(unknown), NEEDS[shape])
    figures: dict[str, float] = {}
    for name in NEEDS[shape]:
        value = data.get(name)
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
            raise Missing(because=f"{where}: a {shape} distribution needs the number {name}.", code="figure_missing", where=where)
        figures[name] = float(value)
    return figures


@dataclass(frozen=True)
class Mix:
    """People of these distributions, each independent of the others. Ages in whole years."""

    weight_kg: Distribution
    age_years: Distribution
    female: float
    seed: int

    def people(self, first: int, n: int) -> People:
        lots = counted_uniforms(first, n, 3, self.seed, "trial people")
        ages = np.floor(self.age_years.of(lots[:, 1])).astype(np.int64)
        return People(self.weight_kg.of(lots[:, 0]), ages, lots[:, 2] < self.female)

    def as_data(self) -> dict[str, Any]:
        return {"weight_kg": self.weight_kg.as_data(), "age_years": self.age_years.as_data(), "female": self.female}


def mix(data: object, seed: int) -> Mix:
    """The people of a trial from its `population` table. refuses  Missing, UnknownWord and OutOfRange by the name of the line"""
    if not isinstance(data, Mapping):
        raise Missing(because="The trial has no [population].", way_out="Give weight_kg, age_years and female.", code="population_missing")
    unknown = set(data) - {"weight_kg", "age_years", "female"}
    if unknown:
        raise UnknownWord("line of population", min(unknown), ("weight_kg", "age_years", "female"))
    female = data.get("female")
    if not isinstance(female, (int, float)) or isinstance(female, bool) or not 0 <= female <= 1:
        raise OutOfRange(
            because=f"The share of women {female!r} is not a number from 0 to 1.",
            way_out="female = 0.6",
            code="share_of_women",
            where="female",
        )
    weight = distribution(data.get("weight_kg"), "weight_kg", 0.0, HEAVIEST_KG)
    age = distribution(data.get("age_years"), "age_years", 0.0, OLDEST_YEARS)
    return Mix(weight, age, float(female), seed)

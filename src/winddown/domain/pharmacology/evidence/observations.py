"""Published concentrations, as they were read: who, what dose, when, where the blood was drawn, and what speaks against using it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from winddown.domain.pharmacology import regimen
from winddown.domain.pharmacology.model import Form, Parameter, Site
from winddown.domain.pharmacology.models.common import HYDROXYNORKETAMINE_G_PER_MOL, KETAMINE_G_PER_MOL, NORKETAMINE_G_PER_MOL
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.refusals import UnknownWord

WEIGHTS: Mapping[str, Parameter] = {
    "hydroxynorketamine": HYDROXYNORKETAMINE_G_PER_MOL,
    "norketamine": NORKETAMINE_G_PER_MOL,
    "ketamine": KETAMINE_G_PER_MOL,
}


@dataclass(frozen=True)
class Observation:
    """One mean that somebody measured.

    group            observations drawn in one picture: one study, one analyte, one drug form
    setting          "adult" or "intensive care"
    ng_per_ml        None where only a range or a target was read
    weight_assumed   the study's weight was not read
    built            models that this observation helped to build or to tune: it counts for none of them
    not_used_because why nobody may be judged by it; empty when it can be used
    """

    group: str
    study: str
    doi: str
    population: str
    setting: str
    n: int | None
    weight_kg: float | None
    weight_assumed: bool
    form: Form
    regimen: str
    time_min: float | None
    analyte: str
    ng_per_ml: float | None
    spread: str
    site: Site
    built: tuple[str, ...]
    not_used_because: str
    read_in: str

    def schedule(self) -> Schedule:
        """The dose as a schedule. refuses what the regimen's words do not say: only for observations that can be used."""
        return schedule_of(self.form, self.regimen, self.weight_kg or 0.0)


@lru_cache
def observations() -> tuple[Observation, ...]:
    """Every published observation on file, those that can be used and those that cannot."""
    text = files(__package__).joinpath("observations.csv").read_text(encoding="utf-8")
    return tuple(_read(row) for row in csv.DictReader(text.splitlines()))


@lru_cache
def schedule_of(form: Form, words: str, weight_kg: float) -> Schedule:
    """ "5mg over 30min", or steps."""
    if " over " in words:
        dose, over = words.split(" over ")
        return regimen.dose_over(form, dose, over, weight_kg=weight_kg)
    return regimen.steps(form, words, weight_kg=weight_kg)


def _read(row: Mapping[str, str]) -> Observation:
    form: Form = "racemic" if row["form"] == "racemic" else "esketamine"
    return Observation(
        group=row["group"],
        study=row["study"],
        doi=row["doi"],
        population=row["population"],
        setting=row["setting"],
        n=int(row["n"]) if row["n"] else None,
        weight_kg=float(row["weight_kg"]) if row["weight_kg"] else None,
        weight_assumed=row["weight_assumed"] == "yes",
        form=form,
        regimen=row["regimen"],
        time_min=float(row["time_min"]) if row["time_min"] else None,
        analyte=row["analyte"],
        ng_per_ml=_mass(row),
        spread=row["spread"],
        site=_site(row["site"]),
        built=tuple(row["built"].split()),
        not_used_because=row["not_used_because"],
        read_in=row["read_in"],
    )


def _mass(row: Mapping[str, str]) -> float | None:
    """nmol/mL times g/mol is ng/mL."""
    if not row["value"]:
        return None
    if row["unit"] == "ng/mL":
        return float(row["value"])
    if row["unit"] != "nmol/mL":
        raise UnknownWord("unit of an observation", row["unit"], ("ng/mL", "nmol/mL"))
    return float(row["value"]) * next(weight.value for name, weight in WEIGHTS.items() if row["analyte"].endswith(name))


def _site(word: str) -> Site:
    sites: dict[str, Site] = {"arterial": "arterial", "venous": "venous", "unstated": "unstated"}
    if word not in sites:
        raise UnknownWord("site of an observation", word, sites)
    return sites[word]

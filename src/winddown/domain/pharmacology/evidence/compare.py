"""One model against every published observation: predicted beside measured, counted where it may count, and why where it may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.cloud import as_mixed, cloud
from winddown.domain.pharmacology.evidence.errors import Performance, percent_off, performance
from winddown.domain.pharmacology.evidence.observations import Observation, observations
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Card, Model, Patient, Site
from winddown.domain.pharmacology.validity import judged, typical_course

PARENTS = ("ketamine", "s_ketamine", "r_ketamine")
OF_INTENSIVE_CARE = ("pk_rac_hijazi2003",)
OTHER_SITE = "sampled at another site than the model's"
SITE_NOT_READ = "where the blood was drawn was not read"
BUILT_IT = "helped to build this model"


@dataclass(frozen=True)
class Comparison:
    """A measured mean beside the typical patient's level. left_out: why it does not count; empty when it does."""

    observation: Observation
    predicted_ng_per_ml: float
    left_out: str

    @property
    def counts(self) -> bool:
        return not self.left_out

    @property
    def percent_off(self) -> float:
        return percent_off(self.observation.ng_per_ml or 0.0, self.predicted_ng_per_ml)


@dataclass(frozen=True)
class Record:
    """What one model has to show. compared: every observation it can say anything about, counted or not."""

    model_id: str
    compared: tuple[Comparison, ...]

    def performance(self, *, site: Site | None = None, parents: bool | None = None, group: str | None = None) -> Performance | None:
        """Over the observations that count. parents True: ketamine itself; False: its metabolites; None: both."""
        return performance([each.percent_off for each in self.counted(site=site, parents=parents, group=group)])

    def counted(self, *, site: Site | None = None, parents: bool | None = None, group: str | None = None) -> tuple[Comparison, ...]:
        return tuple(
            each
            for each in self.compared
            if each.counts
            and (site is None or each.observation.site == site)
            and (parents is None or (each.observation.analyte in PARENTS) == parents)
            and (group is None or each.observation.group == group)
        )

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.observation.group for each in self.compared))


@lru_cache
def record_of(model_id: str, heavier_kg: float = 0.0) -> Record:
    """Every usable observation of an analyte and a drug form that this model gives.

    heavier_kg  added to a weight that was assumed because the study's was not read: how much hangs on that assumption
    """
    model = models.read(model_id)
    wanted = [each for each in observations() if _speaks_of(model.card, each)]
    found: list[Comparison] = []
    for group in dict.fromkeys(each.group for each in wanted):
        found += _compared(model, [each for each in wanted if each.group == group], heavier_kg)
    return Record(model_id, tuple(found))


def _speaks_of(card: Card, seen: Observation) -> bool:
    return not seen.not_used_because and seen.form in card.forms and seen.analyte in card.ratings


def _compared(model: Model, seen: Sequence[Observation], heavier_kg: float) -> list[Comparison]:
    """Observations of one group: one dose, one analyte."""
    first = seen[0] if not seen[0].weight_assumed else replace(seen[0], weight_kg=(seen[0].weight_kg or 0.0) + heavier_kg)
    patient, schedule = Patient(first.weight_kg or 0.0), first.schedule()
    order = sorted(seen, key=lambda each: each.time_min or 0.0)
    times = np.asarray([each.time_min for each in order], dtype=np.float64)
    levels = levels_at(model, patient, first, times)[0]
    verdict = judged(model.card, patient, schedule, *typical_course(model, patient, schedule, float(times[-1])))
    outside = verdict.against[0] if verdict.against else ""
    return [
        Comparison(each, float(level), _left_out(model.card, each) or (outside if float(minute) > verdict.until_min else ""))
        for each, level, minute in zip(order, levels, times, strict=True)
    ]


def levels_at(model: Model, patient: Patient, seen: Observation, times: Array, n: int = 0, seed: int = 1) -> Array:
    """(1, m) of the typical patient, or (n, m) of drawn ones, at the site where this observation was sampled if the model has it."""
    sample = model.draws(patient, n, seed) if n else model.parameters(patient)
    parts = tuple(name for name in PARENTS if name in model.card.ratings)
    levels = dict(cloud(sample, seen.schedule(), times, analytes=tuple(dict.fromkeys((seen.analyte, *parts)))).levels)
    if seen.site in model.card.sites[1:] and sample.venous_flow_l_per_min is not None:
        levels = as_mixed(levels, seen.schedule(), times, sample.venous_flow_l_per_min)
    return levels[seen.analyte]


def _left_out(card: Card, seen: Observation) -> str:
    if card.model_id in seen.built:
        return BUILT_IT
    setting = "intensive care" if card.model_id in OF_INTENSIVE_CARE else "adult"
    if card.model_id in models.NOT_FOR_ADULTS_INTRAVENOUSLY and setting == "adult":
        return "people that this model was not built for"
    if seen.setting != setting:
        return f"{seen.setting} patients, whom this model was not built on"
    if seen.site == "unstated" and card.sites[0] != "unstated":
        return SITE_NOT_READ
    if seen.site not in card.sites and card.sites[0] not in ("pooled", "unstated"):
        return OTHER_SITE
    return ""

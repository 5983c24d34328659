"""Every virtual patient's course: the levels and the effect sites behind a band, before they are summarized."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from winddown.domain.pharmacology import engine
from winddown.domain.pharmacology.compartments import Input, summed
from winddown.domain.pharmacology.linear import (
    NG_PER_ML_PER_MG_PER_L,
    Array,
    Drug,
    LinearSystem,
    Output,
    pruned,
    with_follower,
    with_integral,
)
from winddown.domain.pharmacology.model import Sample, share_of_dose
from winddown.domain.pharmacology.regimen import Schedule

TOTAL = "ketamine"
ENANTIOMERS: tuple[Drug, ...] = ("s_ketamine", "r_ketamine")


@dataclass(frozen=True)
class Follower:
    """An effect site to run along: what it follows, and each patient's speed (n,)."""

    analyte: str
    per_min: Array


@dataclass(frozen=True)
class Cloud:
    """levels: analyte -> (n, m) ng/mL at the model's own site. sites: effect key -> (n, m) ng/mL in that effect's site.

    areas  analyte -> (n, m) ng/mL times minutes under its level so far, for those that were asked for
    """

    at_min: Array
    levels: Mapping[str, Array]
    sites: Mapping[str, Array]
    areas: Mapping[str, Array] = field(default_factory=dict)

    def of(self, rows: np.ndarray) -> Cloud:
        """The same courses for patients who share them: row i is the course of patient rows[i]."""
        lines = ({name: course[rows] for name, course in part.items()} for part in (self.levels, self.sites, self.areas))
        return Cloud(self.at_min, *lines)


def cloud(
    sample: Sample,
    schedule: Schedule,
    at_min: Array,
    *,
    analytes: Sequence[str],
    followers: Mapping[str, Follower] | None = None,
    areas: Sequence[str] = (),
    scattered: bool = False,
) -> Cloud:
    """Run every system that the wanted analytes and effect sites need, and no other.

    at_min     (m,) minutes from the start, not decreasing
    analytes   names from the model's card; total ketamine of a model of both enantiomers is their sum
    followers  effect key -> its effect site
    areas      names from the model's card whose area is wanted
    scattered  few of the times follow one another by one step: `engine.levels`
    """
    sites, parts = followers or {}, _with_enantiomers(areas)
    wanted = _with_enantiomers(analytes)
    everything = summed([_run(system, schedule, at_min, wanted, sites, parts, scattered=scattered) for system in sample.systems])
    for total, one, other in ((TOTAL, *ENANTIOMERS), (_area(TOTAL), *map(_area, ENANTIOMERS))):
        if one in everything and other in everything and total not in everything:
            everything[total] = everything[one] + everything[other]
    return Cloud(
        at_min,
        {name: everything[name] for name in analytes},
        {key: everything[_site(key)] for key in sites},
        {name: everything[_area(name)] for name in areas},
    )


def _with_enantiomers(names: Sequence[str]) -> set[str]:
    """Total ketamine of a model of both enantiomers is their sum."""
    return set(names) | (set(ENANTIOMERS) if TOTAL in names else set())


def _run(
    system: LinearSystem,
    schedule: Schedule,
    at_min: Array,
    wanted: set[str],
    followers: Mapping[str, Follower],
    areas: set[str],
    *,
    scattered: bool,
) -> dict[str, Array]:
    mine = {key: follower for key, follower in followers.items() if follower.analyte in system.outputs}
    under = [name for name in system.outputs if name in areas]
    names = [*(name for name in system.outputs if name in wanted), *map(_site, mine), *map(_area, under)]
    if not names:
        return {}
    share = share_of_dose(system.drug, schedule.form)
    if share == 0.0:
        return {name: np.zeros((system.patients, at_min.size)) for name in names}
    for key, follower in mine.items():
        system = with_follower(system, _site(key), follower.analyte, follower.per_min)
    for name in under:
        system = with_integral(system, _area(name), name)
    return engine.levels(pruned(system, names), input_of(schedule, share), at_min, scattered=scattered)


def _site(effect_key: str) -> str:
    return f"{effect_key}_site"


def _area(analyte: str) -> str:
    return f"{analyte}_area"


def stacked(first: Sample, second: Sample) -> Sample:
    """Two samples of one model run as one: the first's patients, then the second's."""
    systems = tuple(_stacked_systems(one, other) for one, other in zip(first.systems, second.systems, strict=True))
    values = {symbol: np.concatenate([first.values[symbol], second.values[symbol]]) for symbol in first.values}
    return replace(first, values=values, systems=systems)


def _stacked_systems(one: LinearSystem, other: LinearSystem) -> LinearSystem:
    outputs = {
        name: Output(output.state, np.concatenate([output.ng_per_ml_per_mg, other.outputs[name].ng_per_ml_per_mg]))
        for name, output in one.outputs.items()
    }
    return replace(one, rates=np.concatenate([one.rates, other.rates]), outputs=outputs)


def input_of(schedule: Schedule, share: float) -> Input:
    """The schedule as contiguous rates of one drug, pauses as rates of zero."""
    edges: list[float] = []
    rates: list[float] = []
    for segment in schedule.changes:
        if edges and segment.from_min > edges[-1]:
            rates.append(0.0)
            edges.append(segment.from_min)
        if not edges:
            edges.append(segment.from_min)
        rates.append(segment.rate_mg_per_min * share)
        edges.append(segment.to_min)
    return Input(tuple(edges), tuple(rates))


def as_mixed(levels: Mapping[str, Array], schedule: Schedule, at_min: Array, flow_l_per_min: float) -> dict[str, Array]:
    """The parent drug as mixed, venous-like blood: arterial minus rate over flow while the pump runs, never below zero.

    For comparison with venous samples only: it jumps up when the pump stops, so nothing may be driven by it. At the end of an
    infusion it is read just before the stop.
    source   Henthorn 2018, Anesthesiology 129:260
    """
    rates = np.asarray([schedule.rate_before(float(minute)) for minute in at_min])
    mixed = dict(levels)
    for name in ENANTIOMERS:
        if name in levels:
            lowered = share_of_dose(name, schedule.form) * rates * NG_PER_ML_PER_MG_PER_L / flow_l_per_min
            mixed[name] = np.maximum(levels[name] - lowered, 0.0)
    if TOTAL in levels:
        mixed[TOTAL] = mixed["s_ketamine"] + mixed["r_ketamine"]
    return mixed

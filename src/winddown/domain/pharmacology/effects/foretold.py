"""Any of the acute effects along a schedule, each with its band, its rating and what must be read beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.band import DEFAULT_PATIENTS, Line, band_of, known_at
from winddown.domain.pharmacology.cloud import Cloud, Follower, cloud, stacked
from winddown.domain.pharmacology.effects import EVERY
from winddown.domain.pharmacology.effects.effect import JointEffect, require_drivers
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Card, Model, Patient
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.refusals import NotAllowed


@dataclass(frozen=True)
class Foretold:
    """lines: key -> Line over the times asked for; levels: analyte -> Line in ng/mL at the model's own site.

    not_drawn  effect key -> why this model or form may not drive it
    notes      where a typical level goes beyond what an effect was studied at
    """

    lines: Mapping[str, Line]
    not_drawn: Mapping[str, str]
    levels: Mapping[str, Line]
    notes: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {
            "effects": {key: line.as_data() for key, line in self.lines.items()},
            "levels": {name: line.as_data() for name, line in self.levels.items()},
            "not_drawn": dict(self.not_drawn),
            "notes": list(self.notes),
        }


def foretell(
    model: Model,
    patient: Patient,
    schedule: Schedule,
    at_min: Sequence[float] | Array,
    *,
    effects: Sequence[JointEffect] = EVERY,
    analytes: Sequence[str] = (),
    n: int = DEFAULT_PATIENTS,
    seed: int = 1,
) -> Foretold:
    """Every effect that this model and this drug form may drive.

    at_min   (m,) minutes from the first drop, not decreasing
    analytes levels wanted beside them; those that the model does not give are left out
    returns  lines blank from where the rate is unknown; for each effect left out, why
    """
    allowed, not_drawn = drawable(model.card, schedule, effects)
    wanted = tuple(name for name in analytes if name in model.card.ratings)
    if not allowed and not wanted:
        return Foretold({}, not_drawn, {}, ())
    times = np.asarray(at_min, dtype=np.float64)
    courses = _courses(model, patient, schedule, times, allowed, wanted, n, seed)
    known = known_at(schedule, times)
    lines: dict[str, Line] = {}
    for effect in allowed:
        levels = tuple(courses.sites[_site(effect, place)] for place in range(len(effect.drivers)))
        typical = effect.responses(tuple(level[:1] for level in levels), None)
        many = effect.responses(tuple(level[1:] for level in levels), seed)
        for scale in effect.scales:
            first, *others = many[scale.key]
            blank = np.where(known, typical[scale.key][0][0], np.nan)
            lines[scale.key] = Line(band_of(first, known, *others), blank, scale.unit, scale.rating, scale.words)
    drawn_levels = {
        name: Line(
            band_of(courses.levels[name][1:], known), np.where(known, courses.levels[name][0], np.nan), "ng/mL", model.card.ratings[name]
        )
        for name in wanted
    }
    return Foretold(lines, not_drawn, drawn_levels, _beyond(allowed, courses))


def _beyond(effects: Sequence[JointEffect], courses: Cloud) -> tuple[str, ...]:
    """A sentence for each effect whose typical driving level goes beyond what was studied."""
    notes = []
    for effect in effects:
        limit = effect.sheet.studied_level
        words = limit.words_if_outside(float(courses.sites[_site(effect, 0)][0].max())) if limit else None
        if words:
            notes.append(f"{effect.sheet.name}: {words}")
    return tuple(notes)


def drawable(card: Card, schedule: Schedule, effects: Sequence[JointEffect] = EVERY) -> tuple[tuple[JointEffect, ...], dict[str, str]]:
    """The effects that this model may drive with this drug form, and for each other one the reason."""
    allowed: list[JointEffect] = []
    not_drawn: dict[str, str] = {}
    for effect in effects:
        try:
            require_drivers(card, effect)
        except NotAllowed as why:
            not_drawn[effect.key] = why.because
            continue
        if schedule.form not in effect.sheet.forms:
            not_drawn[effect.key] = f"{effect.sheet.name} was studied with {', '.join(effect.sheet.forms)} ketamine only."
            continue
        allowed.append(effect)
    return tuple(allowed), not_drawn


def _courses(
    model: Model,
    patient: Patient,
    schedule: Schedule,
    times: Array,
    effects: Sequence[JointEffect],
    wanted: Sequence[str],
    n: int,
    seed: int,
) -> Cloud:
    """Row 0 is the typical patient. Plasma that drives directly is taken as it is."""
    followers: dict[str, Follower] = {}
    direct: dict[str, str] = {}
    for effect in effects:
        typical, many = effect.lags_per_min(1, None), effect.lags_per_min(n, seed)
        for place, (driver, lag, lags) in enumerate(zip(effect.drivers, typical, many, strict=True)):
            if lag is None or lags is None:
                direct[_site(effect, place)] = driver.analyte
            else:
                followers[_site(effect, place)] = Follower(driver.analyte, np.concatenate([lag, lags]))
    everyone = stacked(model.parameters(patient), model.draws(patient, n, seed))
    run = cloud(everyone, schedule, times, analytes=tuple(dict.fromkeys((*direct.values(), *wanted))), followers=followers)
    return Cloud(run.at_min, run.levels, {**run.sites, **{site: run.levels[analyte] for site, analyte in direct.items()}})


def _site(effect: JointEffect, place: int) -> str:
    return f"{effect.key}_{place}"

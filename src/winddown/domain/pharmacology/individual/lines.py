"""The learned person as lines with bands, and the same from nothing seen: the chart's "this patient" beside its "typical patient"."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from winddown.domain.pharmacology.band import Line, band_of, known_at
from winddown.domain.pharmacology.individual.figures import CADSS6_HIGHEST, VALUE
from winddown.domain.pharmacology.individual.person import SITE_OF, Courses
from winddown.domain.pharmacology.individual.posterior import Posterior
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Rating
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.spread import stratified_normals

EFFECTS: Mapping[str, tuple[str, Rating]] = {
    "dissociation": ("fraction of scale", "moderate"),
    "cadss6": ("points", "exploratory"),
    "systolic_rise": ("mm[Hg]", "exploratory"),
    "pain": ("points", "exploratory"),
}


@dataclass(frozen=True)
class Personal:
    """Courses (n, m) of the equally likely persons over `at_min`, and the bands made of them.

    courses  analyte, "effect_site", and the effects by key
    """

    at_min: Array
    courses: Mapping[str, Array]
    lines: Mapping[str, Line]


def personal(
    posterior: Posterior, schedule: Schedule, at_min: Array, *, analytes: tuple[str, ...], effects: Collection[str] = tuple(EFFECTS)
) -> Personal:
    """Every line of one learned person.

    at_min    (m,) minutes from the first drop, not decreasing
    analytes  names from the model's card
    effects   keys of EFFECTS; fewer are faster
    """
    person = posterior.person
    parts = tuple(name for name in ("s_ketamine", "r_ketamine") if name in person.model.card.ratings) if "ketamine" in analytes else ()
    sites = frozenset({"dissociation", *(SITE_OF[key] for key in effects)})
    ran = person.courses(posterior.z, schedule, at_min, tuple(dict.fromkeys((*analytes, *parts))), sites=sites)
    site = person.model.card.sites[0]
    courses = {name: ran.level(name, site) for name in analytes}
    if person.drives_effects:
        courses |= {"effect_site": ran.effect_site} | _effects(posterior, ran, at_min, effects)
    known = known_at(schedule, at_min)
    return Personal(at_min, courses, {key: _line(posterior, key, course, known) for key, course in courses.items()})


def _effects(posterior: Posterior, ran: Courses, at_min: Array, wanted: Collection[str]) -> dict[str, Array]:
    """The effects, wider from the minute at which another drug began to act."""
    made = {"dissociation": ran.fraction, "cadss6": ran.cadss6, "systolic_rise": ran.systolic_rise}
    found = {key: make() for key, make in made.items() if key in wanted}
    if "pain" in wanted and posterior.person.resting.pain is not None:
        found["pain"] = np.clip(ran.pain(), 0.0, 10.0)
    began = posterior.widened_from_min
    if began is None:
        return found
    normals = stratified_normals(posterior.z.shape[0], 2, posterior.seed, "other drug")
    acting = (at_min >= began)[np.newaxis, :]
    if "systolic_rise" in found:
        found["systolic_rise"] = found["systolic_rise"] + acting * VALUE["after_other_drug_systolic"] * normals[:, :1]
    factor = np.exp(acting * VALUE["after_other_drug_dissociation"] * normals[:, 1:])
    if "cadss6" in found:
        found["cadss6"] = np.minimum(found["cadss6"] * factor, CADSS6_HIGHEST)
    if "dissociation" in found:
        odds = found["dissociation"] / np.maximum(1.0 - found["dissociation"], 1e-9) * factor
        found["dissociation"] = odds / (1.0 + odds)
    return found


def _line(posterior: Posterior, key: str, course: Array, known: Array) -> Line:
    unit, rating = EFFECTS.get(
        key, ("ng/mL", "moderate" if key == "effect_site" else posterior.person.model.card.ratings.get(key, "moderate"))
    )
    band = band_of(course, known)
    return Line(band, band.p50, unit, rating)


def chance_above(course: Array, limit: float) -> float:
    """Share of the equally likely persons whose course (n, m) is above the limit at any time."""
    return float(np.mean(np.nanmax(course, axis=1, initial=-math.inf) > limit)) if course.size else 0.0

"""One prediction: for each analyte and effect a median, and the band in which most patients like this one should lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.cloud import Cloud, Follower, as_mixed, cloud, stacked
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.pharmacology.effects.effect import Effect, require_driver
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Card, Model, Patient, Rating, Site
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.validity import Verdict, judged, typical_course
from winddown.domain.refusals import NotAllowed

PERCENTS = (5, 25, 50, 75, 95)
COVERAGE = "Bands show the spread between patients under this model; they are calibrated on simulated patients only."
COMPARE_ONLY = "Venous-like output for comparison with venous samples only: it jumps when the pump stops and drives no effect."
DEFAULT_PATIENTS = 200


@dataclass(frozen=True)
class Band:
    """Percentiles over the virtual patients, each (m,); not a number where nothing is known."""

    p05: Array
    p25: Array
    p50: Array
    p75: Array
    p95: Array

    def at(self, keep: Array) -> Band:
        """The same band with everything outside `keep` (m,) unknown."""
        return Band(*(np.where(keep, line, np.nan) for line in (self.p05, self.p25, self.p50, self.p75, self.p95)))

    def as_data(self) -> dict[str, list[float | None]]:
        return {
            "median": plain(self.p50),
            "p05": plain(self.p05),
            "p25": plain(self.p25),
            "p75": plain(self.p75),
            "p95": plain(self.p95),
        }


@dataclass(frozen=True)
class Line:
    """A band with its unit, how well founded it is and what must be read beside it. typical (m,): the patient with no deviation."""

    band: Band
    typical: Array
    unit: str
    rating: Rating
    words: str = ""

    def as_data(self) -> dict[str, Any]:
        words = {"words": self.words} if self.words else {}
        return {**self.band.as_data(), "typical": plain(self.typical), "unit": self.unit, "rating": self.rating, **words}


@dataclass(frozen=True)
class Forecast:
    """A prediction with everything a reader needs to judge it.

    times_min       (m,) minutes from the first drop
    analytes        name -> Line in ng/mL at `site`
    effect_site     S-ketamine in the dissociation effect site, ng/mL, for models that may drive it
    effects         name -> Line
    warnings        sentences; `valid` is False when one of them is a limit that was crossed
    valid_until_min the last minute up to which the model holds
    """

    model_id: str
    model_name: str
    site: Site
    times_min: Array
    analytes: Mapping[str, Line]
    effect_site: Line | None
    effects: Mapping[str, Line]
    warnings: tuple[str, ...]
    valid: bool
    valid_until_min: float
    patients: int
    seed: int

    def as_data(self) -> dict[str, Any]:
        return {
            "model": self.model_id,
            "model_name": self.model_name,
            "site": self.site,
            "valid": self.valid,
            "valid_until_min": self.valid_until_min,
            "times_min": self.times_min.tolist(),
            "unit": "ng/mL",
            "analytes": {name: line.as_data() for name, line in self.analytes.items()},
            "effect_site": self.effect_site.as_data() if self.effect_site else None,
            "effects": {name: line.as_data() for name, line in self.effects.items()},
            "warnings": list(self.warnings),
            "coverage": COVERAGE,
            "patients": self.patients,
            "seed": self.seed,
        }


def forecast(
    patient: Patient,
    schedule: Schedule,
    at_min: Sequence[float],
    model: Model,
    *,
    n: int = DEFAULT_PATIENTS,
    seed: int = 1,
    site: Site | None = None,
    analytes: Sequence[str] | None = None,
) -> Forecast:
    """Predict a schedule in a patient.

    at_min    (m,) minutes from the first drop, not decreasing
    site      "arterial" or "venous"; the model's own when None
    analytes  those of the model's card; all when None
    refuses   NotAllowed for a site or a drug form that the model does not give; OutOfRange for times that go backwards
    source    the model's card; the closed form of docs/adr/0007
    """
    times = np.asarray(at_min, dtype=np.float64)
    where = chosen_site(model.card, site)
    check_form(model.card, schedule)
    names = tuple(model.card.ratings) if analytes is None else tuple(analytes)
    effects, mismatched = drivable(model.card)
    lines = LineMaker.of(model, patient, schedule, times, analytes=names, effects=effects, n=n, seed=seed)
    verdict = judged(model.card, patient, schedule, *typical_course(model, patient, schedule, float(times[-1])))
    return Forecast(
        model_id=model.card.model_id,
        model_name=model.card.name,
        site=where,
        times_min=times,
        analytes=lines.levels(names, where, schedule),
        effect_site=lines.effect_site(),
        effects=lines.effects(effects),
        warnings=warnings(verdict, mismatched, where, model.card),
        valid=verdict.valid,
        valid_until_min=verdict.until_min,
        patients=n,
        seed=seed,
    )


def chosen_site(card: Card, site: Site | None) -> Site:
    """The site asked for, or the model's own. refuses NotAllowed for one that the model does not give."""
    if site is None or site in card.sites:
        return site or card.sites[0]
    raise NotAllowed(
        because=f"{card.name} does not predict {site} blood; it gives: {', '.join(card.sites)}.",
        way_out="Leave the site out, or choose another model.",
        code="site_not_in_model",
        where="site",
    )


def check_form(card: Card, schedule: Schedule) -> None:
    """refuses NotAllowed for a drug form that the model was not built on."""
    if schedule.form not in card.forms:
        raise NotAllowed(
            because=f"{card.name} predicts {', '.join(card.forms)} ketamine; the schedule is {schedule.form}.",
            way_out="Choose a model of S-ketamine.",
            code="form_not_in_model",
            where="form",
        )


def drivable(card: Card, effects: Sequence[Effect] = ACUTE) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
    """The effects that this model may drive, and one sentence for each that it may not."""
    allowed: list[Effect] = []
    words: list[str] = []
    for effect in effects:
        try:
            require_driver(card, effect)
        except NotAllowed as why:
            words.append(why.because)
        else:
            allowed.append(effect)
    return tuple(allowed), tuple(words)


def known_at(schedule: Schedule, times: Array) -> Array:
    """(m,) True up to the first minute at which the rate is unknown."""
    return np.asarray(times <= (np.inf if schedule.unknown_from_min is None else schedule.unknown_from_min))


def warnings(verdict: Verdict, mismatched: tuple[str, ...], site: Site, card: Card) -> tuple[str, ...]:
    compare = (COMPARE_ONLY,) if site != card.sites[0] else ()
    return (*verdict.against, *verdict.notes, *mismatched, *compare)


def band_of(courses: Array, known: Array, *alternatives: Array) -> Band:
    """Percentiles of (n, m) courses. Alternatives are equally possible courses: they widen the band and leave the median."""
    low, lower, middle, upper, high = _percentiles(courses)
    for other in alternatives:
        other_low, other_lower, _, other_upper, other_high = _percentiles(other)
        low, lower = np.minimum(low, other_low), np.minimum(lower, other_lower)
        upper, high = np.maximum(upper, other_upper), np.maximum(high, other_high)
    band = Band(low, lower, middle, upper, high)
    return band if bool(known.all()) else band.at(known)


def _percentiles(courses: Array) -> list[Array]:
    """Linear between order statistics (Hyndman and Fan, type 7), one sort for all five."""
    ordered = np.sort(np.ascontiguousarray(courses.T), axis=1)
    last = courses.shape[0] - 1
    found = []
    for percent in PERCENTS:
        place = percent / 100 * last
        below = int(place)
        above = min(below + 1, last)
        found.append(np.asarray(ordered[:, below] + (place - below) * (ordered[:, above] - ordered[:, below])))
    return found


@dataclass(frozen=True)
class LineMaker:
    """The typical patient and the virtual ones, run together; makes lines from them, blank where the rate is unknown.

    courses  row 0 is the typical patient, the others are drawn
    """

    model: Model
    courses: Cloud
    known: Array
    venous_flow_l_per_min: float | None
    seed: int

    @classmethod
    def of(
        cls,
        model: Model,
        patient: Patient,
        schedule: Schedule,
        times: Array,
        *,
        analytes: Sequence[str],
        effects: Sequence[Effect],
        n: int,
        seed: int,
    ) -> LineMaker:
        everyone = stacked(model.parameters(patient), model.draws(patient, n, seed))
        followers = {
            effect.key: Follower(effect.driver.analyte, np.concatenate([effect.lag_per_min(1, None), effect.lag_per_min(n, seed)]))
            for effect in effects
        }
        courses = cloud(everyone, schedule, times, analytes=_with_parts(model.card, tuple(analytes)), followers=followers)
        return cls(model, courses, known_at(schedule, times), everyone.venous_flow_l_per_min, seed)

    def levels(self, names: Sequence[str], site: Site, schedule: Schedule) -> dict[str, Line]:
        courses = self.courses.levels
        if site != self.model.card.sites[0] and self.venous_flow_l_per_min is not None:
            courses = as_mixed(courses, schedule, self.courses.at_min, self.venous_flow_l_per_min)
        return {name: self._line(courses[name], self.model.card.ratings[name]) for name in names}

    def effect_site(self) -> Line | None:
        """S-ketamine in the dissociation effect site, for models that may drive it."""
        return self._line(self.courses.sites["dissociation"], "moderate") if "dissociation" in self.courses.sites else None

    def effects(self, effects: Sequence[Effect], keys: Sequence[str] | None = None) -> dict[str, Line]:
        lines: dict[str, Line] = {}
        for effect in effects:
            site = self.courses.sites[effect.key]
            typical, many = effect.responses(site[:1], None), effect.responses(site[1:], self.seed)
            for scale in effect.scales:
                if keys is None or scale.key in keys:
                    first, *others = many[scale.key]
                    band = band_of(first, self.known, *others)
                    lines[scale.key] = Line(band, self._blank(typical[scale.key][0][0]), scale.unit, scale.rating, scale.words)
        return lines

    def _line(self, courses: Array, rating: Rating) -> Line:
        return Line(band_of(courses[1:], self.known), self._blank(courses[0]), "ng/mL", rating)

    def _blank(self, line: Array) -> Array:
        return np.where(self.known, line, np.nan)


def _with_parts(card: Card, names: tuple[str, ...]) -> tuple[str, ...]:
    """Total ketamine at a corrected site needs both enantiomers."""
    parts = tuple(name for name in ("s_ketamine", "r_ketamine") if name in card.ratings)
    return tuple(dict.fromkeys((*names, *parts))) if "ketamine" in names else names


def plain(line: Array) -> list[float | None]:
    """Three decimals of a ng/mL or of a fraction are beyond what any assay or rater resolves."""
    rounded: list[float | None] = np.round(line, 4).tolist()
    return rounded if bool(np.isfinite(line).all()) else [None if value != value else value for value in rounded]

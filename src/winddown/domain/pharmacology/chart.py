"""Everything the live infusion chart draws from the model, in one call that a what-if slider can make while it is dragged.

Arterial plasma and the effect site, never the mixed output. Plain data out: numbers, words, and a hash of what went in, so that
what a clinician was shown can be kept and made again.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from winddown.domain.figures import Figure
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import COVERAGE, DEFAULT_PATIENTS, Band, Line, LineMaker, check_form, drivable, plain, warnings
from winddown.domain.pharmacology.clock import Below, predicted_below
from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.compartments import without_repeats
from winddown.domain.pharmacology.effects import ACUTE
from winddown.domain.pharmacology.individual import Posterior, Seen
from winddown.domain.pharmacology.individual.figures import TABLE as LEARNED_FROM
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Card, Model, Patient, guessed
from winddown.domain.pharmacology.personal import PersonalForecast, personal_forecast
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.validity import judged
from winddown.domain.refusals import NotAllowed, OutOfRange

ENGINE = "closed form 1, learning 1"
EFFECTS_DRAWN = ("dissociation", "systolic_rise")
METABOLITES = ("s_norketamine", "s_hydroxynorketamine")
STEPS_MIN = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 240.0)
MOST_STEPS = 300
AFTER_END = timedelta(minutes=120)  # how far past the end of an infusion a picture looks
FAINTEST_NG_PER_ML = 5.0  # two models are not compared where both draw on the axis


@dataclass(frozen=True)
class Threshold:
    """A level to watch for. signal: "plasma" or "effect_site"."""

    name: str
    figure: Figure
    signal: str = "plasma"


ANALGESIC_LOW = Threshold(
    "lower end of the analgesic range", Figure(70.0, "ng/mL", "Zanos 2018 Table 1, 10.1124/pr.117.015198", "published")
)


@dataclass(frozen=True)
class SecondOpinion:
    """Another published model's typical course, and whether it leaves the first model's 5 to 95% band."""

    model_id: str
    model_name: str
    site: str
    median: Array
    differs: bool
    words: str


@dataclass(frozen=True)
class ChartForecast:
    """What the chart draws. Lines are (m,) over `times_min`; not a number from where the rate is unknown.

    personal  this patient, where something was learned; every other line is the typical patient's
    inputs    everything that decides the numbers, as plain data: what `kept.again` needs to make them once more
    """

    model_id: str
    model_name: str
    site: str
    plasma_analyte: str
    now_min: float
    times_min: Array
    plasma: Line
    effect_site: Line | None
    norketamine: Line | None
    hydroxynorketamine: Line | None
    effects: dict[str, Line]
    second: SecondOpinion | None
    clock: dict[str, Below]
    warnings: tuple[str, ...]
    valid: bool
    valid_until_min: float
    input_hash: str
    patients: int
    seed: int
    inputs: Mapping[str, Any]
    personal: PersonalForecast | None = None

    @property
    def guesses(self) -> int:
        """How many figures behind these lines nobody published: of the model, of the effects drawn, of what was learned from."""
        drawn = [effect.table for effect in ACUTE if any(scale.key in self.effects for scale in effect.scales)]
        tables = (models.get(self.model_id).table, *drawn, *((LEARNED_FROM,) if self.personal else ()))
        return sum(len(guessed(table)) for table in tables)

    def as_data(self) -> dict[str, Any]:
        return {
            "model": {"id": self.model_id, "name": self.model_name, "site": self.site, "analyte": self.plasma_analyte},
            "now_min": self.now_min,
            "times_min": self.times_min.tolist(),
            "plasma": self.plasma.as_data(),
            "effect_site": self.effect_site.as_data() if self.effect_site else None,
            "norketamine": self.norketamine.as_data() if self.norketamine else None,
            "hydroxynorketamine": self.hydroxynorketamine.as_data() if self.hydroxynorketamine else None,
            "effects": {key: line.as_data() for key, line in self.effects.items()},
            "second": _second_data(self.second),
            "clock": {name: below.as_data() for name, below in self.clock.items()},
            "warnings": list(self.warnings),
            "valid": self.valid,
            "valid_until_min": self.valid_until_min,
            "coverage": COVERAGE,
            "personal": self.personal.as_data() if self.personal else None,
            "inputs": dict(self.inputs),
            "input_hash": self.input_hash,
            "patients": self.patients,
            "seed": self.seed,
        }


def chart_forecast(
    patient: Patient,
    schedule_reached: Schedule,
    now_min: float,
    horizon_min: float,
    *,
    step_min: float | None = None,
    model_id: str = models.DEFAULT,
    second_model_id: str | None = models.SECOND,
    thresholds: Sequence[Threshold] = (ANALGESIC_LOW,),
    n: int = DEFAULT_PATIENTS,
    seed: int = 1,
    posterior: Posterior | None = None,
    seen: Seen | None = None,
) -> ChartForecast:
    """Predict what has reached the patient and what is planned, from the first drop to the horizon.

    schedule_reached  drug reaching the patient (line and priming already taken off), past as it happened and future as planned
    now_min           the clock looks from here on
    second_model_id   the second opinion; for esketamine a model of S-ketamine takes the place of one of racemate
    step_min          spacing of the lines; chosen so that there are at most 300 steps when None. Rate changes and now are added
    seen              what taught: this patient's own lines are drawn beside the typical ones
    posterior         what `seen` taught, where the caller kept it; worked out when None
    refuses           what the model refuses (unknown id, drug form); OutOfRange for a horizon that is not ahead
    """
    times = chart_times(schedule_reached, now_min, horizon_min, step_min)
    model = models.get(model_id)
    check_form(model.card, schedule_reached)
    effects, mismatched = drivable(model.card)
    analyte = plasma_analyte(model.card)
    drawn = tuple(name for name in (analyte, *METABOLITES) if name in model.card.ratings)
    lines = LineMaker.of(model, patient, schedule_reached, times, analytes=drawn, effects=effects, n=n, seed=seed)
    levels = lines.levels(drawn, model.card.sites[0], schedule_reached)
    verdict = judged(model.card, patient, schedule_reached, times, {name: level[0] for name, level in lines.courses.levels.items()})
    second = _second_opinion(second_model_id, patient, schedule_reached, times, levels[analyte].band, model.card)
    if seen is not None and posterior is None:
        posterior = seen.learned(model, patient, schedule_reached, seed=seed)
    mine = (
        personal_forecast(
            posterior,
            schedule_reached,
            times,
            now_min,
            analyte=analyte,
            thresholds={each.name: (each.figure.value, each.signal) for each in thresholds},
        )
        if posterior is not None
        else None
    )
    inputs = _inputs(patient, schedule_reached, model, second, times, thresholds, n, seed) | {
        "asked": {"now_min": now_min, "horizon_min": horizon_min, "step_min": step_min, "second": second_model_id},
        "seen": seen.as_data() if seen is not None else None,
    }
    return ChartForecast(
        model_id=model.card.model_id,
        model_name=model.card.name,
        site=model.card.sites[0],
        plasma_analyte=analyte,
        now_min=now_min,
        times_min=times,
        plasma=levels[analyte],
        effect_site=lines.effect_site(),
        norketamine=levels.get("s_norketamine"),
        hydroxynorketamine=levels.get("s_hydroxynorketamine"),
        effects=lines.effects(effects, EFFECTS_DRAWN),
        second=second,
        clock=_clock(lines, analyte, thresholds, now_min),
        warnings=warnings(verdict, mismatched, model.card.sites[0], model.card),
        valid=verdict.valid,
        valid_until_min=verdict.until_min,
        input_hash=hash_of(inputs),
        patients=n,
        seed=seed,
        inputs=inputs,
        personal=mine,
    )


def chart_times(schedule: Schedule, now_min: float, horizon_min: float, step_min: float | None) -> Array:
    """An even grid from the first drop to the horizon, with every rate change and now on it."""
    if not (math.isfinite(horizon_min) and horizon_min > 0 and 0 <= now_min <= horizon_min):
        raise OutOfRange(
            because=f"A horizon of {horizon_min:g} minutes is not ahead of minute {now_min:g}.",
            way_out="Look at least one minute ahead.",
            code="horizon_not_ahead",
            where="horizon_min",
        )
    step = step_min or next((step for step in STEPS_MIN if horizon_min / step <= MOST_STEPS), horizon_min / MOST_STEPS)
    grid = np.arange(0.0, horizon_min + step / 2, step)
    edges = [edge for segment in schedule.changes for edge in (segment.from_min, segment.to_min) if edge < horizon_min]
    return without_repeats(np.concatenate([grid[grid < horizon_min], [now_min, horizon_min], edges]))


def plasma_analyte(card: Card) -> str:
    """Total ketamine where the model has it, else S-ketamine."""
    return "ketamine" if "ketamine" in card.ratings else "s_ketamine"


def _second_opinion(
    model_id: str | None, patient: Patient, schedule: Schedule, times: Array, band: Band, first: Card
) -> SecondOpinion | None:
    if model_id is None or model_id == first.model_id:
        return None
    model = models.get(model_id)
    if schedule.form not in model.card.forms:
        model = models.get(models.SECOND_FOR_ESKETAMINE)
    analyte = "s_ketamine" if schedule.form == "esketamine" else plasma_analyte(first)
    if model.card.model_id == first.model_id or analyte not in model.card.ratings:
        return None
    line = cloud(model.parameters(patient), schedule, times, analytes=(analyte,)).levels[analyte][0]
    known = np.isfinite(band.p50)
    line = np.where(known, line, np.nan)
    visible = known & (np.fmax(line, band.p50) > FAINTEST_NG_PER_ML)
    outside = np.flatnonzero(visible & ((line < band.p05) | (line > band.p95)))
    return SecondOpinion(
        model.card.model_id, model.card.name, model.card.sites[0], line, bool(outside.size), _difference(model, line, band, times, outside)
    )


def _difference(model: Model, line: Array, band: Band, times: Array, outside: np.ndarray) -> str:
    if outside.size == 0:
        return f"{model.card.name} stays within the band."
    gap = np.maximum(band.p05[outside] - line[outside], line[outside] - band.p95[outside])
    worst = outside[int(np.argmax(gap))]
    return (
        f"{model.card.name} leaves the 5 to 95% band: {line[worst]:.0f} ng/mL at minute {times[worst]:.0f} "
        f"against {band.p05[worst]:.0f} to {band.p95[worst]:.0f}."
    )


def _clock(lines: LineMaker, analyte: str, thresholds: Sequence[Threshold], now_min: float) -> dict[str, Below]:
    found: dict[str, Below] = {}
    for threshold in thresholds:
        courses = lines.courses.sites.get("dissociation") if threshold.signal == "effect_site" else lines.courses.levels[analyte]
        if courses is None:
            raise NotAllowed(
                because=f"{lines.model.card.name} has no effect site for the threshold {threshold.name!r}.",
                way_out="Use a plasma threshold or a model of arterial S-ketamine.",
                code="no_effect_site",
            )
        known = np.where(lines.known, courses[1:], np.nan)
        found[threshold.name] = predicted_below(threshold.figure.value, lines.courses.at_min, known, from_min=now_min)
    return found


def _inputs(
    patient: Patient,
    schedule: Schedule,
    model: Model,
    second: SecondOpinion | None,
    times: Array,
    thresholds: Sequence[Threshold],
    n: int,
    seed: int,
) -> dict[str, Any]:
    return {
        "engine": ENGINE,
        "model": [model.card.model_id, model.card.version],
        "second": [second.model_id, models.get(second.model_id).card.version] if second else None,
        "patient": asdict(patient),
        "schedule": asdict(schedule),
        "times_min": times.tolist(),
        "thresholds": [
            [each.name, each.figure.value, each.signal, each.figure.unit, each.figure.source, each.figure.status] for each in thresholds
        ],
        "patients": n,
        "seed": seed,
    }


def hash_of(inputs: Mapping[str, Any]) -> str:
    """sha256 over everything that decides the numbers, in a fixed order and spelling."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _second_data(second: SecondOpinion | None) -> dict[str, Any] | None:
    if second is None:
        return None
    return {
        "model": {"id": second.model_id, "name": second.model_name, "site": second.site},
        "median": plain(second.median),
        "differs": second.differs,
        "words": second.words,
    }

"""The chart's second half: this patient beside the typical one, on the same minutes, with what taught and what did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.band import Line
from winddown.domain.pharmacology.clock import Below, predicted_below
from winddown.domain.pharmacology.individual import Posterior, learn, personal
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.regimen import Schedule

BACK = "dissociation back to rest"
BACK_WITHIN = 1.0  # points of CADSS-6 above the resting score, as the recovery gate asks
HALF_A_POINT = 0.5  # a course below this is written down as at most BACK_WITHIN
DRAWN = ("dissociation", "cadss6", "systolic_rise")
BEFORE = ("cadss6", "systolic_rise")
BEFORE_DRAWS = 200
CALIBRATION = "calibrated on simulated patients only"


@dataclass(frozen=True)
class PersonalForecast:
    """What the chart draws of this patient.

    lines    plasma analyte, "s_norketamine", "effect_site", "dissociation", "cadss6", "systolic_rise"; what the model has
    before   "cadss6" and "systolic_rise" of a person of whom nothing was seen but the resting values: what the lines narrowed from
    clock    by threshold name; `BACK` counts points of CADSS-6, the others ng/mL
    """

    posterior: Posterior
    lines: Mapping[str, Line]
    before: Mapping[str, Line]
    clock: Mapping[str, Below]

    def as_data(self) -> dict[str, Any]:
        return {
            "lines": {key: line.as_data() for key, line in self.lines.items()},
            "before": {key: line.as_data() for key, line in self.before.items()},
            "clock": {name: below.as_data() for name, below in self.clock.items()},
            "learned": self.posterior.as_data(),
            "coverage": CALIBRATION,
        }


def personal_forecast(
    posterior: Posterior,
    schedule: Schedule,
    times: Array,
    now_min: float,
    *,
    analyte: str,
    thresholds: Mapping[str, tuple[float, str]],
) -> PersonalForecast:
    """This patient's lines over `times` (m,).

    thresholds  name -> (ng/mL, "plasma" or "effect_site")
    """
    ratings = posterior.person.model.card.ratings
    analytes = tuple(name for name in (analyte, "s_norketamine") if name in ratings)
    found = personal(posterior, schedule, times, analytes=analytes, effects=DRAWN)
    known = np.isfinite(found.lines[analyte].band.p50)
    clock = {}
    for name, (level, signal) in thresholds.items():
        courses = found.courses.get(analyte if signal == "plasma" else signal)
        if courses is not None:
            clock[name] = predicted_below(level, times, np.where(known, courses, np.nan), from_min=now_min)
    if "cadss6" in found.courses:
        back = (posterior.person.resting.cadss6 or 0.0) + BACK_WITHIN + HALF_A_POINT
        clock[BACK] = predicted_below(back, times, np.where(known, found.courses["cadss6"], np.nan), from_min=now_min)
    return PersonalForecast(posterior, found.lines, _before(posterior, schedule, times), clock)


def _before(posterior: Posterior, schedule: Schedule, times: Array) -> dict[str, Line]:
    """The same two signs under the population's prior, on the same axes."""
    person = posterior.person
    if not person.drives_effects:
        return {}
    unseen = learn(person.model, person.patient, schedule, (), resting=person.resting, n=BEFORE_DRAWS, seed=posterior.seed)
    lines = personal(unseen, schedule, times, analytes=(), effects=BEFORE).lines
    return {key: lines[key] for key in BEFORE}

"""What is believed of a patient's relief before their own scores speak: the published slow effect, later the practice's own patients.

Pain on an evening is a baseline less relief. Each infusion adds to a slow site that fades with one half-life; relief follows the site with
a ceiling, as in the published model. Only that model's half-life and share of responders were published as figures; the rest is a wide
belief of ours, and the nightly refit moves all of it toward what the practice's own patients show.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from winddown.domain.figures import Figure
from winddown.domain.pharmacology.effects.relief import SOURCE, TWO_SIDED_95, VALUE
from winddown.domain.pharmacology.linear import Array

MODEL_ID = "relief-weeks/1"
JUDGEMENT = "a wide belief of ours, moved by the practice's own patients"

HALF_LIVES_D = np.geomspace(1.5, 120.0, 25)
# (half-effect level in parts of one infusion, how much of what an earlier infusion left is added to). A low level holds, then falls.
LEVELS_OF_HALF = np.geomspace(0.1, 10.0, 7)
SHAPES = np.array([(level, adds) for adds in (1.0, 0.0) for level in LEVELS_OF_HALF])
SPREADS = np.array([0.4, 0.6, 0.85, 1.2, 1.7, 2.4])
# Share of the scatter that lasts, and for how many days: scatter of one evening alone up to weeks that are good or bad as a whole.
LASTING = np.array([[0.0, 1.0], [0.4, 1.5], [0.8, 1.5], [0.4, 6.0], [0.8, 6.0], [0.6, 25.0]])

HALF_LIFE = Figure(VALUE["half_life"], "d", SOURCE, "published")
HALF_LIFE_SPREAD = Figure(
    math.hypot(math.log(VALUE["half_life_high"] / VALUE["half_life_low"]) / TWO_SIDED_95, 0.6),
    "ln",
    f"{SOURCE}: interval of the typical value; 0.6 between persons is ours",
    "derived",
)
RESPONDERS = Figure(VALUE["responders"], "fraction of patients", SOURCE, "published")
BASELINE = Figure(6.5, "points", JUDGEMENT, "derived")
BASELINE_SPREAD = Figure(2.0, "points", JUDGEMENT, "derived")
GAIN = Figure(0.5, "fraction of the baseline", "Sigtermans 2009: 2.68 against 5.45 at the end of week 1", "derived")
GAIN_SPREAD = Figure(0.25, "fraction of the baseline", JUDGEMENT, "derived")
NO_GAIN_SPREAD = Figure(0.08, "fraction of the baseline", JUDGEMENT, "derived")
HALF_LEVEL_SPREAD = Figure(1.0, "ln", JUDGEMENT, "derived")
SCATTER = Figure(1.1, "points", "the evenings of one person swing by a point or two", "derived")
SCATTER_SPREAD = Figure(0.5, "ln", JUDGEMENT, "derived")


@dataclass(frozen=True)
class Prior:
    """Means and spreads over patients.

    log_half_life, log_half_level, log_scatter   (mean, spread) of natural logarithms; days, parts of one infusion, points
    baseline        (mean, spread) in points
    gain            (mean, spread) of a responder's greatest relief as a fraction of the baseline
    adds            share of patients in whom an infusion adds to what earlier ones left; in the others it begins anew
    responders      share of patients with any relief of their own
    lasting         weight of each row of LASTING
    patients        how many of the practice's patients moved it
    """

    log_half_life: tuple[float, float] = (math.log(HALF_LIFE.value), HALF_LIFE_SPREAD.value)
    log_half_level: tuple[float, float] = (0.0, HALF_LEVEL_SPREAD.value)
    log_scatter: tuple[float, float] = (math.log(SCATTER.value), SCATTER_SPREAD.value)
    baseline: tuple[float, float] = (BASELINE.value, BASELINE_SPREAD.value)
    gain: tuple[float, float] = (GAIN.value, GAIN_SPREAD.value)
    adds: float = 0.5
    responders: float = RESPONDERS.value
    lasting: tuple[float, ...] = tuple([1 / len(LASTING)] * len(LASTING))
    patients: int = 0

    def as_data(self) -> dict[str, Any]:
        return {"model": MODEL_ID, **asdict(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Prior:
        told = {key: value for key, value in data.items() if key != "model"}
        read: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
        return cls(**read)

    def weights(self) -> dict[str, Array]:
        """Logarithms of the weights of each grid, and of (responder, not)."""
        return {
            "half_life": _log_weights(np.log(HALF_LIVES_D), *self.log_half_life),
            "shape": self._shapes(),
            "scatter": _log_weights(np.log(SPREADS), *self.log_scatter),
            "lasting": np.log(np.asarray(self.lasting) / sum(self.lasting)),
            "responds": np.log(np.array([self.responders, 1 - self.responders])),
        }

    def _shapes(self) -> Array:
        plain = _log_weights(np.log(LEVELS_OF_HALF), *self.log_half_level)
        return np.concatenate([plain + math.log(self.adds), plain + math.log(1 - self.adds)])


def _log_weights(nodes: Array, mean: float, spread: float) -> Array:
    raw = -0.5 * ((nodes - mean) / spread) ** 2
    found: Array = raw - np.log(np.exp(raw - raw.max()).sum()) - raw.max()
    return found


PUBLISHED = Prior()
FIGURES: Mapping[str, Figure] = {
    "half_life": HALF_LIFE,
    "half_life_spread": HALF_LIFE_SPREAD,
    "responders": RESPONDERS,
    "baseline": BASELINE,
    "gain": GAIN,
    "half_level_spread": HALF_LEVEL_SPREAD,
    "scatter": SCATTER,
}

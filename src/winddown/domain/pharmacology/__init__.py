"""What a dose does in the body: published models, the closed form that runs them, and bands that say how far to trust them.

Start at `model.py` (what a model is), then `band.forecast` (one prediction) and `chart.chart_forecast` (everything the live chart draws).
For a notebook the few nouns of `NOUNS` are here by name; each is loaded when it is asked for, so that nothing cold waits for it.
docs/quick-start.ipynb uses them all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from winddown.domain.pharmacology.band import forecast as forecast
    from winddown.domain.pharmacology.individual import Observation as Observation
    from winddown.domain.pharmacology.individual import learn as learn
    from winddown.domain.pharmacology.individual import personal as personal
    from winddown.domain.pharmacology.model import Patient as Patient
    from winddown.domain.pharmacology.population import Alike as Alike
    from winddown.domain.pharmacology.population import Population as Population
    from winddown.domain.pharmacology.population import Question as Question
    from winddown.domain.pharmacology.population import bands as bands
    from winddown.domain.pharmacology.regimen import Schedule as Schedule
    from winddown.domain.pharmacology.regimen import dose_over as dose_over
    from winddown.domain.pharmacology.regimen import steps as steps

NOUNS = {
    "Patient": "model",
    "Schedule": "regimen",
    "dose_over": "regimen",
    "steps": "regimen",
    "forecast": "band",
    "Observation": "individual",
    "learn": "individual",
    "personal": "individual",
    "Alike": "population",
    "Population": "population",
    "Question": "population",
    "bands": "population",
}


def __getattr__(name: str) -> object:
    if name in NOUNS:
        return getattr(import_module(f"{__name__}.{NOUNS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""KSET: unwanted effects of ketamine. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Outcome, both
from winddown.domain.instruments.unworded import numbered

_KSET = numbered(29, 0, 3)
KSET = Instrument(
    key="kset",
    version="1",
    name=both("Ketamine side effect tool (KSET)", "Herramienta de efectos de ketamina (KSET)"),
    purpose=both("unwanted effects of ketamine", "efectos no deseados de la ketamina"),
    rater="either",
    items=_KSET,
    rule=lambda values: Outcome(None),
    low=0,
    high=0,
    license=common.permission("Short and colleagues", "SHORT20"),
    recall=both("as the form says", "según el formulario"),
    recall_days=1,
    minimum_interval_days=common.every(0, "screening, baseline, acute and follow-up parts"),
    notes=("No total exists; each answer stands for itself. The clinic's file says which items its part has.",),
)

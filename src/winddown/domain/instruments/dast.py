"""DAST-10: the use of drugs. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Outcome, both
from winddown.domain.instruments.unworded import numbered

_DAST = numbered(10, 0, 1)


def _dast(values: Mapping[str, float]) -> Outcome:
    """Yes counts one, but in item 3 it is No that counts."""
    lacking = tuple(item.key for item in _DAST if item.key not in values)
    return Outcome(None, lacking) if lacking else Outcome(sum(1 - value if key == "3" else value for key, value in values.items()))


DAST10 = Instrument(
    key="dast-10",
    version="1",
    name=both("DAST-10: drugs", "DAST-10: drogas"),
    purpose=both("use of drugs", "uso de drogas"),
    items=_DAST,
    rule=_dast,
    low=0,
    high=10,
    license=common.permission("Skinner and the Centre for Addiction and Mental Health", "DAST"),
    recall=both("the last 12 months", "los últimos 12 meses"),
    recall_days=365,
    minimum_interval_days=common.every(30, "asks about a year"),
    bands=common.bands(
        "DAST",
        "published",
        "{score}",
        ("none", 0, "none reported", "ninguno referido", "calm"),
        ("low", 1, "low", "bajo", "calm"),
        ("moderate", 3, "moderate", "moderado", "watch"),
        ("substantial", 6, "substantial", "considerable", "watch"),
        ("severe", 9, "severe", "grave", "watch"),
    ),
    takes_total=True,
    loinc_score="82667-7",
    notes=("Answers are 1 for yes and 0 for no; item 3 is scored on no.",),
)

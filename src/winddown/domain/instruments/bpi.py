"""Brief pain inventory: severity and interference. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Outcome, both
from winddown.domain.instruments.scoring import Mean
from winddown.domain.instruments.unworded import keys, numbered

_BPI_SEVERITY = numbered(4, 0, 10, kind="slider", prefix="severity_")
_BPI_INTERFERENCE = numbered(7, 0, 10, kind="slider", prefix="interference_")


def _bpi(values: Mapping[str, float]) -> Outcome:
    """Severity is the mean of four, interference the mean of seven; more than half of them must be there. The score is interference."""
    severity, interference = Mean(keys(_BPI_SEVERITY))(values), Mean(keys(_BPI_INTERFERENCE), may_miss=3)(values)
    parts = {name: outcome.value for name, outcome in (("severity", severity), ("interference", interference)) if outcome.value is not None}
    return Outcome(interference.value, (*severity.lacking, *interference.lacking), prorated=interference.prorated, parts=parts)


BPI = Instrument(
    key="bpi",
    version="1",
    name=both("Brief pain inventory (BPI)", "Inventario breve de dolor (BPI)"),
    purpose=both("pain and what it interferes with", "el dolor y con qué interfiere"),
    items=(*_BPI_SEVERITY, *_BPI_INTERFERENCE),
    rule=_bpi,
    low=0,
    high=10,
    license=common.permission("MD Anderson Cancer Center", "BPI-MDA"),
    recall=common.LAST_DAY,
    recall_days=1,
    minimum_interval_days=common.every(1, "asks about 24 hours"),
    change=Change(
        important=common.points(1, "clinic default, no source text seen", "unverified"), important_percent=common.percent(30, "FARR01")
    ),
    takes_total=True,
    parts={
        "severity": both("severity (mean of 4)", "intensidad (media de 4)"),
        "interference": both("interference (mean of 7)", "interferencia (media de 7)"),
    },
    notes=("The score drawn is interference.",),
)

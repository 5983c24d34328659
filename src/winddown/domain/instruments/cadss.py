"""CADSS: dissociation, with its six-item part. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, both
from winddown.domain.instruments.scoring import Sum
from winddown.domain.instruments.unworded import keys, numbered

_CADSS = numbered(23, 0, 4)
CADSS = Instrument(
    key="cadss",
    version="1",
    name=both("CADSS: dissociation", "CADSS: disociación"),
    purpose=both("dissociation", "disociación"),
    rater="clinician",
    items=_CADSS,
    rule=Sum(keys(_CADSS), parts={"cadss6": ("1", "2", "6", "7", "15", "22")}),
    low=0,
    high=92,
    license=common.permission("Bremner and colleagues", "CADSS-Y"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(0, "asked as often as the protocol says"),
    takes_total=True,
    parts={"cadss6": both("six items (CADSS-6)", "seis ítems (CADSS-6)")},
    notes=(
        "Never a target for the dose: relief is not explained by dissociation (DISS20).",
        "The six items of CADSS6 are numbers 1, 2, 6, 7, 15 and 22.",
    ),
)

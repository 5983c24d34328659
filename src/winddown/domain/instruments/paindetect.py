"""painDETECT: signs of neuropathic pain. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, Item, both, choices
from winddown.domain.instruments.scoring import Sum
from winddown.domain.instruments.unworded import keys, numbered

_PDQ = (
    *numbered(7, 0, 5),
    Item("course", choices=choices((0, "0", "0"), (-1, "-1", "-1"), (1, "1", "1"))),
    Item("radiating", choices=choices((0, "0", "0"), (2, "2", "2"))),
)
PAINDETECT = Instrument(
    key="paindetect",
    version="1",
    name=both("painDETECT", "painDETECT"),
    purpose=both("signs of neuropathic pain", "signos de dolor neuropático"),
    items=_PDQ,
    rule=Sum(keys(_PDQ)),
    low=-1,
    high=38,
    license=common.permission("Pfizer", "PDQ"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(7, "asks about pain as it is"),
    bands=common.bands(
        "PDQ, limits not seen in the source",
        "unverified",
        "{score}",
        ("unlikely", -1, "neuropathic part unlikely", "parte neuropática poco probable", "calm"),
        ("unclear", 13, "unclear", "no concluyente", "watch"),
        ("likely", 19, "neuropathic part likely", "parte neuropática probable", "watch"),
    ),
    takes_total=True,
)

"""DN4: signs of neuropathic pain. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Instrument, both
from winddown.domain.instruments.scoring import Sum
from winddown.domain.instruments.unworded import keys, numbered

_DN4 = numbered(10, 0, 1)
DN4 = Instrument(
    key="dn4",
    version="1",
    name=both("DN4: neuropathic pain", "DN4: dolor neuropático"),
    purpose=both("signs of neuropathic pain", "signos de dolor neuropático"),
    rater="clinician",
    items=_DN4,
    rule=Sum(keys(_DN4), parts={"interview": keys(_DN4)[:7]}),
    low=0,
    high=10,
    license=common.permission("Bouhassira and colleagues", "DN4NL"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(30, "a diagnosis, no course"),
    bands=common.bands(
        "DN4NL",
        "published",
        "{score}",
        ("below", 0, "below the limit of 4", "por debajo del límite de 4", "calm"),
        ("positive", 4, "at or above the limit of 4", "en o sobre el límite de 4", "watch"),
    ),
    takes_total=True,
    parts={"interview": both("seven questions of the interview", "siete preguntas de la entrevista")},
    notes=("The best limit in a Dutch study was 5 of 10 (DN4NL).",),
)

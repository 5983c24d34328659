"""MADRS: the severity of depression, rated by a clinician. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, both
from winddown.domain.instruments.scoring import Sum
from winddown.domain.instruments.unworded import keys, numbered

_MADRS = numbered(10, 0, 6)
MADRS = Instrument(
    key="madrs",
    version="1",
    name=both("MADRS: depression, rated by a clinician", "MADRS: depresión, evaluada por un clínico"),
    purpose=both("severity of depression", "gravedad de la depresión"),
    rater="clinician",
    items=_MADRS,
    rule=Sum(keys(_MADRS)),
    low=0,
    high=60,
    license=common.permission("Montgomery and Asberg; the publisher's terms", "MADRS-B"),
    recall=common.LAST_WEEK,
    recall_days=7,
    minimum_interval_days=common.every(1, "a version with a recall of 24 hours exists; never mix windows in one trend (MADRS24)"),
    bands=common.bands(
        "MADRS-B",
        "published",
        "{score}",
        ("none", 0, "none", "ninguna", "calm"),
        ("mild", 7, "mild", "leve", "calm"),
        ("moderate", 20, "moderate", "moderada", "watch"),
        ("severe", 35, "severe", "grave", "watch"),
    ),
    change=Change(response_percent=common.percent(50, "HAW02"), remission_at_most=common.points(10, "HAW02")),
    takes_total=True,
)

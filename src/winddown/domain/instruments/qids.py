"""QIDS-SR16: symptoms of depression in nine domains. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Outcome, both
from winddown.domain.instruments.unworded import numbered

_QIDS = numbered(16, 0, 3)


def _qids(values: Mapping[str, float]) -> Outcome:
    """Four domains count their highest item only; adding all sixteen is the classic mistake."""
    lacking = tuple(item.key for item in _QIDS if item.key not in values)
    if lacking:
        return Outcome(None, lacking)
    highest = [max(values[str(n)] for n in group) for group in ((1, 2, 3, 4), (6, 7, 8, 9), (15, 16))]
    return Outcome(sum(highest) + sum(values[str(n)] for n in (5, 10, 11, 12, 13, 14)))


QIDS = Instrument(
    key="qids-sr16",
    version="1",
    name=both("QIDS-SR16: depression", "QIDS-SR16: depresión"),
    purpose=both("symptoms of depression", "síntomas de depresión"),
    items=_QIDS,
    rule=_qids,
    low=0,
    high=27,
    license=common.permission("Rush and colleagues; claims conflict", "QIDS"),
    recall=common.LAST_WEEK,
    recall_days=7,
    minimum_interval_days=common.every(7, "asks about a week"),
    bands=common.bands(
        "QIDS",
        "published",
        "{score}",
        ("none", 0, "none", "ninguna", "calm"),
        ("mild", 6, "mild", "leve", "calm"),
        ("moderate", 11, "moderate", "moderada", "watch"),
        ("severe", 16, "severe", "grave", "watch"),
        ("very_severe", 21, "very severe", "muy grave", "watch"),
    ),
    change=Change(response_percent=common.percent(50, "QIDS"), remission_at_most=common.points(5, "QIDS")),
    takes_total=True,
    notes=("Item 12 asks about suicide (unverified): the clinic looks at it by itself.",),
)

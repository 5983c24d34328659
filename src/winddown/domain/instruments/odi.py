"""Oswestry disability index: what back pain keeps from doing. The words belong to somebody: the clinic brings its own licensed text."""

from __future__ import annotations

from collections.abc import Mapping

from winddown.domain.instruments import common
from winddown.domain.instruments.instrument import Change, Instrument, Outcome, both
from winddown.domain.instruments.scoring import whole
from winddown.domain.instruments.unworded import numbered

_ODI = numbered(10, 0, 5)


def _odi(values: Mapping[str, float]) -> Outcome:
    """Percent of what was answered: a section left out leaves the denominator too, as the instrument's own rule says (one at most)."""
    have = [values[item.key] for item in _ODI if item.key in values]
    lacking = tuple(item.key for item in _ODI if item.key not in values)
    if len(lacking) > 1 or not have:
        return Outcome(None, lacking)
    return Outcome(whole(100 * sum(have) / (5 * len(have))), lacking, prorated=bool(lacking))


ODI = Instrument(
    key="odi",
    version="1",
    name=both("Oswestry disability index", "Índice de discapacidad de Oswestry"),
    purpose=both("what back pain keeps from doing", "lo que el dolor de espalda impide hacer"),
    items=_ODI,
    rule=_odi,
    low=0,
    high=100,
    unit="%",
    license=common.permission("Mapi Research Trust; fees possible", "ODI-LIC"),
    recall=common.NOW,
    recall_days=0,
    minimum_interval_days=common.every(7, "asks about today"),
    bands=common.bands(
        "ODI",
        "published",
        "%",
        ("minimal", 0, "minimal", "mínima", "calm"),
        ("moderate", 21, "moderate", "moderada", "calm"),
        ("severe", 41, "severe", "grave", "watch"),
        ("crippling", 61, "very severe", "muy grave", "watch"),
        ("bed", 81, "extreme", "extrema", "watch"),
    ),
    change=Change(important=common.points(10, "ODI", unit="%")),
    takes_total=True,
)

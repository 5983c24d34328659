"""How visits of a series follow one another, as a block of the protocol's versioned data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winddown.domain.booking.series import Spacing
from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing
from winddown.domain.sessions import plain

BLOCK = "series"


@dataclass(frozen=True)
class SeriesRule:
    """The block `series`: how many visits, how far apart at least, at most, and as wished; how many within a year, boosters too."""

    visits: Figure
    min_hours: Figure
    wish_days: Figure
    max_days: Figure
    yearly_visits: Figure | None = None

    @property
    def spacing(self) -> Spacing:
        return Spacing(self.min_hours.value, self.max_days.value, int(self.wish_days.value))


_YEARLY = Figure(26, "visits in 365 d", "default to be approved with the protocol", "derived")
_DAILY = SeriesRule(
    visits=Figure(10, "1", "SCHWZ09", "published"),
    min_hours=Figure(20, "h", "one visit a day, with room for an earlier hour and for a change of the clocks", "derived"),
    wish_days=Figure(1, "d", "SCHWZ09", "published"),
    max_days=Figure(4, "d", "a weekend and a public holiday", "derived"),
    yearly_visits=_YEARLY,
)
_TWICE_A_WEEK = SeriesRule(
    visits=Figure(6, "1", "MUR13b", "published"),
    min_hours=Figure(24, "h", "default to be approved with the protocol", "derived"),
    wish_days=Figure(3, "d", "SINGH16", "published"),
    max_days=Figure(14, "d", "default to be approved with the protocol", "derived"),
    yearly_visits=_YEARLY,
)
_WEEKLY = SeriesRule(
    visits=Figure(6, "1", "default to be approved with the protocol", "derived"),
    min_hours=Figure(24, "h", "default to be approved with the protocol", "derived"),
    wish_days=Figure(7, "d", "default to be approved with the protocol", "derived"),
    max_days=Figure(14, "d", "default to be approved with the protocol", "derived"),
    yearly_visits=_YEARLY,
)
PACKAGED: Mapping[str, SeriesRule] = {
    "crps-outpatient-4h": _DAILY,
    "mood-half-mg-per-kg-40min": _TWICE_A_WEEK,
    "pain-80mg-150min": _WEEKLY,
}


def packaged_series(key: str) -> dict[str, Any]:
    """The block of a packaged protocol as plain data; weekly for one that names none."""
    data: dict[str, Any] = plain.write(PACKAGED.get(key, _WEEKLY))
    return data


def series_rule(protocol: Mapping[str, Any]) -> SeriesRule:
    """The block of a protocol's data. Refuses Missing for a version signed before it had one."""
    if BLOCK not in protocol:
        raise Missing(
            because="This version of the protocol has no rule for a series.",
            way_out="The medical director signs a version that has one; single visits can be booked meanwhile.",
            code="series_rule_missing",
        )
    rule = plain.read(SeriesRule, protocol[BLOCK], where=BLOCK)
    _ = rule.spacing
    return rule

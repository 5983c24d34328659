"""When relief has probably faded: a review is proposed, and a booster where the protocol's spacing and its count of a year leave room.

It proposes; a person books.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from winddown.domain.booking.series_rules import SeriesRule
from winddown.domain.figures import Figure

LIKELY = Figure(0.5, "probability", "row 94: a review when fading is more likely than not", "derived")
SOON = Figure(7, "d", "so that a visit can be found before relief is gone", "derived")
YEAR = timedelta(days=365)
FADES = "Relief has probably faded, or will within a week, by the forecast from the patient's own scores. Offer a review."


@dataclass(frozen=True)
class Proposal:
    """A visit to talk about.

    kind       `booster` where the protocol leaves room, else `review`
    likely_on  the first day on which fading is more likely than not
    not_before   the protocol's least distance from the last infusion
    within_a_year, yearly_limit   infusions of the last 365 days, and the protocol's limit; None where the protocol has none
    """

    kind: Literal["review", "booster"]
    likely_on: datetime
    not_before: datetime
    within_a_year: int
    yearly_limit: int | None


def propose(
    faded: Sequence[tuple[datetime, float]], infusions: Sequence[datetime], rule: SeriesRule | None, *, at: datetime
) -> Proposal | None:
    """A proposal when fading is likely by `SOON` from now; None before.

    faded   moments from now on, with the probability that relief has faded by then
    rule    of the protocol; None for a version without one, and then only a review is proposed
    """
    horizon = at + timedelta(days=SOON.value)
    likely = next((moment for moment, chance in faded if chance > LIKELY.value), None)
    if likely is None or likely > horizon or not infusions:
        return None
    counted = sum(at - YEAR < given <= at for given in infusions)
    limit = int(rule.yearly_visits.value) if rule and rule.yearly_visits else None
    not_before = max(infusions) + timedelta(hours=rule.min_hours.value if rule else 0)
    room = rule is not None and limit is not None and counted < limit
    return Proposal("booster" if room else "review", likely, not_before, counted, limit)

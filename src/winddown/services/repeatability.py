"""How closely repeated tests agree in this clinic, by measure and by who tested. Worked out anew; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from winddown.domain.sensory.repeatability import MOST_DAYS_APART, Spread, Testers, spread
from winddown.domain.sensory.results import Results, results_of
from winddown.domain.sensory.score import Measure
from winddown.record.models import SensoryTest
from winddown.record.queries import sensory as queries

MEASURES: tuple[Measure, ...] = ("mps", "wur", "area", "mpt")
TESTERS: tuple[Testers, ...] = ("same", "other")
NEWEST = 60


@dataclass(frozen=True)
class Repeatability:
    """spreads is by measure and testers; a pair too few is not in it. `left_out` counts pairs that may not be compared."""

    spreads: Mapping[tuple[Measure, Testers], Spread]
    pairs: int
    left_out: int

    def of(self, measure: Measure) -> Spread | None:
        """The wider of the two: who will test next time is not known."""
        found = [self.spreads[measure, who] for who in TESTERS if (measure, who) in self.spreads]
        return max(found, key=lambda each: each.sd) if found else None


def of_this_practice() -> Repeatability:
    """From the newest pairs. A pair counts only if both tests were finished at the same two sites, with the same form, within a week
    of one another, and no infusion was started between."""
    pairs = queries.repeat_pairs(limit=NEWEST)
    fair = [pair for pair in pairs if _fair(*pair)]
    disturbed = queries.infused_between(fair)
    fair = [pair for pair in fair if pair[1].pk not in disturbed]
    told = queries.standings_of([test for pair in fair for test in pair])
    found = {number: results_of(each) for number, each in told.items() if each.status == "finished"}
    whole = [pair for pair in fair if all(test.pk in found for test in pair)]
    spreads = {
        (measure, who): each
        for measure in MEASURES
        for who in TESTERS
        if (each := spread(measure, who, _values(measure, who, whole, found)))
    }
    return Repeatability(spreads, len(whole), len(pairs) - len(whole))


def _fair(first: SensoryTest, again: SensoryTest) -> bool:
    apart = abs(again.started_at - first.started_at)
    same = (first.form, first.control, first.affected) == (again.form, again.control, again.affected)
    return same and apart <= timedelta(days=MOST_DAYS_APART.value)


def _values(
    measure: Measure, who: Testers, pairs: Iterable[tuple[SensoryTest, SensoryTest]], found: Mapping[int, Results]
) -> list[list[float]]:
    groups = []
    for first, again in pairs:
        values = [found[test.pk].value(measure) for test in (first, again)]
        if (first.by_id == again.by_id) == (who == "same") and None not in values:
            groups.append([value for value in values if value is not None])
    return groups

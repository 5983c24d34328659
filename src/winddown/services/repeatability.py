"""How closely repeated tests agree in this clinic, by measure and by who tested. Worked out anew; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from winddown.domain.sensory.repeatability import MOST_DAYS_APART, Spread, Testers, spread
from winddown.domain.sensory.results import Results
from winddown.domain.sensory.score import Measure
from winddown.record.models import SensoryTest
from winddown.record.queries import sensory as queries
from winddown.services.sensory_reading import read

MEASURES: tuple[Measure, ...] = ("mps", "wur", "area", "mpt")
TESTERS: tuple[Testers, ...] = ("same", "other")
NEWEST = 60


@dataclass(frozen=True)
class Repeatability:
    """spreads is by form, measure and testers; what has too few pairs is not in it. `left_out` counts pairs that may not be compared."""

    spreads: Mapping[tuple[str, Measure, Testers], Spread]
    pairs: int
    left_out: int

    def of(self, form: str, measure: Measure) -> Spread | None:
        """The wider of the two: who will test next time is not known. A shorter form repeats less closely, so forms stay apart."""
        found = [self.spreads[form, measure, who] for who in TESTERS if (form, measure, who) in self.spreads]
        return max(found, key=lambda each: each.sd) if found else None


def of_this_practice() -> Repeatability:
    """From the newest pairs. A pair counts only if both tests were finished at the same two sites, with the same form, within a week
    of one another, and no infusion was started between."""
    pairs = queries.repeat_pairs(limit=NEWEST)
    fair = [pair for pair in pairs if _fair(*pair)]
    disturbed = queries.infused_between(fair)
    fair = [pair for pair in fair if pair[1].pk not in disturbed]
    told = read([test for pair in fair for test in pair])
    found = {number: each.results for number, each in told.items() if each.status == "finished"}
    whole = [pair for pair in fair if all(test.pk in found for test in pair)]
    spreads = {}
    for form in {first.form for first, _ in whole}:
        alike = [pair for pair in whole if pair[0].form == form]
        for measure, who in product(MEASURES, TESTERS):
            if each := spread(measure, who, _values(measure, who, alike, found)):
                spreads[form, measure, who] = each
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

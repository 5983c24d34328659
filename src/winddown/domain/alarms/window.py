"""The last minutes of one session's readings, by kind and in the order they were observed."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from winddown.domain.vitals.kinds import KINDS
from winddown.domain.vitals.reading import Reading

# Long enough to hold the persistence of every continuous kind, and two cuff pressures or scores of the slow ones.
_KEEP_CONTINUOUS, _KEEP_SLOW = timedelta(minutes=3), timedelta(minutes=45)


class Sample(NamedTuple):
    """One usable number: a vital sign or a score, at its observed time. Ordered by time."""

    at: datetime
    value: float
    source: str = "monitor"


@dataclass(frozen=True)
class Window:
    """Samples by kind, oldest first. `with_sample` makes a new window and shares what it does not touch."""

    samples: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, readings: Iterable[Reading], scores: Iterable[tuple[str, Sample]] = ()) -> Window:
        """From stored readings in any order; only usable ones enter."""
        grouped: dict[str, list[Sample]] = {}
        for reading in readings:
            if reading.usable and reading.value is not None:
                grouped.setdefault(reading.kind, []).append(Sample(reading.observed_at, reading.value, reading.source))
        for kind, sample in scores:
            grouped.setdefault(kind, []).append(sample)
        return cls({kind: tuple(sorted(found)) for kind, found in grouped.items()})

    def with_reading(self, reading: Reading) -> Window:
        if not reading.usable or reading.value is None:
            return self
        return self.with_sample(reading.kind, Sample(reading.observed_at, reading.value, reading.source))

    def with_sample(self, kind: str, sample: Sample) -> Window:
        """Put in its place by observed time; what is older than we need is let go."""
        found = list(self.samples.get(kind, ()))
        insort(found, sample)
        oldest = found[-1].at - _keep(kind)
        kept = tuple(each for each in found if each.at >= oldest) if found[0].at < oldest else tuple(found)
        return Window({**self.samples, kind: kept})

    def of_kind(self, kind: str) -> tuple[Sample, ...]:
        return self.samples.get(kind, ())


def _keep(kind: str) -> timedelta:
    return _KEEP_CONTINUOUS if kind in KINDS and KINDS[kind].continuous else _KEEP_SLOW

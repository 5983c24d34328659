"""The figures of a group of series with their honest denominators: nobody who is not known is left out of sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Any

import numpy as np

from winddown.domain.outcomes.between import turnbull
from winddown.domain.outcomes.shares import Share, share
from winddown.domain.outcomes.survival import Curve, kaplan_meier
from winddown.domain.refusals import UnknownWord

MARKS = (14, 28, 56, 84, 168)
MOST_POINTS = 250
SPLITS = ("protocol", "diagnosis", "location", "clinician")


@dataclass(frozen=True)
class Series:
    """One followed series with what it is grouped and adjusted by. Days count from when the response was held."""

    pk: int
    patient: int
    protocol: str
    diagnosis: str
    location: str
    clinician: str
    response: str
    because: str
    remission: str
    end: str
    relapse_after: float | None
    relapse_by: float | None
    watched: float
    baseline: float | None
    age_years: float
    female: bool
    mg_per_kg: float | None
    total_mg_per_kg: float | None

    @property
    def is_judged(self) -> bool:
        return self.response in ("yes", "no")

    @property
    def followed_days(self) -> float:
        """As long as the response was followed: to the answer that showed the relapse, or to the last answer."""
        return self.relapse_by if self.relapse_by is not None else self.watched


@dataclass(frozen=True)
class Summary:
    """One group.

    response   among those who can be judged; response_least counts everybody not known as without, response_most as with a response
    unknown    why the others cannot be judged, by reason; waiting: it may still come
    ends       of those who responded: relapse, retreated, lost, open
    curve      share of responders who still hold it, by the answer that showed the relapse
    between    least and most that may still hold it at each of MARKS, knowing only between which answers it was lost
    """

    series: int
    patients: int
    responded: int
    waiting: int
    unknown: Mapping[str, int]
    lost: int
    response: Share
    response_least: float | None
    response_most: float | None
    remission: Share | None
    ends: Mapping[str, int]
    curve: Curve
    between: Sequence[tuple[int, float, float]]

    def as_data(self) -> dict[str, Any]:
        return {
            "series": self.series,
            "patients": self.patients,
            "responded": self.responded,
            "waiting": self.waiting,
            "unknown": dict(self.unknown),
            "lost": self.lost,
            "response": _share_data(self.response),
            "response_least": self.response_least,
            "response_most": self.response_most,
            "remission": _share_data(self.remission) if self.remission else None,
            "ends": dict(self.ends),
            "curve": curve_data(self.curve),
            "between": [list(each) for each in self.between],
        }


def summarize(rows: Sequence[Series]) -> Summary:
    """The figures of these series. One patient's several series each count; how many patients they are is said beside."""
    told = Counter(row.response for row in rows)
    yes, no, unknown = told["yes"], told["no"], told["unknown"]
    held = [row for row in rows if row.response == "yes"]
    remitted = Counter(row.remission for row in rows)
    settled = yes + no + unknown
    return Summary(
        series=len(rows),
        patients=len({row.patient for row in rows}),
        responded=yes,
        waiting=told["waiting"],
        unknown=Counter(row.because for row in rows if row.response == "unknown"),
        lost=sum(row.end == "lost" for row in rows),
        response=share(yes, yes + no),
        response_least=yes / settled if settled else None,
        response_most=(yes + unknown) / settled if settled else None,
        remission=share(remitted["yes"], remitted["yes"] + remitted["no"]) if remitted["undefined"] < len(rows) else None,
        ends=Counter(row.end for row in held),
        curve=durability(held),
        between=_between(held),
    )


def durability(held: Sequence[Series]) -> Curve:
    """How long those who responded hold it; who was lost or treated again leaves at the last answer."""
    return kaplan_meier([row.followed_days for row in held], [row.relapse_by is not None for row in held])


def _between(held: Sequence[Series]) -> list[tuple[int, float, float]]:
    """In whole days: an interval is at most a day wider at each end, and a practice of thousands is read in moments."""
    if not held:
        return []
    after = [float(floor(row.relapse_after if row.relapse_after is not None else row.watched)) for row in held]
    until = [float(ceil(row.relapse_by)) if row.relapse_by is not None else inf for row in held]
    found, last = turnbull(after, until), max(row.followed_days for row in held)
    return [(mark, *found.well_by(mark)) for mark in MARKS if mark <= last]


def by(rows: Iterable[Series], split: str) -> dict[str, list[Series]]:
    """Series in groups, the largest first. split: protocol, diagnosis, location or clinician."""
    if split not in SPLITS:
        raise UnknownWord("way to split", split, SPLITS)
    groups: dict[str, list[Series]] = {}
    for row in rows:
        groups.setdefault(str(getattr(row, split)), []).append(row)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def _share_data(found: Share) -> dict[str, Any]:
    return {"count": found.count, "of": found.of, "value": found.value, "low": found.low, "high": found.high}


def curve_data(curve: Curve) -> dict[str, Any]:
    """The curve as numbers that JSON can hold; what is not a number becomes None. Of a long curve the points that an eye tells apart."""
    kept = _told_apart(curve.times)
    return {
        "of": curve.of,
        "times": [round(float(each), 3) for each in curve.times[kept]],
        "survival": _numbers(curve.survival[kept]),
        "low": _numbers(curve.low[kept]),
        "high": _numbers(curve.high[kept]),
        "median": list(curve.median),
        "marks": [
            {
                "day": mark,
                "at_risk": curve.at_risk_at(mark),
                "left": curve.left_by(mark),
                "relapsed": int(curve.relapsed[curve.times <= mark].sum()),
            }
            for mark in (0, *MARKS)
        ],
    }


def _told_apart(times: Any) -> Any:
    """The last place of each of MOST_POINTS equal spans; all where there are no more. Median and marks use every point."""
    if len(times) <= MOST_POINTS:
        return np.arange(len(times))
    span = np.floor(times / times[-1] * MOST_POINTS)
    return np.flatnonzero(np.append(span[1:] != span[:-1], True))


def _numbers(line: Any) -> list[float | None]:
    return [round(float(each), 5) if np.isfinite(each) else None for each in line]

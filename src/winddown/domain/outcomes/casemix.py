"""Who was treated: the columns by which outcomes are adjusted, and the three questions asked with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from winddown.domain.outcomes import adjusted, funnel
from winddown.domain.outcomes.shares import Difference, Share, difference, share
from winddown.domain.outcomes.summary import Series
from winddown.domain.outcomes.survival import Curve, Test, apart, kaplan_meier, log_rank

Array = NDArray[np.float64]
ADJUSTED_FOR = ("baseline", "age", "sex", "diagnosis")
FAMILIES_MOST = 3
COMPARED_AT = (28, 56)
GRID = 21
LEAST_DOSES = 4


@dataclass(frozen=True)
class Comparison:
    """Two groups side by side.

    raw        difference of response shares, first minus second;  adjusted the same had both treated the same people, or `why_not`:
               the code of the refusal with its values and limits, empty where nothing stood against it
    durable    (day, difference of the shares still holding it) ;  test the log-rank test over the whole span
    used, left_out   series in the adjusted figure, and those that lack a number it needs
    """

    first: Share
    second: Share
    raw: Difference
    adjusted: Difference | None
    why_not: Mapping[str, str]
    used: int
    left_out: int
    first_curve: Curve
    second_curve: Curve
    durable: tuple[tuple[int, Difference], ...]
    test: Test


@dataclass(frozen=True)
class Bin:
    """Series of a span of doses: as counted, unadjusted, with those whose response is not known beside."""

    low: float
    high: float
    response: Share
    unknown: int
    waiting: int


@dataclass(frozen=True)
class DoseResponse:
    """Chance of a response by dose, for a mix of patients like all of them. `line` is empty, with `why_not`, where no model holds."""

    line: tuple[tuple[float, float, float, float], ...]
    bins: tuple[Bin, ...]
    why_not: Mapping[str, str]
    used: int
    left_out: int
    patients: int


def compare(first: Sequence[Series], second: Sequence[Series]) -> Comparison:
    """First minus second, raw and adjusted for baseline, age, sex and diagnosis by standardization.

    Only patients of diagnoses that both treat say anything of an adjusted difference; the others are left out and counted.
    """
    one, two = _responded(first), _responded(second)
    found, used = None, 0
    why: Mapping[str, str] = {}
    both_treat = {row.diagnosis for row in first} & {row.diagnosis for row in second}
    rows = [row for row in (*first, *second) if _is_complete(row) and row.diagnosis in both_treat]
    try:
        if not rows:
            raise _no_overlap(first, second)
        mine = {row.pk for row in first}
        chosen = np.array([float(row.pk in mine) for row in rows])
        columns = _columns(rows)
        design = np.column_stack([np.ones(len(rows)), chosen, columns])
        fit = adjusted.logistic(design, [row.response == "yes" for row in rows], [row.patient for row in rows])
        found, used = adjusted.contrast(fit, _with(design, 1.0), _with(design, 0.0)), len(rows)
    except adjusted.TooFew as refusal:
        why = refusal.told()
    held, other = _held(first), _held(second)
    curve, against = _curve(held), _curve(other)
    durable = tuple((day, apart(curve, against, day)) for day in COMPARED_AT)
    both = [*held, *other]
    test = log_rank(
        [row.followed_days for row in both], [row.relapse_by is not None for row in both], [True] * len(held) + [False] * len(other)
    )
    left_out = sum(row.is_judged for row in (*first, *second)) - used if found else 0
    return Comparison(one, two, difference(one, two), found, why, used, left_out, curve, against, durable, test)


def _no_overlap(first: Sequence[Series], second: Sequence[Series]) -> adjusted.TooFew:
    """Nothing can be compared: no series that can be used has a diagnosis that both treat."""
    counts = {"first": str(len({row.diagnosis for row in first})), "second": str(len({row.diagnosis for row in second}))}
    both = len({row.diagnosis for row in first} & {row.diagnosis for row in second})
    return adjusted.TooFew(
        because=f"{both} diagnoses were treated with both; none has a series that can be used.",
        way_out="Look at the raw figures.",
        code="no_overlap",
        details=counts | {"both": str(both)},
    )


def dose_response(rows: Sequence[Series]) -> DoseResponse:
    """A smooth curve (linear and square in the dose) over the middle nine tenths of the doses given, adjusted as `compare` is."""
    dosed = [row for row in rows if row.mg_per_kg is not None]
    bins = _bins(dosed)
    use = [row for row in dosed if _is_complete(row)]
    left_out = sum(row.is_judged for row in rows) - len(use)
    doses = np.array([row.mg_per_kg for row in use], dtype=float)
    if (different := len(set(doses.tolist()))) < LEAST_DOSES:
        told = {"code": "too_few_doses", "doses": str(different), "least": str(LEAST_DOSES)}
        return DoseResponse((), bins, told, len(use), left_out, len({row.patient for row in use}))
    low, high = np.quantile(doses, [0.05, 0.95])
    middle, spread = float(doses.mean()), float(doses.std()) or 1.0

    def shape(dose: Array) -> Array:
        scaled = (dose - middle) / spread
        return np.column_stack([scaled, scaled**2])

    columns = _columns(use)
    try:
        design = np.column_stack([np.ones(len(use)), shape(doses), columns])
        fit = adjusted.logistic(design, [row.response == "yes" for row in use], [row.patient for row in use])
    except adjusted.TooFew as refusal:
        return DoseResponse((), bins, refusal.told(), len(use), left_out, len({row.patient for row in use}))
    line = []
    for dose in np.linspace(low, high, GRID):
        as_if = np.column_stack([np.ones(len(use)), shape(np.full(len(use), dose)), columns])
        found = adjusted.standardized(fit, as_if)
        line.append((float(dose), found.value, found.low, found.high))
    return DoseResponse(tuple(line), bins, {}, len(use), left_out, fit.patients)


@dataclass(frozen=True)
class Funnel:
    """Places or clinicians beside one another. adjusted: whether chances came from the patients' mix, or `why_not` from all alike."""

    units: tuple[funnel.Unit, ...]
    overall: float | None
    limits: tuple[tuple[int, float, float, float, float], ...]
    adjusted: bool
    why_not: Mapping[str, str]
    left_out: int


def funnel_of(rows: Sequence[Series], split: str) -> Funnel:
    """Responders of each unit against what its own patients let expect."""
    use = [row for row in rows if _is_complete(row)]
    why: Mapping[str, str] = {}
    chances: Array = np.zeros(0)
    try:
        design = np.column_stack([np.ones(len(use)), _columns(use)]) if use else np.ones((0, 2))
        fit = adjusted.logistic(design, [row.response == "yes" for row in use], [row.patient for row in use])
        chances = fit.chances(design)
    except adjusted.TooFew as refusal:
        why, use = refusal.told(), [row for row in rows if row.is_judged]
        chances = np.full(len(use), np.mean([row.response == "yes" for row in use]) if use else 0.0)
    if not use:
        return Funnel((), None, (), False, why, 0)
    overall = float(np.mean([row.response == "yes" for row in use]))
    groups: dict[str, list[int]] = {}
    for place, row in enumerate(use):
        groups.setdefault(str(getattr(row, split)), []).append(place)
    units = [
        funnel.unit(key, sum(use[place].response == "yes" for place in places), chances[places].tolist(), overall)
        for key, places in sorted(groups.items())
    ]
    left_out = sum(row.is_judged for row in rows) - len(use)
    return Funnel(tuple(units), overall, _drawn_limits(overall, units), not why, why, left_out)


def _drawn_limits(overall: float, units: Sequence[funnel.Unit]) -> tuple[tuple[int, float, float, float, float], ...]:
    most = max((unit.of for unit in units), default=0)
    sizes = sorted({max(3, round(most * share_of)) for share_of in (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0, 1.1)})
    warn, act = (funnel.limits_by_size(overall, sizes, level) for level in (funnel.WARN, funnel.ACT))
    return tuple((size, low, high, far_low, far_high) for (size, low, high), (_, far_low, far_high) in zip(warn, act, strict=True))


def _responded(rows: Sequence[Series]) -> Share:
    return share(sum(row.response == "yes" for row in rows), sum(row.is_judged for row in rows))


def _held(rows: Sequence[Series]) -> list[Series]:
    return [row for row in rows if row.response == "yes"]


def _curve(held: Sequence[Series]) -> Curve:
    return kaplan_meier([row.followed_days for row in held], [row.relapse_by is not None for row in held])


def _is_complete(row: Series) -> bool:
    return row.is_judged and row.baseline is not None and row.mg_per_kg is not None


def _columns(rows: Sequence[Series]) -> Array:
    """Baseline and age in their own spread, sex, and the most frequent diagnoses but the first; a column that never changes is left out."""
    if not rows:
        return np.zeros((0, 0))
    baseline = np.array([row.baseline for row in rows], dtype=float)
    age = np.array([row.age_years for row in rows], dtype=float)
    common = [name for name, _ in Counter(row.diagnosis for row in rows).most_common(FAMILIES_MOST + 1)][1:]
    columns = [_scaled(baseline), _scaled(age), np.array([float(row.female) for row in rows])]
    columns += [np.array([float(row.diagnosis == name) for row in rows]) for name in common]
    kept = [column for column in columns if float(np.ptp(column)) > 0]
    return np.column_stack(kept) if kept else np.zeros((len(rows), 0))


def _scaled(column: Array) -> Array:
    spread = float(column.std())
    return (column - column.mean()) / spread if spread > 0 else column * 0


def _with(design: Array, value: float) -> Array:
    told = design.copy()
    told[:, 1] = value
    return told


def _bins(rows: Sequence[Series]) -> tuple[Bin, ...]:
    """Up to five spans of doses with about as many series each; equal doses stay together."""
    doses = sorted(float(row.mg_per_kg) for row in rows if row.mg_per_kg is not None)
    if not doses:
        return ()
    edges = sorted({float(edge) for edge in np.quantile(doses, [0, 0.2, 0.4, 0.6, 0.8, 1.0])})
    edges = edges if len(edges) > 1 else [edges[0], edges[0]]
    found = []
    for place, (low, high) in enumerate(pairwise(edges)):
        last = place == len(edges) - 2
        mine = [row for row in rows if row.mg_per_kg is not None and low <= row.mg_per_kg and (row.mg_per_kg < high or last)]
        if mine:
            told = Counter(row.response for row in mine)
            given = [float(row.mg_per_kg) for row in mine if row.mg_per_kg is not None]
            found.append(Bin(min(given), max(given), share(told["yes"], told["yes"] + told["no"]), told["unknown"], told["waiting"]))
    return tuple(found)

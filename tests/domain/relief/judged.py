"""A cohort of invented patients is forecast, and then what happened is laid beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.domain.relief.cohort import Invented, invent
from winddown.domain.relief.ahead import foretell
from winddown.domain.relief.prior import Prior
from winddown.domain.relief.refit import refit
from winddown.domain.relief.simple import Group, carried_forward, crps, group_of, of_the_group

WEEKS_AHEAD = 42.0


@dataclass(frozen=True)
class Judged:
    """Over all evenings and all patients whose fading was named.

    cover90, cover50   share of evenings inside the bands
    crps               own, carry-forward, group mean
    fade_error         mean absolute error in days: own, the patient's own last time, the group's middle
    """

    evenings: int
    cover90: float
    cover50: float
    crps: tuple[float, float, float]
    fades: int
    fade_error: tuple[float, float, float]
    known: dict[str, int]


def practice(seeds: Sequence[int]) -> tuple[Prior, Group, float]:
    """What a practice knows from the first series of other patients: prior, crowd, and the middle of their fading times."""
    people = [invent(seed) for seed in seeds]
    told = [person.told(person.second - 1) for person in people]
    seen = [lasted for person in people if (lasted := seen_first(person)) is not None]
    return refit(told), group_of(told), float(np.median(seen))


def seen_first(person: Invented) -> float | None:
    """Days from the last infusion of the first series to the first of two evenings with half of the gain lost, as anybody counts."""
    first = person.infusions[person.infusions < person.second]
    base = person.pain[person.days <= 0].mean()
    kept = (person.days > first[-1]) & (person.days < person.second)
    days, pain = person.days[kept], person.pain[kept]
    if days.size < 3:
        return None
    best = min((pain[place] + pain[place + 1]) / 2 for place in range(days.size - 1))
    if best > 0.7 * base:
        return None
    lost = pain >= base - (base - best) / 2
    found = [days[place] for place in range(days.size - 1) if lost[place] and lost[place + 1]]
    return float(found[0] - first[-1]) if found else None


def judge(seeds: Sequence[int], prior: Prior, group: Group, middle: float) -> Judged:
    """Each patient is forecast four to twenty-two days after the last infusion of the second series."""
    rng = np.random.default_rng(5)
    inside, half, scores, fades, known = [], [], [], [], {}
    for person in (invent(seed) for seed in seeds):
        cut = float(person.infusions[-1] + rng.integers(4, 22)) + 0.5
        told = person.told(cut)
        ahead = foretell(told, prior, from_day=cut, until_day=cut + WEEKS_AHEAD)
        known[ahead.known] = known.get(ahead.known, 0) + 1
        later = (person.days > cut) & (person.days <= cut + WEEKS_AHEAD)
        if not ahead.has_curve or not later.any():
            continue
        days, seen = person.days[later], person.pain[later]
        own = ahead.quantiles[np.rint(days - ahead.days[0]).astype(int)]
        inside.append((seen >= own[:, 0]) & (seen <= own[:, -1]))
        half.append((seen >= own[:, 4]) & (seen <= own[:, -5]))
        rules = (own, carried_forward(group, told, days), of_the_group(group, told, days))
        scores.append(np.stack([crps(each, seen) for each in rules]))
        if ahead.fade is not None and person.fades is not None:
            truth = person.fades[1]
            last_time = seen_first(person)
            errors = (
                ahead.fade.median - person.infusions[-1] - truth,
                (middle if last_time is None else last_time) - truth,
                middle - truth,
            )
            fades.append(np.abs(errors))
    return Judged(
        evenings=int(sum(each.size for each in inside)),
        cover90=float(np.concatenate(inside).mean()),
        cover50=float(np.concatenate(half).mean()),
        crps=tuple(np.concatenate(scores, axis=1).mean(axis=1)),
        fades=len(fades),
        fade_error=tuple(np.mean(fades, axis=0)),
        known=known,
    )

"""From observations to draws: the most probable deviations, a normal about them, and weights that make the draws exact.

Gauss-Newton with damping from the prior's mean; the curvature at the top gives the normal (Laplace); draws from it, a little
widened, are weighted by posterior over proposal and resampled. Where the weights are uneven the normal is fitted to the weighted
draws and the step repeated. The sampler that judges this lives in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from winddown.domain.pharmacology.individual.drift import Prior
from winddown.domain.pharmacology.individual.observation import KINDS, Observation, log_likelihood
from winddown.domain.pharmacology.individual.person import SITE_OF, Courses, Person, log_error, safe_log
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.spread import generator, stratified_normals

NUDGE = 1e-3
GRID_PER_MIN = 4.0
MOST_STEPS = 25
SMALL_GAIN = 2e-3  # of the log posterior: a peak this near is a twentieth of a deviation away, which the weights make good
PROPOSED = 800
WIDER = 1.3
WIDENED = 1.15  # standard deviations of the proposal over those of the normal
EVEN_ENOUGH = 0.25  # effective share of the proposed draws
REFITS = 3
WORTH_ANOTHER = 1.2  # a refit that made the weights no more even than this is the last: some shapes are no normal's
SLOPE_STEP = {"cadss6": 0.02, "moaas": 0.01, "pain": 0.02, "systolic": 0.05, "level": 0.005}


@dataclass(frozen=True)
class Group:
    """The observations of one kind: seen (m,), where their minutes stand on the common grid, and each one's extra."""

    kind: str
    seen: Array
    places: np.ndarray
    extra: Array
    members: tuple[Observation, ...]

    def middle(self, courses: Courses) -> Array:
        """(n, m) what the course expects, in the unit that `log_likelihood` of this kind asks for."""
        if self.kind == "level":
            rows = [
                safe_log(courses.level(each.analyte, each.site)[:, place]) for each, place in zip(self.members, self.places, strict=True)
            ]
            return np.stack(rows, axis=1)
        whole: Array = {
            "cadss6": courses.cadss6,
            "moaas": courses.sedation,
            "pain": courses.pain,
            "systolic": courses.systolic_rise,
        }[self.kind]()
        return whole[:, self.places] + (courses.person.resting.systolic or 0.0 if self.kind == "systolic" else 0.0)


@dataclass(frozen=True)
class Evidence:
    """Everything seen in one person, ready to be asked how likely a set of deviations makes it."""

    person: Person
    schedule: Schedule
    at_min: Array
    groups: tuple[Group, ...]
    analytes: tuple[str, ...]

    @classmethod
    def of(cls, person: Person, schedule: Schedule, observations: Sequence[Observation]) -> Evidence:
        minutes = sorted({_on_grid(each.at_min) for each in observations})
        groups = []
        for kind in KINDS:
            members = tuple(each for each in observations if each.kind == kind)
            if members:
                places = np.asarray([minutes.index(_on_grid(each.at_min)) for each in members])
                extra = np.asarray([(-1.0 if each.below else 1.0) * log_error(each.site) if kind == "level" else 0.0 for each in members])
                groups.append(Group(kind, np.asarray([each.value for each in members]), places, extra, members))
        names = dict.fromkeys(each.analyte for each in observations if each.kind == "level")
        parts = [part for part in ("s_ketamine", "r_ketamine") if "ketamine" in names and part in person.model.card.ratings]
        return cls(person, schedule, np.asarray(minutes), tuple(groups), (*names, *(part for part in parts if part not in names)))

    @property
    def sites(self) -> frozenset[str]:
        return frozenset(SITE_OF[group.kind] for group in self.groups if group.kind in SITE_OF)

    def middles(self, z: Array) -> list[Array]:
        """One (n, m) per group."""
        courses = self.person.courses(z, self.schedule, self.at_min, self.analytes, sites=self.sites)
        return [group.middle(courses) for group in self.groups]

    def log_likelihood(self, z: Array, middles: Sequence[Array] | None = None) -> Array:
        """(n,) summed over all observations. middles: those of z, where they are known already"""
        total = np.zeros(z.shape[0])
        for group, middle in zip(self.groups, self.middles(z) if middles is None else middles, strict=True):
            total += log_likelihood(group.kind, group.seen, middle, group.extra).sum(axis=1)
        return total

    def expansion(self, z: Array) -> tuple[float, Array, Array]:
        """At one z (k,): the log likelihood, its gradient (k,), and a curvature (k, k) that is never negative."""
        k = z.size
        nudged = np.vstack([z, z + NUDGE * np.eye(k)])
        value, slope, bend = 0.0, np.zeros(k), np.zeros((k, k))
        for group, middle in zip(self.groups, self.middles(nudged), strict=True):
            here = middle[:1]
            jacobian = (middle[1:] - here) / NUDGE
            step = SLOPE_STEP[group.kind]
            low, mid, high = (log_likelihood(group.kind, group.seen, here + shift, group.extra)[0] for shift in (-step, 0.0, step))
            weight = np.maximum((2.0 * mid - low - high) / step**2, 0.0)
            value += float(mid.sum())
            slope += jacobian @ ((high - low) / (2.0 * step))
            bend += (jacobian * weight) @ jacobian.T
        return value, slope, bend


def _on_grid(minute: float) -> float:
    """To the quarter minute: a cuff takes longer, and equal steps share their propagator."""
    return max(round(minute * GRID_PER_MIN) / GRID_PER_MIN, 0.0)


@dataclass(frozen=True)
class Normal:
    """A normal over the deviations. root (k, k): covariance = root @ root.T."""

    mean: Array
    root: Array

    def at(self, normals: Array, widened: float) -> Array:
        return np.asarray(self.mean + widened * normals @ self.root.T)


@dataclass(frozen=True)
class Fit:
    """peak: the most probable deviations (k,), nearly; draws (n, k); middles: of the draws, one (n, m) per group of the evidence.

    even  the effective share of the weighted draws
    """

    peak: Array
    normal: Normal
    draws: Array
    middles: tuple[Array, ...]
    even: float


def fitted(evidence: Evidence, prior: Prior, *, n: int, seed: int) -> Fit:
    """Draws from what is believed after the evidence. The same inputs give the same draws."""
    precision: Array = np.asarray(np.linalg.inv(prior.covariance), dtype=np.float64)
    peak, curvature = _climbed(evidence, prior, precision)
    normal = Normal(peak, _root(np.asarray(np.linalg.inv(curvature), dtype=np.float64)))
    even = 0.0
    for attempt in range(REFITS + 1):
        before, normals = even, _normals(PROPOSED, peak.size, seed + attempt)
        proposed = normal.at(normals, WIDENED if attempt == 0 else WIDER)
        middles = evidence.middles(proposed)
        log_weight = (
            evidence.log_likelihood(proposed, middles) - 0.5 * _squares(proposed - prior.mean, precision) + 0.5 * (normals**2).sum(axis=1)
        )
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        even = 1.0 / float((weight**2).sum()) / PROPOSED
        if even >= EVEN_ENOUGH or attempt == REFITS or even < WORTH_ANOTHER * before:
            break
        normal = _refitted(proposed, weight, normal)
    chosen = _resampled(weight, n, seed)
    return Fit(peak, normal, proposed[chosen], tuple(middle[chosen] for middle in middles), even)


def _climbed(evidence: Evidence, prior: Prior, precision: Array) -> tuple[Array, Array]:
    """The top of the posterior, or where the next step would gain almost nothing, and the curvature there."""
    z, damping = prior.mean.copy(), 1e-3
    value, slope, bend = evidence.expansion(z)
    objective = value
    for _ in range(MOST_STEPS):
        gradient = slope - precision @ (z - prior.mean)
        move = np.linalg.solve(bend + precision + damping * np.eye(z.size), gradient)
        move *= min(1.0, 2.0 / max(float(np.abs(move).max()), 1e-12))
        if 0.5 * float(gradient @ move) < SMALL_GAIN:
            break
        there = z + move
        value, new_slope, new_bend = evidence.expansion(there)
        new_objective = value - 0.5 * float(_squares((there - prior.mean)[np.newaxis], precision)[0])
        if new_objective >= objective - 1e-9:
            z, slope, bend, objective = there, new_slope, new_bend, new_objective
            damping = max(damping / 5.0, 1e-6)
        else:
            damping = max(damping * 10.0, 1e-2)
    return z, bend + precision


def _squares(gap: Array, precision: Array) -> Array:
    return np.asarray(((gap @ precision) * gap).sum(axis=1))


def _refitted(proposed: Array, weight: Array, before: Normal) -> Normal:
    """The normal of the weighted draws, held together with the one before where few draws carry the weight."""
    mean: Array = np.asarray(weight @ proposed)
    gap = proposed - mean
    covariance = (gap * weight[:, np.newaxis]).T @ gap
    held = 0.7 * covariance + 0.3 * before.root @ before.root.T
    return Normal(mean, _root(held + 1e-9 * np.eye(mean.size)))


def _root(covariance: Array) -> Array:
    return np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)


def _resampled(weight: Array, n: int, seed: int) -> np.ndarray:
    """n indices in proportion to the weights, evenly spaced along them."""
    start = generator(seed, "resample").random()
    return np.minimum(np.searchsorted(np.cumsum(weight), (np.arange(n) + start) / n), weight.size - 1)


@lru_cache(maxsize=64)
def _normals(n: int, k: int, seed: int) -> Array:
    return stratified_normals(n, k, seed, "individual")

"""What was learned of one person, from what, and what did not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from winddown.domain.pharmacology.individual.drift import Prior
from winddown.domain.pharmacology.individual.fit import Evidence, Fit, Group, fitted
from winddown.domain.pharmacology.individual.observation import Observation, odd_chance, sorted_by_time, spread_of
from winddown.domain.pharmacology.individual.person import Person, Resting
from winddown.domain.pharmacology.individual.teaching import LeftOut, OtherDrug, sorted_out
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Model, Patient
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.pharmacology.spread import stratified_normals

DRAWS = 300
DOES_NOT_FIT = 0.5  # more likely than not to have another cause than the drug


@dataclass(frozen=True)
class Lesson:
    """One observation that taught: what the learned course expects there, and how well it fits.

    expected, low, high  in the observation's own unit: middle, 5 and 95% of what one would see again; of moaas log-odds are not shown
    residual             seen minus expected in units of that scatter; None for moaas, whose steps have no width
    odd                  the chance that it has another cause than the drug
    """

    observation: Observation
    expected: float | None
    low: float | None
    high: float | None
    residual: float | None
    odd: float

    @property
    def fits(self) -> bool:
        return self.odd < DOES_NOT_FIT

    def as_data(self) -> dict[str, Any]:
        return self.observation.as_data() | {
            "expected": _short(self.expected),
            "low": _short(self.low),
            "high": _short(self.high),
            "residual": _short(self.residual),
            "odd": round(self.odd, 3),
            "fits": self.fits,
        }


@dataclass(frozen=True)
class Posterior:
    """One person's model after what was seen.

    z           (n, k) equally likely deviations, in the order of `person.names`
    prior       what was believed before
    lessons     what taught; left_out what did not, and why
    other_drugs given in this visit, those that silence anything
    even        the effective share of the weighted draws; 1 where nothing was seen
    """

    person: Person
    z: Array
    prior: Prior
    lessons: tuple[Lesson, ...]
    left_out: tuple[LeftOut, ...]
    other_drugs: tuple[OtherDrug, ...]
    even: float
    seed: int

    @property
    def learned(self) -> bool:
        return bool(self.lessons) or self.prior.days_since is not None

    @property
    def widened_from_min(self) -> float | None:
        """From here another drug acts, and the bands of pressure and dissociation are wider."""
        return min((drug.at_min for drug in self.other_drugs), default=None)

    def belief(self) -> Prior:
        """Mean and covariance, to be the next visit's prior after `drift.after_days`."""
        covariance = np.cov(self.z, rowvar=False) if self.lessons else self.prior.covariance
        mean = self.z.mean(axis=0) if self.lessons else self.prior.mean
        return Prior(self.person.names, mean, np.asarray(covariance) + 1e-6 * np.eye(mean.size))

    def as_data(self) -> dict[str, Any]:
        """What is kept beside a band that was shown. The draws are made again from the inputs."""
        return {
            "model": self.person.model.card.model_id,
            "lessons": [lesson.as_data() for lesson in self.lessons],
            "left_out": [
                each.observation.as_data() | {"why": each.code, "drug": each.drug.name if each.drug else ""} for each in self.left_out
            ],
            "other_drugs": [{"name": drug.name, "at_min": drug.at_min} for drug in self.other_drugs],
            "belief": self.belief().as_data(),
            "days_since_last_visit": self.prior.days_since,
            "even": round(self.even, 3),
        }


def learn(
    model: Model,
    patient: Patient,
    schedule: Schedule,
    observations: Sequence[Observation],
    *,
    resting: Resting | None = None,
    other_drugs: Sequence[OtherDrug] = (),
    prior: Prior | None = None,
    n: int = DRAWS,
    seed: int = 1,
) -> Posterior:
    """What these observations tell of this person under this model.

    schedule     what reached the patient
    resting      pressure, pain and dissociation before the first drop; without them pressure and pain do not teach
    other_drugs  given before or during: what they act on stops teaching (clinical rules section 0.8)
    prior        from an earlier visit (`drift.after_days`); the population when None
    refuses      NotAllowed for a model without random effects
    """
    person = Person.of(model, patient, resting)
    believed = prior.on(person.names) if prior is not None else Prior.of_population(person.names)
    acting = tuple(drug for drug in other_drugs if drug.silences)
    taught, left = sorted_out(person, sorted_by_time(observations), acting, schedule.unknown_from_min)
    if not taught:
        root = np.linalg.cholesky(believed.covariance)
        z = believed.mean + stratified_normals(n, believed.mean.size, seed, "individual") @ root.T
        return Posterior(person, z, believed, (), left, acting, 1.0, seed)
    evidence = Evidence.of(person, schedule, taught)
    fit = fitted(evidence, believed, n=n, seed=seed)
    return Posterior(person, fit.draws, believed, _lessons(evidence, fit, taught), left, acting, fit.even, seed)


def _lessons(evidence: Evidence, fit: Fit, taught: Sequence[Observation]) -> tuple[Lesson, ...]:
    found = {}
    for group, middle in zip(evidence.groups, fit.middles, strict=True):
        odd = odd_chance(group.kind, group.seen, middle, group.extra).mean(axis=0)
        for place, member in enumerate(group.members):
            found[id(member)] = _lesson(group, member, middle[:, place : place + 1], place, float(odd[place]))
    return tuple(found[id(each)] for each in taught)


def _lesson(group: Group, member: Observation, middle: Array, place: int, odd: float) -> Lesson:
    if group.kind == "moaas":
        return Lesson(member, None, None, None, None, odd)
    noise = spread_of(group.kind, middle, group.extra[place : place + 1])
    spread = float(np.sqrt(np.mean(noise**2) + np.var(middle)))
    centre = float(np.median(middle))
    seen = float(np.log(member.value)) if group.kind == "level" else member.value
    ends = (centre, centre - 1.645 * spread, centre + 1.645 * spread)
    shown = tuple(float(np.exp(end)) for end in ends) if group.kind == "level" else ends
    return Lesson(member, shown[0], shown[1], shown[2], (seen - centre) / spread, odd)


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)

"""One person under one model: the deviations that make this person different, and the courses they give.

Every deviation is a standard normal before anything is seen: the model's own random effects first, then those of the effects.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from winddown.domain.pharmacology.cloud import Cloud, Follower, as_mixed, cloud
from winddown.domain.pharmacology.effects import analgesia, dissociation, pressure
from winddown.domain.pharmacology.effects.effect import LN_2
from winddown.domain.pharmacology.individual.figures import (
    C50_SPREAD,
    CADSS6_HIGHEST,
    LAG_SPREAD,
    PRESSURE_SPREAD,
    STEEPNESS_MIDDLE,
    STEEPNESS_SPREAD,
    VALUE,
)
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import CompartmentModel, Model, Patient
from winddown.domain.pharmacology.models.common import KETAMINE_G_PER_MOL
from winddown.domain.pharmacology.regimen import Schedule
from winddown.domain.refusals import NotAllowed

EFFECT_DEVIATIONS = (
    "dissociation_lag",
    "dissociation_c50",
    "dissociation_steepness",
    "cadss6_gain",
    "pressure_top",
    "resting_systolic",
    "analgesia_slope",
    "resting_pain",
    "sedation_level",
)
SPEED = "dissociation_lag"  # the one of them that changes what is where; the others only change what it does
SITES = ("dissociation", "pressure", "analgesia")
SITE_OF = {  # which site each sign is read from
    "effect_site": "dissociation",
    "dissociation": "dissociation",
    "cadss6": "dissociation",
    "moaas": "dissociation",
    "systolic": "pressure",
    "systolic_rise": "pressure",
    "pain": "analgesia",
}
DRIVER = "s_ketamine"
OPPOSED = "s_norketamine"


@dataclass(frozen=True)
class Resting:
    """This person before the first drop; None where it was not taken. mmHg, points, points."""

    systolic: float | None = None
    pain: float | None = None
    cadss6: float | None = None


@dataclass(frozen=True)
class Person:
    """A model and a patient with the names of all deviations, in the order of the columns of `z`."""

    model: CompartmentModel
    patient: Patient
    resting: Resting = field(default_factory=Resting)

    @classmethod
    def of(cls, model: Model, patient: Patient, resting: Resting | None = None) -> Person:
        """refuses NotAllowed for a model without random effects of its own: there is nothing in it to learn."""
        if not isinstance(model, CompartmentModel):
            raise NotAllowed(
                because=f"{model.card.name} has no random effects to learn.",
                way_out="Choose a compartment model.",
                code="nothing_to_learn",
                where="model",
            )
        return cls(model, patient, resting or Resting())

    @property
    def drives_effects(self) -> bool:
        """Whether the model gives arterial S-ketamine: the only thing that an effect here may follow."""
        card = self.model.card
        return DRIVER in card.ratings and card.sites[0] == "arterial"

    @property
    def opposed(self) -> bool:
        return OPPOSED in self.model.card.ratings

    @property
    def names(self) -> tuple[str, ...]:
        own = tuple(f"pk:{name}" for name in self.model.etas)
        return own + (EFFECT_DEVIATIONS if self.drives_effects else ())

    def courses(
        self, z: Array, schedule: Schedule, at_min: Array, analytes: Sequence[str] = (), *, sites: Collection[str] = SITES
    ) -> Courses:
        """Everything this person does at these minutes. z (n, k); at_min (m,), not decreasing; sites: the effect sites to run along."""
        bodies, member = _bodies(z[:, [place for place, name in enumerate(self.names) if name.startswith("pk:") or name == SPEED]])
        ran = self._ran(z[bodies], schedule, at_min, tuple(analytes), sites)
        return Courses(self, ran if member is None else ran.of(member), self._shifts(z), schedule)

    def _ran(self, z: Array, schedule: Schedule, at_min: Array, analytes: tuple[str, ...], sites: Collection[str]) -> Cloud:
        sample = self.model.with_etas(self.patient, z[:, : len(self.model.etas)] @ np.linalg.cholesky(self.model.omega).T)
        shifts = self._shifts(z)
        followers = shifts.followers(self.opposed, sites) if shifts else {}
        return cloud(sample, schedule, at_min, analytes=analytes, followers=followers)

    def _shifts(self, z: Array) -> Shifts | None:
        own = len(self.model.etas)
        return Shifts({name: z[:, own + place] for place, name in enumerate(EFFECT_DEVIATIONS)}) if self.drives_effects else None


def _bodies(moving: Array) -> tuple[np.ndarray, np.ndarray | None]:
    """Which rows (n, j) must be run, and where each row stands among them: a slope nudges many deviations that move no drug.

    returns  None for the places where every row is run
    """
    differs = np.flatnonzero((moving != moving[0]).any(axis=1))
    if differs.size >= moving.shape[0] - 1:
        return np.arange(moving.shape[0]), None
    member = np.zeros(moving.shape[0], dtype=np.int64)
    member[differs] = np.arange(1, differs.size + 1)
    return np.concatenate([[0], differs]), member


@dataclass(frozen=True)
class Shifts:
    """The deviations of the effects by name, each (n,)."""

    of: Mapping[str, Array]

    def scaled(self, name: str, middle: float, spread: float) -> Array:
        """(n, 1) a log-normal quantity."""
        return np.asarray(middle * np.exp(spread * self.of[name]))[:, np.newaxis]

    def followers(self, opposed: bool, sites: Collection[str]) -> dict[str, Follower]:
        n = self.of["dissociation_lag"].shape[0]
        half_life = self.scaled("dissociation_lag", dissociation.VALUE["half_life"], LAG_SPREAD)[:, 0]
        slow = np.full(n, LN_2 / analgesia.VALUE["half_life"])
        found = {
            "dissociation": Follower(DRIVER, LN_2 / half_life),
            "pressure": Follower(DRIVER, np.full(n, LN_2 / pressure.VALUE["half_life"])),
            "analgesia": Follower(DRIVER, slow),
        }
        wanted = {key: follower for key, follower in found.items() if key in sites}
        return wanted | ({"opposed": Follower(OPPOSED, slow)} if opposed and "analgesia" in sites else {})


@dataclass(frozen=True)
class Courses:
    """Courses (n, m) of n persons; each made when it is asked for."""

    person: Person
    ran: Cloud
    shifts: Shifts | None
    schedule: Schedule

    def level(self, analyte: str, site: str) -> Array:
        """ng/mL at the model's own site, or as mixed venous blood where the model gives it."""
        model = self.person.model
        if site == model.card.sites[0] or model.venous_flow_l_per_min is None:
            return self.ran.levels[analyte]
        return as_mixed(self.ran.levels, self.schedule, self.ran.at_min, model.venous_flow_l_per_min)[analyte]

    @property
    def effect_site(self) -> Array:
        return self.ran.sites["dissociation"]

    def fraction(self) -> Array:
        """Dissociation as a fraction of the scale of external perception (Olofsen 2022)."""
        shifts = self._shifts
        half = shifts.scaled("dissociation_c50", dissociation.VALUE["C50"] * KETAMINE_G_PER_MOL.value, C50_SPREAD)
        steepness = np.exp(STEEPNESS_MIDDLE + STEEPNESS_SPREAD * shifts.of["dissociation_steepness"])[:, np.newaxis]
        powered = (np.maximum(self.effect_site, 0.0) / half) ** steepness
        return np.asarray(powered / (1.0 + powered))

    def cadss6(self) -> Array:
        """Points on CADSS-6 above this person's own resting score, within the scale."""
        from_rest = CADSS6_HIGHEST * self._shifts.scaled("cadss6_gain", VALUE["cadss6_gain"], VALUE["cadss6_gain_spread"]) * self.fraction()
        return np.asarray(np.minimum(from_rest + (self.person.resting.cadss6 or 0.0), CADSS6_HIGHEST))

    def systolic_rise(self) -> Array:
        """mmHg above the resting reading, the error of that reading included where there is one."""
        shape, shifts = pressure.curve(), self._shifts
        of_mean = (pressure.VALUE["systolic_rise"] + 2 * pressure.VALUE["diastolic_rise"]) / 3
        top = shifts.scaled("pressure_top", shape.top * pressure.VALUE["systolic_rise"] / of_mean, PRESSURE_SPREAD)
        site = self.ran.sites["pressure"]
        rise = top * site / (shape.half_ng_per_ml + site)
        if self.person.resting.systolic is None:
            return np.asarray(rise)
        return np.asarray(rise + VALUE["resting_systolic_spread"] * shifts.of["resting_systolic"][:, np.newaxis])

    def pain(self) -> Array:
        """Points 0 to 10 before the scale's ends cut it: resting pain, less relief, plus what norketamine takes away again."""
        shifts = self._shifts
        change = -analgesia.VALUE["relief_per_ketamine"] * self.ran.sites["analgesia"]
        if "opposed" in self.ran.sites:
            change = change + analgesia.VALUE["pain_per_norketamine"] * self.ran.sites["opposed"]
        slope = shifts.scaled("analgesia_slope", 1.0, VALUE["analgesia_spread"])
        offset = VALUE["resting_pain_spread"] * shifts.of["resting_pain"][:, np.newaxis]
        return np.asarray((self.person.resting.pain or 0.0) + offset + slope * change)

    def sedation(self) -> Array:
        """Log of the effect-site level over the level at which this person's first step down is even odds."""
        first_step = self._shifts.scaled("sedation_level", VALUE["sluggish_level"], VALUE["sedation_spread"])
        return np.asarray(np.log(np.maximum(self.effect_site, 1e-6) / first_step))

    @property
    def _shifts(self) -> Shifts:
        if self.shifts is None:
            raise NotAllowed(
                because=f"{self.person.model.card.name} gives no arterial S-ketamine: no effect may follow it.",
                way_out="Use a model of arterial S-ketamine.",
                code="driver_mismatch",
                where="model",
            )
        return self.shifts


def log_error(site: str) -> float:
    return VALUE["arterial_error"] if site == "arterial" else VALUE["venous_error"]


def safe_log(level: Array) -> Array:
    return np.asarray(np.log(np.maximum(level, math.exp(-20.0))))

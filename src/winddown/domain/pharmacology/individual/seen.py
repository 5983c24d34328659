"""Everything that may teach one person's model, as one value that can be kept, hashed and given again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from winddown.domain.pharmacology.individual.drift import Prior
from winddown.domain.pharmacology.individual.observation import Observation
from winddown.domain.pharmacology.individual.person import Resting
from winddown.domain.pharmacology.individual.posterior import DRAWS, Posterior, learn
from winddown.domain.pharmacology.individual.teaching import OtherDrug
from winddown.domain.pharmacology.model import Model, Patient
from winddown.domain.pharmacology.regimen import Schedule


@dataclass(frozen=True)
class Seen:
    """What was seen in one visit, what else was given, and what earlier visits tell."""

    observations: tuple[Observation, ...] = ()
    resting: Resting = field(default_factory=Resting)
    other_drugs: tuple[OtherDrug, ...] = ()
    prior: Prior | None = None

    @property
    def empty(self) -> bool:
        """Nothing that could make this person another than the typical one."""
        return not self.observations and self.prior is None and not self.other_drugs

    @property
    def last_min(self) -> float:
        return max((each.at_min for each in self.observations), default=0.0)

    def learned(self, model: Model, patient: Patient, schedule: Schedule, *, n: int = DRAWS, seed: int = 1) -> Posterior:
        """Only what went in up to the last entry matters: another plan for later teaches nothing else."""
        return learn(
            model,
            patient,
            schedule.until(self.last_min),
            self.observations,
            resting=self.resting,
            other_drugs=self.other_drugs,
            prior=self.prior,
            n=n,
            seed=seed,
        )

    def as_data(self) -> dict[str, Any]:
        return {
            "observations": [each.as_data() for each in self.observations],
            "resting": {"systolic": self.resting.systolic, "pain": self.resting.pain, "cadss6": self.resting.cadss6},
            "other_drugs": [{"name": each.name, "at_min": each.at_min} for each in self.other_drugs],
            "prior": self.prior.as_data() if self.prior else None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Seen:
        """refuses  what an observation refuses; UnknownWord for another kind"""
        return cls(
            observations=tuple(Observation.from_data(each) for each in data.get("observations", ())),
            resting=Resting(**data.get("resting", {})),
            other_drugs=tuple(OtherDrug(str(each["name"]), float(each["at_min"])) for each in data.get("other_drugs", ())),
            prior=Prior.from_data(data["prior"]) if data.get("prior") else None,
        )

    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.as_data(), sort_keys=True, separators=(",", ":")).encode()).hexdigest()

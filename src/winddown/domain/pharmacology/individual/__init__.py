"""One person's own model: learned from what was seen while the drip runs, with a band that says how much is still not known.

posterior = learn(model, patient, schedule, observations, resting=Resting(systolic=124))
lines = personal(posterior, schedule, minutes, analytes=("ketamine",)).lines
"""

from __future__ import annotations

from winddown.domain.pharmacology.individual.drift import Prior, after_days
from winddown.domain.pharmacology.individual.lines import Personal, personal
from winddown.domain.pharmacology.individual.observation import Observation
from winddown.domain.pharmacology.individual.person import Resting
from winddown.domain.pharmacology.individual.posterior import Lesson, Posterior, learn
from winddown.domain.pharmacology.individual.seen import Seen
from winddown.domain.pharmacology.individual.teaching import LeftOut, OtherDrug

__all__ = [
    "LeftOut",
    "Lesson",
    "Observation",
    "OtherDrug",
    "Personal",
    "Posterior",
    "Prior",
    "Resting",
    "Seen",
    "after_days",
    "learn",
    "personal",
]

"""The Budapest criteria as they stand in a referral: ten booleans, and whether the clinical or the research variant is met.

source  BUD-BMC, HARD10: continuing pain; symptoms in at least 3 of 4 groups; signs in at least 2 of 4; no better diagnosis. The research
variant asks for symptoms in all 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GROUPS: tuple[str, ...] = ("sensory", "vasomotor", "sudomotor", "motor")
SYMPTOMS: tuple[str, ...] = tuple(f"symptom_{group}" for group in GROUPS)
SIGNS: tuple[str, ...] = tuple(f"sign_{group}" for group in GROUPS)
SYMPTOMS_CLINICAL, SYMPTOMS_RESEARCH, SIGNS_NEEDED = 3, 4, 2


@dataclass(frozen=True)
class Budapest:
    """How many groups are told and seen, and which variants are met."""

    symptoms: int
    signs: int
    clinical: bool
    research: bool

    @property
    def words(self) -> str:
        symptoms = f"symptoms in {self.symptoms} of 4 groups (clinical needs {SYMPTOMS_CLINICAL})"
        told = f"{symptoms}, signs in {self.signs} of 4 (needs {SIGNS_NEEDED})"
        met = "clinical and research criteria met" if self.research else "clinical criteria met" if self.clinical else "criteria not met"
        return f"{told}: {met}"


def budapest(told: Mapping[str, Any]) -> Budapest:
    """Count the groups. What is not ticked counts as not there."""
    symptoms, signs = sum(bool(told.get(key)) for key in SYMPTOMS), sum(bool(told.get(key)) for key in SIGNS)
    frame = bool(told.get("continuing_pain")) and bool(told.get("no_better_diagnosis")) and signs >= SIGNS_NEEDED
    return Budapest(symptoms, signs, frame and symptoms >= SYMPTOMS_CLINICAL, frame and symptoms >= SYMPTOMS_RESEARCH)

"""The Budapest criteria as they stand in a referral: ten booleans, and whether the clinical or the research variant is met.

The figures and the rule are those of the instrument; here they are asked of a referral, where what is not ticked is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winddown.domain.instruments.budapest import CLINICAL_SIGNS, CLINICAL_SYMPTOMS, SIGNS, SYMPTOMS, variants_met


@dataclass(frozen=True)
class Budapest:
    """How many groups are told and seen, and which variants are met."""

    symptoms: int
    signs: int
    clinical: bool
    research: bool

    @property
    def words(self) -> str:
        symptoms = f"symptoms in {self.symptoms} of 4 groups (clinical needs {CLINICAL_SYMPTOMS.value:g})"
        told = f"{symptoms}, signs in {self.signs} of 4 (needs {CLINICAL_SIGNS.value:g})"
        met = "clinical and research criteria met" if self.research else "clinical criteria met" if self.clinical else "criteria not met"
        return f"{told}: {met}"


def budapest(told: Mapping[str, Any]) -> Budapest:
    """Count the groups. What is not ticked counts as not there."""
    symptoms, signs = sum(bool(told.get(key)) for key in SYMPTOMS), sum(bool(told.get(key)) for key in SIGNS)
    frame = bool(told.get("continuing_pain")) and bool(told.get("no_better_diagnosis"))
    return Budapest(symptoms, signs, *variants_met(symptoms, signs, frame=frame))

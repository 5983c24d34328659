"""Whether the weeks after this treatment were ever studied: by the published trial, or by this clinic's own evenings under the protocol.

A curve over weeks is the easiest false promise there is. It is drawn for what the trial gave, and for a protocol whose forecasts, made in
silence and laid beside the evenings that came, have held here. Elsewhere there is no curve but the sentence that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from winddown.domain.pharmacology.effects.relief import VALUE
from winddown.domain.relief.honesty import Held

CRPS_1 = "G90.5"  # ICD-10-CM: complex regional pain syndrome I
Because = Literal["indication", "drug", "length"]


@dataclass(frozen=True)
class Unstudied:
    """The first thing about a treatment that the trial did not study.

    hours   of the infusion that was too short or too long; `low` and `high`: what was studied; all None for another reason
    """

    because: Because
    hours: float | None = None
    low: float | None = None
    high: float | None = None


def unstudied(icd10: str, drug_form: str, hours: Sequence[float | None]) -> Unstudied | None:
    """What was not studied by Dahan 2011 (10.1016/j.ejpain.2010.06.016); None for that regimen.

    hours   of each infusion; None for one whose end was not charted, which tells nothing
    """
    if not icd10.upper().startswith(CRPS_1):
        return Unstudied("indication")
    if drug_form != "esketamine":
        return Unstudied("drug")
    low, high = (VALUE["studied_h"] * (1 + sign * VALUE["studied_h_tolerance"]) for sign in (-1, 1))
    wrong = [each for each in hours if each is None or not low <= each <= high]
    return Unstudied("length", wrong[0], low, high) if wrong else None


def may_draw(found: Unstudied | None, own: Held) -> bool:
    """Whether a curve may be drawn: the published regimen, or a protocol whose own record here has held."""
    return found is None or own.verdict == "holds"

"""How far a prediction holds, in words with the value and the limit. Outside, it is still drawn, and says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.model import Card, Model, Patient
from winddown.domain.pharmacology.regimen import Schedule

LOOKS = 400  # points at which the typical patient is compared with the plasma limits
LONGEST_STUDIED_MIN = 240.0  # infusions of 40 min to 4 h; no numeric level from a longer pain infusion could be read


@dataclass(frozen=True)
class Verdict:
    """against: sentences that make the prediction invalid; notes: sentences to read beside it; until_min: valid up to here."""

    against: tuple[str, ...]
    notes: tuple[str, ...]
    until_min: float

    @property
    def valid(self) -> bool:
        return not self.against


def judged(model: Model, patient: Patient, schedule: Schedule, last_min: float) -> Verdict:
    """Compare patient, course and time with the model's card, up to `last_min`."""
    card = model.card
    person = _person(card, patient)
    course, until = _course(model, patient, schedule, last_min)
    return Verdict((*person, *course), _notes(card, patient, schedule), 0.0 if person else until)


def _person(card: Card, patient: Patient) -> tuple[str, ...]:
    limits = card.validity
    found = [limits.weight_kg.words_if_outside(patient.weight_kg)]
    if patient.age_years is not None:
        found.append(limits.age_years.words_if_outside(patient.age_years))
    return tuple(words for words in found if words)


def _course(model: Model, patient: Patient, schedule: Schedule, last_min: float) -> tuple[tuple[str, ...], float]:
    """The typical patient against the plasma limits, the clock against the studied time, and the first unknown minute."""
    limits = model.card.validity
    times = np.linspace(0.0, max(last_min, 1e-6), LOOKS)
    levels = cloud(model.parameters(patient), schedule, times, analytes=tuple(limits.plasma)).levels
    words: list[str] = []
    until = last_min
    for analyte, limit in limits.plasma.items():
        over = np.flatnonzero(levels[analyte][0] > limit.high)
        if over.size:
            words.append(limit.words_if_outside(float(levels[analyte][0].max())) or "")
            until = min(until, float(times[over[0]]))
    if limits.time_min is not None and last_min > limits.time_min.high:
        words.append(limits.time_min.words_if_outside(last_min) or "")
        until = min(until, limits.time_min.high)
    if schedule.unknown_from_min is not None and last_min > schedule.unknown_from_min:
        words.append(f"The rate is unknown from minute {schedule.unknown_from_min:g}: nothing is predicted beyond it.")
        until = min(until, schedule.unknown_from_min)
    return tuple(words), until


def _notes(card: Card, patient: Patient, schedule: Schedule) -> tuple[str, ...]:
    notes: list[str] = []
    studied = card.validity.studied_weight_kg
    if studied is not None and not studied.low <= patient.weight_kg <= studied.high:
        notes.append(
            f"Weight {patient.weight_kg:g} kg is beyond the {studied.low:g} to {studied.high:g} kg of the building data: scaled by theory."
        )
    given = [segment for segment in schedule.segments if segment.rate_mg_per_min > 0]
    if given and schedule.end_min - given[0].from_min > LONGEST_STUDIED_MIN:
        notes.append(f"An infusion over {LONGEST_STUDIED_MIN:g} minutes: no level of a longer pain infusion was there to check against.")
    if card.spread == "borrowed":
        notes.append("This model published no spread between patients that could be read: the band borrows that of the default model.")
    if patient.sex is not None:
        notes.extend(card.notes)
    return tuple(notes)

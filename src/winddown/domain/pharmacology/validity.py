"""How far a prediction holds, in words with the value and the limit. Outside, it is still drawn, and says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.compartments import SAME_STEP, without_repeats
from winddown.domain.pharmacology.linear import Array
from winddown.domain.pharmacology.model import Card, Model, Patient
from winddown.domain.pharmacology.models.common import ADULT_AGE
from winddown.domain.pharmacology.regimen import Schedule, Segment
from winddown.domain.refusals import OutOfRange

LOOKS = 400  # points at which the typical patient is compared with the plasma limits
SHORTEST_STUDIED_MIN = 20.0  # Simons 2022 gave its doses over 20 min; a pushed 10 mg came out 27 to 56% above one set of observations
YOUNGEST_YEARS = ADULT_AGE.low
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


def adults_only(patient: Patient) -> None:
    """refuses OutOfRange for a child: every model that may be used was built on adults, and a prediction would look like a dose."""
    if patient.age_years is not None and patient.age_years < YOUNGEST_YEARS:
        raise OutOfRange(
            because=f"An age of {patient.age_years:g} years is below {YOUNGEST_YEARS:g}: every model here was built on adults.",
            way_out="Check the age. For a child Winddown predicts nothing.",
            code="not_an_adult",
            where="age",
        )


def typical_course(model: Model, patient: Patient, schedule: Schedule, last_min: float) -> tuple[Array, Mapping[str, Array]]:
    """Times (m,) up to `last_min`, and the typical patient's level (m,) of each analyte that the model limits."""
    ends = [segment.to_min for segment in schedule.changes if segment.to_min < last_min]
    times = without_repeats(np.concatenate([np.linspace(0.0, max(last_min, SAME_STEP), LOOKS), ends]))
    levels = cloud(model.parameters(patient), schedule, times, analytes=tuple(model.card.validity.plasma)).levels
    return times, {name: level[0] for name, level in levels.items()}


def judged(card: Card, patient: Patient, schedule: Schedule, times: Array, typical: Mapping[str, Array]) -> Verdict:
    """Compare patient, course and time with the model's card, up to the last of `times`.

    typical  analyte -> (m,) ng/mL of the typical patient at the model's own site
    """
    person = _person(card, patient)
    course, until = _course(card, schedule, times, typical)
    return Verdict((*person, *course), _notes(card, patient, schedule), 0.0 if person else until)


def _person(card: Card, patient: Patient) -> tuple[str, ...]:
    limits = card.validity
    found = [limits.weight_kg.words_if_outside(patient.weight_kg)]
    if patient.age_years is not None:
        found.append(limits.age_years.words_if_outside(patient.age_years))
    return tuple(words for words in found if words)


def _course(card: Card, schedule: Schedule, times: Array, typical: Mapping[str, Array]) -> tuple[tuple[str, ...], float]:
    """The typical patient against the plasma limits, the clock against the studied time, and the first unknown minute."""
    limits = card.validity
    words: list[str] = []
    last = until = float(times[-1])
    for analyte, limit in limits.plasma.items():
        over = np.flatnonzero(typical[analyte] > limit.high) if analyte in typical else np.asarray([], dtype=np.intp)
        if over.size:
            words.append(limit.words_if_outside(float(typical[analyte].max())) or "")
            until = min(until, float(times[over[0]]))
    if limits.time_min is not None and last > limits.time_min.high:
        words.append(limits.time_min.words_if_outside(last) or "")
        until = min(until, limits.time_min.high)
    if schedule.unknown_from_min is not None and last > schedule.unknown_from_min:
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
    given = schedule.changes
    if given and schedule.end_min - given[0].from_min > LONGEST_STUDIED_MIN:
        notes.append(f"An infusion over {LONGEST_STUDIED_MIN:g} minutes: no level of a longer pain infusion was there to check against.")
    if given and _pushed(given):
        notes.append(f"A dose shorter than {SHORTEST_STUDIED_MIN:g} minutes: the peak of a pushed dose was not studied in this way.")
    if card.spread == "borrowed":
        notes.append("This model published no spread between patients that could be read: the band borrows that of the default model.")
    if patient.sex is not None:
        notes.extend(card.notes)
    return tuple(notes)


def _pushed(given: Sequence[Segment]) -> bool:
    """Whether the highest rate was held for less than any building infusion."""
    highest = max(given, key=lambda segment: segment.rate_mg_per_min)
    return highest.to_min - highest.from_min < SHORTEST_STUDIED_MIN

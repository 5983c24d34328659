"""Which observations may teach: after another drug that acts on pressure or wakefulness, those signs no longer speak of ketamine.

Source: clinical-safety reading, clinical rules section 0.8. A drug that is not on either list silences everything: the unknown stops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from winddown.domain.pharmacology.individual.observation import Observation
from winddown.domain.pharmacology.individual.person import Person

DrugClass = Literal["sedative", "opioid", "alpha-2 agonist", "pressor-active", "reversal", "inert", "unknown"]

CLASS_OF: Mapping[str, DrugClass] = {
    "midazolam": "sedative",
    "lorazepam": "sedative",
    "diazepam": "sedative",
    "alprazolam": "sedative",
    "propofol": "sedative",
    "haloperidol": "sedative",
    "olanzapine": "sedative",
    "diphenhydramine": "sedative",
    "promethazine": "sedative",
    "hydroxyzine": "sedative",
    "gabapentin": "sedative",
    "pregabalin": "sedative",
    "morphine": "opioid",
    "hydromorphone": "opioid",
    "oxycodone": "opioid",
    "fentanyl": "opioid",
    "tramadol": "opioid",
    "meperidine": "opioid",
    "clonidine": "alpha-2 agonist",
    "dexmedetomidine": "alpha-2 agonist",
    "tizanidine": "alpha-2 agonist",
    "labetalol": "pressor-active",
    "hydralazine": "pressor-active",
    "metoprolol": "pressor-active",
    "esmolol": "pressor-active",
    "propranolol": "pressor-active",
    "nicardipine": "pressor-active",
    "nitroglycerin": "pressor-active",
    "ephedrine": "pressor-active",
    "phenylephrine": "pressor-active",
    "epinephrine": "pressor-active",
    "atropine": "pressor-active",
    "glycopyrrolate": "pressor-active",
    "flumazenil": "reversal",
    "naloxone": "reversal",
    "ondansetron": "inert",
    "granisetron": "inert",
    "acetaminophen": "inert",
    "paracetamol": "inert",
    "oxygen": "inert",
    "saline": "inert",
}
SILENCED: Mapping[DrugClass, frozenset[str]] = {
    "sedative": frozenset({"systolic", "moaas", "cadss6", "pain"}),
    "opioid": frozenset({"systolic", "moaas", "cadss6", "pain"}),
    "alpha-2 agonist": frozenset({"systolic", "moaas", "cadss6", "pain"}),
    "pressor-active": frozenset({"systolic", "moaas"}),
    "reversal": frozenset({"systolic", "moaas", "cadss6", "pain"}),
    "unknown": frozenset({"systolic", "moaas", "cadss6", "pain"}),
    "inert": frozenset(),
}
EFFECT_KINDS = frozenset({"cadss6", "moaas", "pain", "systolic"})


@dataclass(frozen=True)
class OtherDrug:
    """Another drug that was given, by its name in the record, in minutes from the first drop; may be before it."""

    name: str
    at_min: float

    @property
    def drug_class(self) -> DrugClass:
        words = self.name.strip().lower().split()
        return CLASS_OF.get(words[0], "unknown") if words else "unknown"

    @property
    def silences(self) -> frozenset[str]:
        return SILENCED[self.drug_class]


@dataclass(frozen=True)
class LeftOut:
    """An observation that did not teach, and why: code for the edge's words, `drug` where one is the reason."""

    observation: Observation
    code: Literal["other_drug", "before_first_drop", "no_resting_value", "no_driver", "analyte_not_in_model", "rate_unknown", "corrected"]
    drug: OtherDrug | None = None


def sorted_out(
    person: Person, observations: Sequence[Observation], drugs: Sequence[OtherDrug], unknown_from_min: float | None
) -> tuple[tuple[Observation, ...], tuple[LeftOut, ...]]:
    """The observations that may teach this person's model, and those that may not."""
    taught: list[Observation] = []
    left: list[LeftOut] = []
    for each in observations:
        why = _why_not(person, each, drugs, unknown_from_min)
        if why is None:
            taught.append(each)
        else:
            left.append(why)
    return tuple(taught), tuple(left)


def _why_not(person: Person, seen: Observation, drugs: Sequence[OtherDrug], unknown_from_min: float | None) -> LeftOut | None:
    silencing = next(
        (drug for drug in sorted(drugs, key=lambda d: d.at_min) if drug.at_min <= seen.at_min and seen.kind in drug.silences), None
    )
    if silencing is not None:
        return LeftOut(seen, "other_drug", silencing)
    if unknown_from_min is not None and seen.at_min > unknown_from_min:
        return LeftOut(seen, "rate_unknown")
    if seen.at_min <= 0 and seen.kind != "systolic":
        return LeftOut(seen, "before_first_drop")
    if seen.kind in EFFECT_KINDS and not person.drives_effects:
        return LeftOut(seen, "no_driver")
    if seen.kind == "level" and (seen.analyte not in person.model.card.ratings or seen.site not in person.model.card.sites):
        return LeftOut(seen, "analyte_not_in_model")
    if (seen.kind == "systolic" and person.resting.systolic is None) or (seen.kind == "pain" and person.resting.pain is None):
        return LeftOut(seen, "no_resting_value")
    return None

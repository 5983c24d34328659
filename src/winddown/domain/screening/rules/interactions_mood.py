"""Medicines that may weaken or change the effect on mood, and the mood track's own view of sedatives."""

from __future__ import annotations

from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_taking

FAMILY = "interactions"
MEDICINES = ("medicines",)


def _benzodiazepine(view: View) -> Fired | None:
    """On the pain track midazolam is a standard adjunct and is not reported for the mood's sake; added sedation has its own rule."""
    found = view.taking("benzodiazepine", "z_drug")
    if not found:
        return None
    names = ", ".join(each.words for each in found)
    return Fired(
        "caution",
        f"{names}: may shorten the effect on mood; adds to sedation.",
        "Record dose and last taken; the prescriber decides on the timing.",
    )


RULES = (
    Rule(
        "interaction.benzodiazepine",
        "Benzodiazepine on the mood track",
        FAMILY,
        MEDICINES,
        _benzodiazepine,
        "VER21; midazolam is a standard adjunct on the pain track (NCT00579085)",
        "published",
        tracks=("mood",),
        kind="interaction",
    ),
    Rule(
        "interaction.lamotrigine",
        "Lamotrigine",
        FAMILY,
        MEDICINES,
        when_taking(
            ("lamotrigine",), "caution", "2 of 5 studies found a weaker effect of ketamine", "Record; the prescriber decides on the timing."
        ),
        "VER21",
        "published",
        kind="interaction",
    ),
    Rule(
        "interaction.naltrexone_mood",
        "Naltrexone on the mood track",
        FAMILY,
        MEDICINES,
        when_taking(
            ("naltrexone",),
            "review",
            "50 mg blocked the effect on mood, not the dissociation, in 12 people",
            "Decide whether to hold it; a low dose for pain counts too.",
        ),
        "WILL18",
        "published",
        tracks=("mood",),
        kind="interaction",
    ),
    Rule(
        "interaction.naltrexone_pain",
        "Naltrexone on the pain track",
        FAMILY,
        MEDICINES,
        when_taking(
            ("naltrexone",), "caution", "opioids given for rescue will work less or not", "Record the dose; it is often given for CRPS."
        ),
        "clinical rules, section 1.3",
        "derived",
        tracks=("pain",),
        kind="interaction",
    ),
    Rule(
        "interaction.antipsychotic",
        "Antipsychotic",
        FAMILY,
        MEDICINES,
        when_taking(
            ("antipsychotic",),
            "caution",
            "risperidone and clozapine blunted the effect of ketamine; others are mixed",
            "Record; ask why it is taken.",
        ),
        "VER21",
        "published",
        kind="interaction",
    ),
)

"""Bladder."""

from __future__ import annotations

from winddown.domain.screening.rule import Rule, when_yes

FAMILY = "bladder"
RULES = (
    Rule(
        "bladder.symptoms",
        "New urinary symptoms",
        FAMILY,
        ("urinary_symptoms",),
        when_yes(
            "urinary_symptoms",
            "review",
            "New urgency, frequency, pain or blood with urine",
            "Urinalysis, and a prescriber decides before the next dose.",
        ),
        "KIC22",
        "published",
    ),
    Rule(
        "bladder.ketamine",
        "Bladder disease from ketamine",
        FAMILY,
        ("bladder_ketamine",),
        when_yes(
            "bladder_ketamine",
            "review",
            "Bladder disease from ketamine is on file",
            "Stopping the drug is the first treatment: ask a urologist.",
        ),
        "KIC22",
        "published",
    ),
)

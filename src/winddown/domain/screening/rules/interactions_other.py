"""Sedation and breathing, other NMDA antagonists, and the liver's enzymes.

A factor found for swallowed ketamine is never applied to a vein.
"""

from __future__ import annotations

from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_taking

FAMILY = "interactions"
MEDICINES = ("medicines",)


def _sedatives(view: View) -> Fired | None:
    """Added sedation and slower breathing. Never a block: midazolam and gabapentinoids belong to the pain protocols."""
    found = view.taking("opioid", "benzodiazepine", "z_drug", "gabapentinoid", "sedative")
    if not found:
        return None
    names = ", ".join(each.words for each in found)
    return Fired(
        "caution",
        f"{names}: adds to sedation and may slow breathing.",
        "Watch saturation and breathing closely; carbon dioxide where there is a monitor.",
    )


RULES = (
    Rule(
        "interaction.sedatives",
        "Opioid, sedative, gabapentinoid",
        FAMILY,
        MEDICINES,
        _sedatives,
        "SPR-MON; the part on gabapentinoids is unverified",
        "published",
        kind="interaction",
    ),
    Rule(
        "interaction.alpha2",
        "Clonidine and its like",
        FAMILY,
        MEDICINES,
        when_taking(
            ("alpha2",), "caution", "pressure and pulse may fall later", "Keep measuring the pressure until the patient goes home."
        ),
        "clinical rules, section 2.4",
        "derived",
        kind="interaction",
    ),
    Rule(
        "interaction.nmda",
        "Another NMDA antagonist",
        FAMILY,
        MEDICINES,
        when_taking(
            ("nmda_antagonist",), "caution", "acts on the same receptor; effects may add up", "Record dose and last taken; consider less."
        ),
        "clinical rules, section 0 item 12",
        "derived",
        kind="interaction",
    ),
    Rule(
        "interaction.cyp3a4_oral",
        "Strong CYP3A4 inhibitor, swallowed ketamine",
        FAMILY,
        MEDICINES,
        when_taking(("cyp3a4_strong",), "review", "clarithromycin raised swallowed S-ketamine 2.6 times", "Lower the oral dose."),
        "CLAR10",
        "published",
        routes=("oral",),
        kind="interaction",
    ),
    Rule(
        "interaction.cyp3a4_iv",
        "Strong CYP3A4 inhibitor, infusion",
        FAMILY,
        MEDICINES,
        when_taking(("cyp3a4_strong",), "caution", "the factor found for swallowed ketamine does not hold for an infusion", "Note only."),
        "CLAR10: oral only",
        "published",
        routes=("iv",),
        kind="interaction",
    ),
    Rule(
        "interaction.grapefruit_oral",
        "Grapefruit, swallowed ketamine",
        FAMILY,
        MEDICINES,
        when_taking(("grapefruit",), "review", "raised swallowed S-ketamine 3.0 times", "None with oral ketamine."),
        "GRAP12",
        "published",
        routes=("oral",),
        kind="interaction",
    ),
    Rule(
        "interaction.cyp2b6_oral",
        "CYP2B6 inhibitor, swallowed ketamine",
        FAMILY,
        MEDICINES,
        when_taking(("cyp2b6_inhibitor",), "review", "ticlopidine raised swallowed S-ketamine 2.4 times", "Lower the oral dose."),
        "TICL11",
        "published",
        routes=("oral",),
        kind="interaction",
    ),
    Rule(
        "interaction.cyp2b6_iv",
        "CYP2B6 inhibitor, infusion",
        FAMILY,
        MEDICINES,
        when_taking(
            ("cyp2b6_inhibitor",), "caution", "the factor found for swallowed ketamine does not hold for an infusion", "Note only."
        ),
        "TICL11: oral only",
        "published",
        routes=("iv",),
        kind="interaction",
    ),
    Rule(
        "interaction.inducer_iv",
        "Rifampicin, infusion",
        FAMILY,
        MEDICINES,
        when_taking(
            ("rifampicin",),
            "caution",
            "lowered S-ketamine by vein by 14 %; the 86 % found for swallowed ketamine do not hold",
            "Note only.",
        ),
        "RIF12",
        "published",
        routes=("iv",),
        kind="interaction",
    ),
    Rule(
        "interaction.inducer_oral",
        "Rifampicin, swallowed ketamine",
        FAMILY,
        MEDICINES,
        when_taking(("rifampicin",), "review", "lowered swallowed S-ketamine by 86 %", "Expect hardly any effect."),
        "RIF12",
        "published",
        routes=("oral",),
        kind="interaction",
    ),
)

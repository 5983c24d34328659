"""Thyroid, porphyria, diabetes and fasting, the slow stomach."""

from __future__ import annotations

from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_word, when_yes

FAMILY = "metabolism"
ADDED = "clinical rules, section 0 item 12"


def _slow_stomach(view: View) -> Fired | None:
    taken = view.taking("glp1")
    found = [each.words for each in taken] + (["Slow emptying of the stomach"] if view.yes("gastroparesis") else [])
    if not found:
        return None
    return Fired(
        "review",
        f"{', '.join(found)}: food may still be in the stomach after fasting.",
        "Decide on a longer fast, or on holding the medicine.",
    )


def _sugar(view: View) -> Fired | None:
    found = view.taking("insulin", "sglt2", "sulfonylurea")
    if found:
        told = f"{', '.join(each.words for each in found)} with fasting."
        return Fired("review", told, "Sign what to take and what to hold the day before; record the glucose on the day.")
    return Fired("caution", "Diabetes is on file.", "Record the glucose on the day.") if view.yes("diabetes") else None


RULES = (
    Rule(
        "metabolism.thyroid",
        "Overactive thyroid",
        FAMILY,
        ("thyroid",),
        when_word(
            "thyroid",
            {
                "treated": ("caution", "A treated overactive thyroid is on file"),
                "untreated": ("exclude", "An untreated or insufficiently treated overactive thyroid is on file"),
            },
            "Treat first; a thyroid test before a new decision.",
        ),
        "LBL-CH; LBL-NO",
        "published",
    ),
    Rule(
        "metabolism.porphyria",
        "Acute porphyria",
        FAMILY,
        ("porphyria",),
        when_yes("porphyria", "review", "Acute porphyria is on file", "Ketamine may bring on an attack: ask a specialist."),
        "PHMX: contraindicated in one monograph",
        "published",
    ),
    Rule("metabolism.stomach", "GLP-1 medicine or slow stomach", FAMILY, ("medicines", "gastroparesis"), _slow_stomach, ADDED, "derived"),
    Rule("metabolism.sugar", "Diabetes with fasting", FAMILY, ("medicines", "diabetes"), _sugar, ADDED, "derived"),
)

"""Hypersensitivity to ketamine or to the preservative of its vials."""

from __future__ import annotations

from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule

NEVER_WITH = ("ketamine", "ketalar", "esketamine", "spravato", "benzethonium")


def _allergy(view: View) -> Fired | None:
    told = view.word("allergies").casefold()
    found = [word for word in NEVER_WITH if word in told]
    if not found and not view.yes("preservative_allergy"):
        return None
    what = ", ".join(dict.fromkeys(found)) if found else "ketamine or benzethonium"
    return Fired("exclude", f"An allergy to {what} is on file.", "Do not treat. If it was none, a prescriber corrects the allergy first.")


RULES = (
    Rule(
        "allergy.ketamine",
        "Allergy to ketamine or its preservative",
        "allergy",
        ("allergies", "preservative_allergy"),
        _allergy,
        "LBL-FK; LBL-INJ for the preservative",
        "published",
    ),
)

"""Pregnancy, what belongs to it, and breast-feeding."""

from __future__ import annotations

from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule

FAMILY = "pregnancy"


def _concerned(view: View) -> bool:
    return view.word("sex") == "female" and view.yes("childbearing")


def _pregnant(view: View) -> Fired | None:
    if view.word("sex") != "female":
        return None
    if view.has("pregnancy_test") and view.word("pregnancy_test") == "positive":
        return Fired(
            "exclude", f"The pregnancy test is positive{view.said('pregnancy_test')}.", "Do not treat. Tell the patient in private."
        )
    if not view.yes("childbearing") and not view.has("pregnancy"):
        return None
    told = view.word("pregnancy")
    if told in ("yes", "suspected"):
        words = "is on file" if told == "yes" else "is suspected"
        return Fired("exclude", f"Pregnancy {words}{view.said('pregnancy')}.", "Do not treat. Test, and tell the patient in private.")
    return None


def _preeclampsia(view: View) -> Fired | None:
    if _concerned(view) and view.yes("preeclampsia"):
        return Fired("exclude", f"Pre-eclampsia or eclampsia is on file{view.said('preeclampsia')}.", "Do not treat.")
    return None


def _breastfeeding(view: View) -> Fired | None:
    if _concerned(view) and view.yes("breastfeeding"):
        return Fired(
            "review",
            f"Breast-feeding{view.said('breastfeeding')}.",
            "The esketamine label says: do not breast-feed. Agree on a plan with the mother.",
        )
    return None


RULES = (
    Rule(
        "pregnancy.pregnant",
        "Pregnancy",
        FAMILY,
        ("sex", "childbearing", "pregnancy", "pregnancy_test"),
        _pregnant,
        "COHEN18-GC grade B; LBL-P2",
        "published",
    ),
    Rule(
        "pregnancy.preeclampsia",
        "Pre-eclampsia, eclampsia",
        FAMILY,
        ("sex", "childbearing", "preeclampsia"),
        _preeclampsia,
        "LBL-UK; LBL-CH",
        "published",
    ),
    Rule(
        "pregnancy.breastfeeding", "Breast-feeding", FAMILY, ("sex", "childbearing", "breastfeeding"), _breastfeeding, "SPR-CI", "published"
    ),
)

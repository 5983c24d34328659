"""Liver."""

from __future__ import annotations

from winddown.domain.figures import Figure
from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_word

FAMILY = "liver"


def _tests(view: View) -> Fired | None:
    ratio, limit = view.number("liver_ratio"), view.limit("times_upper")
    if ratio is None or ratio < limit.value:
        return None
    told = f"A liver test is {ratio:g} times its upper limit, limit {limit.value:g} times{view.said('liver_ratio')}."
    return Fired("exclude", told, "Hold. Find the cause, and repeat until it is cleared.")


RULES = (
    Rule(
        "liver.disease",
        "Liver disease",
        FAMILY,
        ("liver_disease",),
        when_word(
            "liver_disease",
            {
                "mild": ("caution", "Mild liver disease (Child-Pugh A) is on file"),
                "moderate": ("review", "Moderate liver disease (Child-Pugh B) is on file"),
                "severe": ("exclude", "Severe liver disease (Child-Pugh C) is on file"),
            },
            "Liver tests before and after each series.",
        ),
        "COHEN18-GC grade C; the mapping to Child-Pugh is ours",
        "unverified",
    ),
    Rule(
        "liver.tests",
        "Abnormal liver tests",
        FAMILY,
        ("liver_ratio",),
        _tests,
        "NOPP11-LIV: the level seen in 3 of 6 patients; the rule is ours",
        "derived",
        limits={"times_upper": Figure(3, "x ULN", "NOPP11-LIV: the observed level", "derived")},
    ),
)

"""Mind: psychosis, mania, suicide risk."""

from __future__ import annotations

from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_yes

FAMILY = "mind"


def _bipolar(view: View) -> Fired | None:
    if not view.yes("bipolar"):
        return None
    held = view.taking("mood_stabilizer")
    if held:
        return Fired(
            "caution",
            f"Bipolar disorder; mood stabilizer on the list: {', '.join(each.words for each in held)}.",
            "Ask about mania at each visit.",
        )
    return Fired(
        "review",
        "Bipolar disorder, and no mood stabilizer on the list of medicines.",
        "Ask the treating mental-health clinician before a start.",
    )


def _suicide(view: View) -> Fired | None:
    if view.word("suicide_level") != "high":
        return None
    return Fired(
        "review",
        f"The last suicide screen was HIGH{view.said('suicide_level')}.",
        "Follow the safety pathway now. High risk is not by itself a reason to refuse.",
    )


def _clinician(view: View) -> Fired | None:
    view.word("mental_health_clinician")
    return None


RULES = (
    Rule(
        "mind.psychosis",
        "Psychosis or schizophrenia now",
        FAMILY,
        ("psychosis_now",),
        when_yes("psychosis_now", "exclude", "Active psychosis or a schizophrenia-spectrum disorder is on file"),
        "COHEN18-GC grade B",
        "published",
    ),
    Rule(
        "mind.mania",
        "Mania or a mixed state now",
        FAMILY,
        ("mania_now",),
        when_yes("mania_now", "exclude", "Mania or a mixed state is on file"),
        "with psychosis in COHEN18-GC; the part on mania was not seen",
        "unverified",
    ),
    Rule(
        "mind.psychosis_past",
        "Psychosis in the past",
        FAMILY,
        ("psychosis_past",),
        when_yes("psychosis_past", "review", "Psychosis in the past is on file", "Ask the treating mental-health clinician."),
        "clinical rules, section 0 item 12",
        "derived",
    ),
    Rule(
        "mind.psychosis_family",
        "Psychosis in the family",
        FAMILY,
        ("psychosis_family",),
        when_yes(
            "psychosis_family",
            "caution",
            "Psychosis in a first-degree relative is on file",
            "Ask at each visit what was felt and for how long.",
        ),
        "clinical rules, section 0 item 12",
        "derived",
    ),
    Rule(
        "mind.bipolar",
        "Bipolar disorder",
        FAMILY,
        ("bipolar", "medicines"),
        _bipolar,
        "FEIF20: 2 of 6630 stopped for mania; the rule is ours",
        "unverified",
    ),
    Rule(
        "mind.suicide",
        "High suicide risk",
        FAMILY,
        ("suicide_level",),
        _suicide,
        "MCI22: 6.0 % had more suicidal thoughts after a course",
        "published",
    ),
    Rule(
        "mind.clinician",
        "Treating mental-health clinician named",
        FAMILY,
        ("mental_health_clinician",),
        _clinician,
        "the mood track has a named person outside the clinic",
        "derived",
        tracks=("mood",),
    ),
)

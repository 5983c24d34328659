"""Breathing and airway."""

from __future__ import annotations

from winddown.domain.figures import Figure
from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_yes

FAMILY = "breathing"


def _apnea(view: View) -> Fired | None:
    score, known = view.number("stop_bang"), view.yes("sleep_apnea")
    review, watch = view.limit("score_review").value, view.limit("score_capnography").value
    if score is not None and score >= watch:
        return Fired("review", f"STOP-Bang {score:g} of 8, limit {watch:g}.", "Continuous capnography during the infusion.")
    if known:
        return Fired("review", f"Sleep apnea is on file{view.said('sleep_apnea')}.", "Bring the mask; capnography during the infusion.")
    if score is not None and score >= review:
        return Fired("review", f"STOP-Bang {score:g} of 8, limit {review:g}.", "Plan the airway; consider capnography.")
    return None


def _airway(view: View) -> Fired | None:
    found = [
        words
        for key, words in (("airway_infection", "an infection of the airway"), ("reactive_airway", "reactive airway"))
        if view.yes(key)
    ]
    if not found:
        return None
    return Fired("caution", f"{' and '.join(found).capitalize()} on file.", "Defer while there is cough, fever or wheezing.")


def _oxygen(view: View) -> Fired | None:
    found = [words for key, words in (("home_oxygen", "oxygen at home"), ("hypercapnia", "known high carbon dioxide")) if view.yes(key)]
    if not found:
        return None
    return Fired(
        "review",
        f"{' and '.join(found).capitalize()} on file.",
        "A saturation on oxygen hides slow breathing: capnography, and set the saturation limits.",
    )


RULES = (
    Rule(
        "breathing.apnea",
        "Sleep apnea",
        FAMILY,
        ("stop_bang", "sleep_apnea"),
        _apnea,
        "CPSBC asks for a sleep-apnea screen; STOPB: bands of the score",
        "published",
        limits={
            "score_review": Figure(3, "of 8", "STOPB: 3 to 4 is intermediate", "published"),
            "score_capnography": Figure(5, "of 8", "STOPB: 5 to 8 is high; capnography is ours", "derived"),
        },
    ),
    Rule(
        "breathing.airway",
        "Airway infection, reactive airway",
        FAMILY,
        ("airway_infection", "reactive_airway"),
        _airway,
        "PHMX",
        "published",
    ),
    Rule(
        "breathing.oxygen",
        "Home oxygen, high carbon dioxide",
        FAMILY,
        ("home_oxygen", "hypercapnia"),
        _oxygen,
        "clinical rules, section 0 item 12",
        "derived",
    ),
    Rule(
        "breathing.pump",
        "Spinal drug pump",
        FAMILY,
        ("intrathecal_pump",),
        when_yes(
            "intrathecal_pump", "review", "A spinal drug pump is on file", "Name its drugs; plan for added sedation and slow breathing."
        ),
        "clinical rules, section 0 item 12",
        "derived",
    ),
)

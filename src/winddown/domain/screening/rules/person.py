"""Age, frailty, body mass, and medicines nobody recognizes."""

from __future__ import annotations

from winddown.domain.figures import Figure
from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_yes

FAMILY = "person"


def _young(view: View) -> Fired | None:
    age, limit = view.number("age"), view.limit("years").value
    if age is None or age >= limit:
        return None
    return Fired("exclude", f"{age:g} years old, limit {limit:g} years.", "Outside what this program is for.")


def _old(view: View) -> Fired | None:
    age, limit = view.number("age"), view.limit("years").value
    if age is None or age < limit:
        return None
    return Fired(
        "caution",
        f"{age:g} years old, limit {limit:g} years.",
        "Expect a larger rise of pressure, more confusion, a longer stay; consider less.",
    )


def _bmi(view: View) -> Fired | None:
    bmi, limit = view.number("bmi"), view.limit("bmi").value
    if bmi is None or bmi < limit:
        return None
    return Fired(
        "caution", f"Body mass index {bmi:.1f} kg/m2, limit {limit:g}.", "Choose the weight basis of the dose explicitly on the order."
    )


def _unknown(view: View) -> Fired | None:
    found = view.unrecognized()
    if not found:
        return None
    told = ", ".join(f"“{each.words}”" for each in found)
    return Fired(
        "review",
        f"Not recognized: {told}. No interaction rule looked at it.",
        "Correct the spelling, write the generic name, or judge it yourself.",
    )


RULES = (
    Rule(
        "person.young",
        "Under age",
        FAMILY,
        ("age",),
        _young,
        "SPR-CI: not approved in children",
        "published",
        limits={"years": Figure(18, "years", "SPR-CI", "published")},
    ),
    Rule(
        "person.old",
        "Older age",
        FAMILY,
        ("age",),
        _old,
        "clinical rules, section 0 item 12; YALE24: odds 1.04 a year",
        "derived",
        limits={"years": Figure(65, "years", "clinical rules, section 0 item 12", "derived")},
    ),
    Rule(
        "person.frail",
        "Frailty",
        FAMILY,
        ("frailty",),
        when_yes("frailty", "caution", "Frailty is on file", "Start lower; two people for the first steps."),
        "clinical rules, section 0 item 12",
        "derived",
    ),
    Rule(
        "person.bmi",
        "Body mass index",
        FAMILY,
        ("bmi",),
        _bmi,
        "SINGH19: ideal weight from 30",
        "published",
        limits={"bmi": Figure(30, "kg/m2", "SINGH19", "published")},
    ),
    Rule(
        "person.medicines_unknown",
        "Medicine not recognized",
        FAMILY,
        ("medicines",),
        _unknown,
        "a name that no table knows is a finding, not silence",
        "derived",
        kind="interaction",
    ),
)

"""What is asked on the day of treatment."""

from __future__ import annotations

from winddown.domain.figures import Figure
from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_yes

FAMILY = "day"


def _alcohol(view: View) -> Fired | None:
    told = "Alcohol today"
    return Fired("exclude", f"{told}{view.said('alcohol_today')}.", "No treatment today.") if view.yes("alcohol_today") else None


def _escort(view: View) -> Fired | None:
    if view.no("escort_agreed"):
        return Fired("exclude", "No responsible adult to go home with.", "Find one, or choose another day.")
    view.yes("escort_agreed")
    return None


def _consent(view: View) -> Fired | None:
    if view.no("consent"):
        return Fired("exclude", "No consent in force.", "Sign a consent with the patient.")
    view.yes("consent")
    return None


def _glucose(view: View) -> Fired | None:
    diabetic = view.yes("diabetes") or bool(view.taking("diabetes"))
    value = view.number("glucose") if diabetic else None
    if value is None:
        return None
    low, high = view.limit("low").value, view.limit("high").value
    if value < low:
        return Fired("exclude", f"Glucose {value:g} mg/dL, limit {low:g}{view.said('glucose')}.", "Treat first, then measure again.")
    if value > high:
        return Fired("review", f"Glucose {value:g} mg/dL, limit {high:g}{view.said('glucose')}.", "A prescriber decides.")
    return None


RULES = (
    Rule("day.alcohol", "Alcohol today", FAMILY, ("alcohol_today",), _alcohol, "LBL-NO", "published", when=("day",)),
    Rule("day.escort", "Escort", FAMILY, ("escort_agreed",), _escort, "LBL-RX", "published", when=("day",)),
    Rule(
        "day.driving",
        "Plan to drive",
        FAMILY,
        ("will_drive",),
        when_yes("will_drive", "exclude", "The patient plans to drive today", "Agree on another way home, or choose another day."),
        "clinical rules, section 3.7",
        "derived",
        when=("day",),
    ),
    Rule(
        "day.consent",
        "Consent in force",
        FAMILY,
        ("consent",),
        _consent,
        "FDA23: ketamine is not approved for this use",
        "published",
        when=("day",),
    ),
    Rule(
        "day.glucose",
        "Glucose in diabetes",
        FAMILY,
        ("diabetes", "medicines", "glucose"),
        _glucose,
        "limits to be confirmed by the medical director",
        "unverified",
        limits={
            "low": Figure(70, "mg/dL", "usual definition of low glucose; the text was not seen", "unverified"),
            "high": Figure(300, "mg/dL", "a common limit for elective procedures; the text was not seen", "unverified"),
        },
        when=("day",),
    ),
)

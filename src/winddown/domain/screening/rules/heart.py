"""Heart, vessels and blood pressure. Ketamine raises pressure and pulse."""

from __future__ import annotations

from winddown.domain.days import in_words
from winddown.domain.figures import Figure
from winddown.domain.screening.facts import View
from winddown.domain.screening.rule import Fired, Rule, when_yes

FAMILY = "heart"
DAYS_PER_MONTH = 30.4375


def _resting_pressure(view: View) -> Fired | None:
    return _above(view, "systolic_stop", "diastolic_stop", "exclude", "Treat the pressure first, then measure again.")


def _raised_pressure(view: View) -> Fired | None:
    """Above the review value and not above the value that excludes, which has its own rule."""
    if _above(view, "systolic_stop", "diastolic_stop", "exclude", ""):
        return None
    return _above(view, "systolic_review", "diastolic_review", "review", "Weigh a delay; measure again at rest.")


def _above(view: View, systolic: str, diastolic: str, severity: str, do: str) -> Fired | None:
    high, low = view.number("systolic"), view.number("diastolic")
    limits = view.limit(systolic).value, view.limit(diastolic).value
    if not ((high is not None and high > limits[0]) or (low is not None and low > limits[1])):
        return None
    told = f"{'?' if high is None else f'{high:g}'}/{'?' if low is None else f'{low:g}'} mmHg"
    return Fired(severity, f"Resting pressure {told}, limit {limits[0]:g}/{limits[1]:g} mmHg{view.said('systolic')}.", do)  # type: ignore[arg-type]


def _unstable(view: View) -> Fired | None:
    found = [words for key, words in (("angina_unstable", "unstable angina"), ("heart_severe", "severe heart disease")) if view.yes(key)]
    if view.yes("heart_failure") and view.word("heart_failure_state") == "decompensated":
        found.append("decompensated heart failure")
    if not found:
        return None
    return Fired(
        "exclude", f"Poorly controlled heart disease: {', '.join(found)}.", "Treat first; a cardiologist's word before a new decision."
    )


def _recent_event(view: View) -> Fired | None:
    if not view.yes("heart_event"):
        return None
    on, limit = view.day("heart_event_on"), view.limit("months")
    if on is None:
        return None
    months = (view.today - on).days / DAYS_PER_MONTH
    if months >= limit.value:
        return None
    told = f"Heart attack or coronary procedure on {in_words(on)}, {months:.1f} months ago, limit {limit.value:g} months."
    return Fired("exclude", told, f"Defer until {limit.value:g} months have passed, or ask a cardiologist.")


def _stroke(view: View) -> Fired | None:
    if not view.yes("stroke"):
        return None
    on, limit = view.day("stroke_on"), view.limit("months_recent")
    if on is not None and (view.today - on).days / DAYS_PER_MONTH < limit.value:
        months = (view.today - on).days / DAYS_PER_MONTH
        return Fired(
            "exclude",
            f"Stroke, TIA or brain injury on {in_words(on)}, {months:.1f} months ago, recent is under {limit.value:g} months.",
            "Defer.",
        )
    dated = f"on {in_words(on)}" if on else "on a day not on file"
    return Fired("review", f"Stroke, TIA or brain injury {dated}.", "Ask for the neurologist's letter.")


RULES = (
    Rule(
        "heart.aneurysm",
        "Aneurysm, AVM or past bleeding in the brain",
        FAMILY,
        ("aneurysm",),
        when_yes("aneurysm", "exclude", "Aneurysm, arteriovenous malformation or past bleeding in the brain is on file"),
        "SPR-CI: contraindication of nasal esketamine, by analogy",
        "published",
    ),
    Rule(
        "heart.hazard",
        "A rise of pressure would be a serious hazard",
        FAMILY,
        ("pressure_hazard",),
        when_yes("pressure_hazard", "exclude", "A clinician judged a marked rise of pressure to be a serious hazard"),
        "LBL-FK",
        "published",
    ),
    Rule(
        "heart.pressure_uncontrolled",
        "Uncontrolled blood pressure",
        FAMILY,
        ("systolic", "diastolic"),
        _resting_pressure,
        "LBL-CH",
        "published",
        limits={"systolic_stop": Figure(180, "mmHg", "LBL-CH", "published"), "diastolic_stop": Figure(100, "mmHg", "LBL-CH", "published")},
    ),
    Rule(
        "heart.pressure_raised",
        "Raised blood pressure",
        FAMILY,
        ("systolic", "diastolic"),
        _raised_pressure,
        "SPR-BP: guide value of nasal esketamine, by analogy",
        "published",
        limits={
            "systolic_review": Figure(140, "mmHg", "SPR-BP", "published"),
            "diastolic_review": Figure(90, "mmHg", "SPR-BP", "published"),
            "systolic_stop": Figure(180, "mmHg", "LBL-CH", "published"),
            "diastolic_stop": Figure(100, "mmHg", "LBL-CH", "published"),
        },
    ),
    Rule(
        "heart.hypertension",
        "High blood pressure on file",
        FAMILY,
        ("hypertension",),
        when_yes("hypertension", "caution", "High blood pressure is on file", "Take the morning's tablets; expect a larger rise."),
        "YALE24: all patients with hypertension had a surge",
        "published",
    ),
    Rule(
        "heart.uncontrolled",
        "Poorly controlled heart disease",
        FAMILY,
        ("angina_unstable", "heart_severe", "heart_failure", "heart_failure_state"),
        _unstable,
        "COHEN18-GC grade B; LBL-UK; LBL-NO",
        "published",
    ),
    Rule(
        "heart.recent_event",
        "Heart attack or coronary procedure within a year",
        FAMILY,
        ("heart_event", "heart_event_on"),
        _recent_event,
        "JNJ-CV: exclusion window of the esketamine trials",
        "published",
        limits={"months": Figure(12, "months", "JNJ-CV", "published")},
    ),
    Rule(
        "heart.stroke",
        "Stroke, TIA or brain injury",
        FAMILY,
        ("stroke", "stroke_on"),
        _stroke,
        "JNJ-CV; LBL-UK",
        "published",
        limits={"months_recent": Figure(6, "months", "what counts as recent is the clinic's choice", "unverified")},
    ),
)

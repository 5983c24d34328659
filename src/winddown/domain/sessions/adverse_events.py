"""Adverse events: a short list of terms, grades in words, and the dose at that moment beside each event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from winddown.domain.refusals import OutOfRange, UnknownWord
from winddown.domain.sessions.story import Event


@dataclass(frozen=True)
class Term:
    """One term.

    system     the body system, for grouping
    emergency  alarming whatever the grade: stop and rescue
    seen       how often it is seen, with its source, where published
    """

    key: str
    words: str
    system: str
    emergency: bool = False
    seen: str = ""


GRADES: dict[int, str] = {
    1: "mild: nothing more than watching",
    2: "moderate: a simple measure helped, or it limited the patient",
    3: "severe: needed treatment or a stop, not at once life-threatening",
    4: "life-threatening: urgent treatment",
    5: "death",
}
SERIOUS_FROM = 3
SERIOUS_WORDS = "Serious: report to MedWatch and by the clinic's own process. IV ketamine has no REMS."

_TABLE = (
    Term("dissociation", "Dissociation", "mind", seen="61 to 75 % with esketamine (SPR-MON)"),
    Term(
        "hallucination", "Hallucination", "mind", seen="psychotomimetic effects 76 % vs 18 % placebo in long S-ketamine infusions (SIGT09)"
    ),
    Term("anxiety", "Anxiety or panic", "mind"),
    Term("agitation", "Agitation", "mind"),
    Term("emergence_reaction", "Emergence reaction", "mind", seen="about 12 % at anesthetic doses (LBL-RX)"),
    Term("mania", "Mania or hypomania", "mind", seen="2 of 6630 (FEIF20)"),
    Term("psychosis", "Psychosis", "mind", seen="1 of 6630 (FEIF20)"),
    Term("suicidal_thoughts", "Suicidal thoughts", "mind"),
    Term("sedation", "Sedation deeper than meant", "nerves"),
    Term("loss_of_consciousness", "Loss of consciousness", "nerves", emergency=True, seen="0.3 to 0.4 % with esketamine (SPR-CI)"),
    Term("confusion", "Confusion, new", "nerves", emergency=True),
    Term("seizure", "Seizure", "nerves", emergency=True, seen="1 of 6630 (FEIF20)"),
    Term("headache", "Headache", "nerves"),
    Term("sudden_headache", "Headache, sudden and severe", "nerves", emergency=True),
    Term("dizziness", "Dizziness", "nerves"),
    Term("blurred_vision", "Blurred vision", "nerves"),
    Term("visual_loss", "Loss of sight or field", "nerves", emergency=True),
    Term("hypertension", "High blood pressure", "heart", seen="severe in 0.98 % of infusions (YALE24)"),
    Term("hypotension", "Low blood pressure", "heart"),
    Term("tachycardia", "Fast pulse", "heart"),
    Term("bradycardia", "Slow pulse", "heart"),
    Term("arrhythmia", "Arrhythmia", "heart", emergency=True),
    Term("chest_pain", "Chest pain", "heart", emergency=True),
    Term("dyspnea", "Breathlessness", "breathing", emergency=True),
    Term("desaturation", "Low oxygen saturation", "breathing"),
    Term("apnea", "Apnea", "breathing", emergency=True),
    Term("laryngospasm", "Laryngospasm", "breathing", emergency=True),
    Term("salivation", "Salivation", "breathing"),
    Term("nausea", "Nausea", "stomach"),
    Term("vomiting", "Vomiting", "stomach"),
    Term("urinary", "Urinary symptoms", "bladder"),
    Term("extravasation", "Extravasation", "site"),
    Term("site_reaction", "Pain or redness at the site", "site"),
    Term("rash", "Rash or itching", "skin"),
    Term("anaphylaxis", "Anaphylaxis", "skin", emergency=True),
    Term("fall", "Fall", "other"),
    Term("other", "Other, in words", "other"),
)

TERMS: dict[str, Term] = {term.key: term for term in _TABLE}

# What an alarm would be called if the nurse decides that it is an event; it is offered, never recorded by itself.
SUGGESTED: dict[str, str] = {
    "systolic_high": "hypertension",
    "diastolic_high": "hypertension",
    "systolic_low": "hypotension",
    "pulse_high": "tachycardia",
    "pulse_low": "bradycardia",
    "spo2_low": "desaturation",
    "breaths_low": "apnea",
    "sedation_deep": "sedation",
    "sedation_deep_rass": "sedation",
    "agitation": "agitation",
    "dissociation_rising": "dissociation",
    "distress": "anxiety",
    "perception": "hallucination",
    "nausea": "nausea",
}


@dataclass(frozen=True)
class AdverseEvent:
    """One event beside the dose at that moment. A number is None where it is not known; the model is named where one predicted."""

    id: str
    term: str
    words: str
    grade: int | None
    happened_at: datetime
    onset_min: float | None
    rate_ml_per_h: Decimal | None
    given_mg: Decimal | None
    predicted_ng_per_ml: float | None
    model: str
    serious: bool


def term_of(key: str) -> Term:
    """The term by its key. Refuses UnknownWord."""
    found = TERMS.get(key)
    if found is None:
        raise UnknownWord("adverse event", key, TERMS)
    return found


def grade_words(grade: int) -> str:
    """Refuses OutOfRange outside 1 to 5."""
    if grade not in GRADES:
        raise OutOfRange(f"Grade {grade} is not from 1 to 5.", way_out="Choose a grade.", code="grade_not_known")
    return GRADES[grade]


def is_emergency(term: str, grade: str = "") -> bool:
    """Alarming by its name, or by a grade of life-threatening. A term we do not know is judged by its grade alone."""
    known = TERMS.get(term)
    return bool(known and known.emergency) or grade in ("4", "5")


def beside_the_dose(
    event: Event,
    *,
    started_at: datetime | None,
    rate_ml_per_h: Decimal | None,
    given_mg: Decimal | None,
    predicted_ng_per_ml: float | None = None,
    model: str = "",
) -> AdverseEvent:
    """Read the event as recorded, whatever it says, and lay the dose at that moment beside it."""
    number = event.number("grade")
    grade = int(number) if number is not None and number in GRADES else None
    onset = (event.happened_at - started_at).total_seconds() / 60 if started_at else None
    known = TERMS.get(event.text("term"))
    words = event.text("words") or (known.words if known else event.text("term"))
    return AdverseEvent(
        id=event.id,
        term=event.text("term"),
        words=words,
        grade=grade,
        happened_at=event.happened_at,
        onset_min=onset,
        rate_ml_per_h=rate_ml_per_h,
        given_mg=given_mg,
        predicted_ng_per_ml=predicted_ng_per_ml,
        model=model,
        serious=grade is not None and grade >= SERIOUS_FROM,
    )

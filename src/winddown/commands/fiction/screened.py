"""What the fictional patients told, what was checked, and what was decided on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from winddown.commands.fiction.cast import Character
from winddown.domain.screening.data import ASKED
from winddown.record.models import Patient, Referral, ScreeningDecision, Session, Staff
from winddown.services.screening import checks, history, of_the_day, runs

CHOSEN = [item for item in ASKED if item.kind in ("yes_no", "choice")]
ORDINARY: dict[str, str] = {item.key: "no" if item.kind == "yes_no" else item.choices[0] for item in CHOSEN}
TOLD: Mapping[str, Mapping[str, str]] = {
    "Testerly": {
        "mental_health_clinician": "Dr. Nobody Inparticular, 555-0144",
        "stop_bang": "2",
        "alcohol_score": "1",
        "childbearing": "yes",
    },
    "Sampleton": {"hypertension": "yes", "sleep_apnea": "yes", "stop_bang": "5", "alcohol_score": "2"},
    "Mockford": {"childbearing": "yes", "stop_bang": "1", "alcohol_score": "0"},
    "Fictman": {"diabetes": "yes", "stop_bang": "3", "alcohol_score": "0", "mental_health_clinician": "Invented Counseling, 555-0171"},
    "Exampler": {"childbearing": "yes", "psychosis_family": "yes", "stop_bang": "1", "alcohol_score": "4"},
    "Pretend": {"heart_event": "yes", "heart_event_on": "2019-05-14", "hypertension": "yes", "stop_bang": "4", "frailty": "no"},
    "Dummyson": {"childbearing": "yes", "pregnancy": "suspected", "cannabis": "yes", "urinary_symptoms": "yes"},
    "Notaperson": {
        "ketamine_before": "yes",
        "ketamine_reaction": "yes",
        "ketamine_words": "one infusion elsewhere, very frightened",
        "bipolar": "yes",
    },
}
TRIED: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "Sampleton": (("gabapentin", "1800 mg", "9 months", "drowsy, pain 8 to 7"), ("sympathetic block", "", "3 times", "two weeks each")),
    "Dummyson": (("sumatriptan", "50 mg", "2 years", "less and less"),),
    "Notaperson": (("mirror therapy", "", "6 months", "no change"), ("pregabalin", "300 mg", "4 months", "swelling")),
}
AT_HOME: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Dummyson": (("Zoloft", "50 mg"), ("Wegovy", "1 mg"), ("Foobarol", "3 mg")),
    "Notaperson": (("Lamictal", "100 mg"), ("clonazepam", "0.5 mg"), ("low dose naltrexone", "4.5 mg")),
    "Exampler": (("tramadol", "50 mg"),),
}
REASONS = {
    "breathing.apnea": "uses the mask; capnography during the infusion",
    "metabolism.sugar": "morning tablets held, glucose before the start",
    "interaction.naltrexone_mood": "held for three days",
}
DONE: Mapping[str, Mapping[str, str]] = {
    "blood_pressure": {"systolic": "128", "diastolic": "79"},
    "liver_tests": {"alt": "0.7", "ast": "0.8", "ggt": "0.9"},
    "urinalysis": {"result": "normal"},
    "bladder_questions": {"result": "no symptoms"},
    "pdmp_query": {"result": "nothing unexpected"},
    "ecg": {"result": "normal"},
}


def before_the_plan(nurse: Staff, prescriber: Staff, patient: Patient, character: Character, now: datetime) -> None:
    """The referral, the history and the checks, told once; a re-evaluation when the demonstration is started on a later day."""
    at = now - timedelta(days=8)
    if Referral.objects.filter(patient=patient).exists():
        note: dict[str, Any] = {"by": prescriber, "now": now, "words": "the demonstration was started anew"}
        checks.record(patient, "reevaluation", {"result": "continue"}, done_on=now.date(), today=now.date(), **note)
        return
    told = {"diagnosis": character.indication, "codes": character.icd10, "referrer": "Dr. Sent Byfiction", "npi": "1234567893"}
    history.refer(patient, told | {"received_on": at.date(), "pain_since": "three years"}, by=nurse, now=at)
    answers = {**ORDINARY, **TOLD.get(character.family, {})}
    history.answer(patient, _of(patient, answers), informant="patient", by=nurse, observed_at=at, now=at)
    for name, dose, duration, outcome in TRIED.get(character.family, ()):
        line = {"name": name, "dose": dose, "duration": duration, "outcome": outcome}
        history.add(patient, "prior_treatment", line, informant="patient", by=nurse, observed_at=at, now=at)
    for name, dose in AT_HOME.get(character.family, ()):
        history.add(patient, "medicine", {"name": name, "dose": dose}, informant="patient", by=None, observed_at=at, now=at)
    if not character.medicines and character.family not in AT_HOME:
        history.answer(patient, {"no_medicines": "yes"}, informant="patient", by=nurse, observed_at=at, now=at)
    checks.move(patient, "evaluation", because="referred", by=prescriber, now=at)
    if character.stage != "registered":
        _settle(nurse, prescriber, patient, character, at)


def _of(patient: Patient, answers: Mapping[str, str]) -> dict[str, str]:
    fits = {item.key for item in ASKED if item.only in ("", patient.sex) and item.section != "day"}
    after = {item.key: item.after for item in ASKED if item.after}
    return {key: value for key, value in answers.items() if key in fits and (key not in after or answers.get(after[key]) == "yes")}


def _settle(nurse: Staff, prescriber: Staff, patient: Patient, character: Character, at: datetime) -> None:
    """The checks of a patient who is treated, and the step into the series."""
    for kind, result in DONE.items():
        checks.record(patient, kind, result, done_on=at.date(), today=at.date(), by=nurse, now=at)
    checks.move(patient, "induction", because="first series", by=prescriber, now=at + timedelta(days=1))
    if character.stage in ("unsigned", "planned", "ordered"):
        track = "mood" if character.protocol.startswith("mood") else "pain"
        _accept(patient, runs.look(patient, now=at + timedelta(days=1), track=track), prescriber, at + timedelta(days=1))


def on_the_day(nurse: Staff, prescriber: Staff, session: Session, at: datetime) -> None:
    """What is asked and tested on the day, and the decision where there is none yet."""
    today = at.astimezone(ZoneInfo(session.location.time_zone)).date()
    answers = {"result": "nothing of note", "alcohol": "none today"}
    checks.record(session.patient, "use_since_last", answers, done_on=today, today=today, by=nurse, now=at)
    run = of_the_day.look(session, now=at).run
    needed = {each.kind.key for each in run.checks if each.open}
    for kind, result in {**DONE, "pregnancy_test": {"result": "negative"}, "glucose": {"glucose": "112"}}.items():
        if kind in needed:
            checks.record(session.patient, kind, result, done_on=today, today=today, by=nurse, now=at)
    if not ScreeningDecision.objects.filter(patient=session.patient).exists():
        _accept(session.patient, of_the_day.look(session, now=at).run, prescriber, at)


def _accept(patient: Patient, run: runs.Run, prescriber: Staff, at: datetime) -> None:
    overrides = {each.rule: REASONS.get(each.rule, "known, and watched") for each in run.findings if each.outcome == "fired"}
    fired = {each.rule for each in run.findings if each.outcome == "fired" and each.severity != "caution"}
    reasons = ["treated_first"] if fired else ["no_rule_fired"]
    kept = {rule: because for rule, because in overrides.items() if rule in fired}
    runs.decide_on(patient, run, choice="accept", reasons=reasons, overrides=kept, by=prescriber, now=at)

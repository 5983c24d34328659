"""What screening says on the screen: questions a patient understands, the words of choices, families, reasons and checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SECTIONS: Mapping[str, Any] = {
    "lists": _("Medicines and allergies"),
    "heart": _("Heart and blood pressure"),
    "brain": _("Brain and eyes"),
    "mind": _("Mood and mind"),
    "pregnancy": _("Pregnancy"),
    "organs": _("Liver, thyroid, sugar and strength"),
    "breathing": _("Breathing and sleep"),
    "bladder": _("Bladder"),
    "substances": _("Alcohol and other substances"),
    "past": _("Anesthetics and ketamine before"),
    "day": _("The day of treatment"),
}

QUESTIONS: Mapping[str, Any] = {
    "no_medicines": _("Is it true that you take no medicine at all, also none without a prescription?"),
    "no_allergies": _("Is it true that you have no allergy at all?"),
    "aneurysm": _("Have you ever had an aneurysm, a malformed blood vessel, or bleeding in the brain?"),
    "hypertension": _("Do you have high blood pressure, or take medicine for it?"),
    "angina_unstable": _("Do you have chest pain at rest, or chest pain that is getting worse?"),
    "heart_event": _("Have you had a heart attack, a heart stent or heart surgery?"),
    "heart_event_on": _("When was the last one? A day close to it is enough."),
    "heart_failure": _("Has a doctor told you that you have heart failure?"),
    "heart_failure_state": _("State of the heart failure"),
    "stroke": _("Have you had a stroke, a mini-stroke (TIA) or a brain injury?"),
    "stroke_on": _("When was it? A day close to it is enough."),
    "heart_severe": _("Severe coronary or heart muscle disease"),
    "pressure_hazard": _("A marked rise of blood pressure would be a serious hazard"),
    "seizures": _("Do you have seizures (epilepsy)?"),
    "intracranial_pressure": _("Do you have raised pressure in the skull, a shunt, or a growth in the brain?"),
    "glaucoma": _("Do you have glaucoma (raised pressure in the eye)?"),
    "eye_surgery": _("Is eye surgery planned, or do you have an eye injury?"),
    "open_globe": _("The eye is open (open globe)"),
    "cognition": _("Do you have trouble with memory or clear thinking that a doctor has named?"),
    "psychosis_now": _("Do you hear or see things others do not, or has a doctor told you that you have psychosis or schizophrenia?"),
    "psychosis_past": _("Have you had psychosis in the past?"),
    "psychosis_family": _("Has a parent, brother, sister or child had psychosis or schizophrenia?"),
    "mania_now": _("Are you now unusually high, sleepless and full of energy (mania)?"),
    "bipolar": _("Has a doctor told you that you have bipolar disorder?"),
    "suicide_level": _("Level of the last suicide screen (C-SSRS)"),
    "mental_health_clinician": _("Who treats you for your mood? Name and phone number."),
    "childbearing": _("Can you become pregnant?"),
    "pregnancy": _("Are you pregnant, or could you be?"),
    "preeclampsia": _("Do you have, or did you just have, pre-eclampsia or eclampsia?"),
    "breastfeeding": _("Are you breast-feeding?"),
    "liver_disease": _("Do you have liver disease?"),
    "thyroid": _("Do you have an overactive thyroid?"),
    "porphyria": _("Do you have acute porphyria?"),
    "diabetes": _("Do you have diabetes?"),
    "gastroparesis": _("Does your stomach empty slowly (gastroparesis)?"),
    "intrathecal_pump": _("Do you have a pump that gives medicine into the spine?"),
    "frailty": _("Have you fallen, grown weak or lost weight without wanting to in the last year?"),
    "preservative_allergy": _("Have you ever reacted badly to ketamine or to benzethonium (a preservative)?"),
    "sleep_apnea": _("Do you have sleep apnea, or use a mask at night?"),
    "stop_bang": _("STOP-Bang score, if it was taken"),
    "home_oxygen": _("Do you use oxygen at home?"),
    "hypercapnia": _("Has a doctor told you that your carbon dioxide is high?"),
    "airway_infection": _("Do you have a cough, a cold or a chest infection now?"),
    "reactive_airway": _("Do you have asthma, or a chest that wheezes easily?"),
    "urinary_symptoms": _("Do you have new trouble with urine: urgency, going often, pain or blood?"),
    "bladder_ketamine": _("Has a doctor told you that ketamine harmed your bladder?"),
    "substance_use": _("Does alcohol or a drug cause you problems now?"),
    "alcohol_score": _("AUDIT-C score, if it was taken"),
    "drug_score": _("DAST-10 score, if it was taken"),
    "ketamine_misuse": _("Have you used ketamine without a prescription?"),
    "cannabis": _("Do you use cannabis?"),
    "monitoring_pattern": _("The prescription-monitoring record shows a pattern to review"),
    "anesthesia_problem": _("Have you or a close relative had a serious problem with an anesthetic?"),
    "anesthesia_words": _("What happened?"),
    "ketamine_before": _("Have you been treated with ketamine or esketamine before?"),
    "ketamine_reaction": _("Did you have a bad reaction to it?"),
    "ketamine_words": _("What did it do, how much, and for how long?"),
    "alcohol_today": _("Did you drink alcohol today?"),
    "escort_agreed": _("Will a responsible adult go home with you?"),
    "will_drive": _("Do you plan to drive today?"),
}

ANSWERS: Mapping[str, Any] = {
    "none": _("no"),
    "no": _("no"),
    "yes": _("yes"),
    "suspected": _("it could be"),
    "known": _("yes, and stable"),
    "severe": _("severe"),
    "mild": _("mild"),
    "moderate": _("moderate"),
    "controlled": _("yes, controlled"),
    "uncontrolled": _("yes, not controlled"),
    "treated": _("yes, treated"),
    "untreated": _("yes, not treated"),
    "dementia": _("dementia"),
    "delirium": _("delirium now"),
    "compensated": _("compensated"),
    "decompensated": _("decompensated"),
    "low": _("low"),
    "high": _("HIGH"),
    "female": _("female"),
    "male": _("male"),
}

FAMILIES: Mapping[str, Any] = {
    "heart": _("Heart and blood pressure"),
    "brain": _("Brain and eyes"),
    "mind": _("Mood and mind"),
    "pregnancy": _("Pregnancy"),
    "liver": _("Liver"),
    "metabolism": _("Metabolism"),
    "breathing": _("Breathing"),
    "bladder": _("Bladder"),
    "substances": _("Substances"),
    "allergy": _("Allergy"),
    "person": _("Person"),
    "day": _("On the day"),
    "interactions": _("Medicines"),
}
SEVERITIES: Mapping[str, tuple[Any, str]] = {
    "exclude": (_("Excludes"), "act"),
    "review": (_("Review"), "watch"),
    "caution": (_("Caution"), "unknown"),
}
CHOICES: Mapping[str, Any] = {"accept": _("Accept"), "defer": _("Defer"), "refuse": _("Refuse")}
DECIDED: Mapping[str, tuple[Any, str]] = {
    "accept": (_("Accepted"), "calm"),
    "defer": (_("Deferred"), "watch"),
    "refuse": (_("Refused"), "act"),
}
REASONS: Mapping[str, Any] = {
    "no_rule_fired": _("No rule fired on the data entered"),
    "benefit": _("Expected benefit outweighs it"),
    "treated_first": _("Treated, or being watched"),
    "pressure": _("Blood pressure or heart"),
    "pregnancy": _("Pregnancy or breast-feeding"),
    "mind": _("Psychosis, mania or suicide risk"),
    "liver": _("Liver"),
    "bladder": _("Bladder"),
    "substances": _("Substance use"),
    "breathing": _("Breathing or airway"),
    "interaction": _("Medicine"),
    "data_missing": _("Data are missing"),
    "other_treatment": _("Another treatment comes first"),
    "wish": _("The patient's wish"),
    "support": _("No escort or follow-up possible"),
    "other": _("Another reason"),
}
CHECKS: Mapping[str, Any] = {
    "pregnancy_test": _("Pregnancy test"),
    "ecg": _("Electrocardiogram"),
    "blood_pressure": _("Resting blood pressure"),
    "liver_tests": _("Liver tests"),
    "urinalysis": _("Urinalysis"),
    "bladder_questions": _("Bladder questions"),
    "pdmp_query": _("Prescription-monitoring query"),
    "drug_screen": _("Targeted drug screen"),
    "use_since_last": _("Use since the last visit"),
    "reevaluation": _("Re-evaluation"),
    "glucose": _("Glucose"),
}
CHECK_PARTS: Mapping[str, Any] = {
    "result": _("Result"),
    "systolic": _("Systolic"),
    "diastolic": _("Diastolic"),
    "alt": _("ALT"),
    "ast": _("AST"),
    "alp": _("ALP"),
    "ggt": _("GGT"),
    "ketamine": _("Tested for ketamine by name"),
    "alcohol": _("Alcohol"),
    "glucose": _("Glucose"),
}
RESULTS: Mapping[str, Any] = {
    "negative": _("negative"),
    "positive": _("positive"),
    "normal": _("normal"),
    "abnormal, reviewed": _("abnormal, reviewed"),
    "abnormal": _("abnormal"),
    "no symptoms": _("no symptoms"),
    "known symptoms, unchanged": _("known symptoms, unchanged"),
    "new symptoms": _("new symptoms"),
    "nothing unexpected": _("nothing unexpected"),
    "pattern to review": _("pattern to review"),
    "as expected": _("as expected"),
    "unexpected": _("unexpected"),
    "targeted test": _("targeted test"),
    "standard panel": _("standard panel"),
    "nothing of note": _("nothing of note"),
    "to review": _("to review"),
    "none today": _("none today"),
    "alcohol today": _("alcohol today"),
    "continue": _("continue"),
    "change the plan": _("change the plan"),
    "stop": _("stop"),
}
CHECK_STATES: Mapping[str, tuple[Any, str]] = {
    "valid": (_("counts"), "calm"),
    "due": (_("due"), "watch"),
    "missing": (_("none on file"), "unknown"),
    "bad": (_("look at the result"), "act"),
    "not_needed": (_("not asked for"), "unknown"),
}
PHASES: Mapping[str, Any] = {
    "evaluation": _("Evaluation"),
    "induction": _("Induction"),
    "maintenance": _("Maintenance"),
    "ended": _("Ended"),
}
TRACKS: Mapping[str, Any] = {"pain": _("pain"), "mood": _("mood")}
MOMENTS: Mapping[str, Any] = {"first": _("screening"), "series": _("before a series"), "day": _("on the day")}
INFORMANTS: Mapping[str, Any] = {"patient": _("the patient"), "caregiver": _("a caregiver"), "staff": _("staff")}
WHATS: Mapping[str, Any] = {"take": _("Take"), "hold": _("Do not take"), "ask": _("Not decided")}
LISTS: Mapping[str, Any] = {
    "prior_treatment": _("Treatments tried before"),
    "medicine": _("Medicines told at home"),
    "allergy": _("Allergies told at home"),
    "condition": _("Other illnesses"),
}
LIST_FIELDS: Mapping[str, Any] = {
    "name": _("Name"),
    "dose": _("Dose with its unit"),
    "duration": _("For how long"),
    "outcome": _("What it did, why it ended"),
    "route": _("How it is taken"),
    "schedule": _("How often"),
    "last_taken": _("Last taken"),
    "substance": _("Substance"),
    "reaction": _("What happened"),
    "words": _("What it is"),
}


def answer_words(kind: str, value: Any, unit: str = "") -> Any:
    """An answer in words."""
    if kind == "yes_no":
        return ANSWERS["yes"] if value is True else ANSWERS["no"]
    if kind == "choice":
        return ANSWERS.get(str(value), value)
    return f"{float(value):g} {unit}".strip() if kind == "number" else value


def open_words(codes: list[str]) -> list[Any]:
    """What is open before a visit, by name."""
    return [_("screening decision") if code == "decision" else CHECKS.get(code, code) for code in codes]

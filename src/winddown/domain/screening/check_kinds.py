"""The checks that expire: what each one holds, who needs it, what is wrong with a result, and how long it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from winddown.domain.figures import Figure
from winddown.domain.refusals import UnknownWord
from winddown.domain.screening.facts import Facts

STANDARD_PANEL = "A standard panel does not find ketamine: order a targeted test."
CALENDAR = "our calendar; the medical director sets it"


@dataclass(frozen=True)
class Part:
    """One thing a result holds: a number in a unit between two bounds, or one of some words."""

    key: str
    words: str
    choices: tuple[str, ...] = ()
    unit: str = ""
    low: float = 0
    high: float = 0
    required: bool = True


@dataclass(frozen=True)
class CheckKind:
    """One kind of check.

    needed   why this patient needs it, or empty
    bad      what is wrong with a result, or empty; `stops` when nobody may accept it
    limits   valid_days always; infusions and exposure_mg bring it forward
    note     what to know before doing it
    """

    key: str
    words: str
    parts: tuple[Part, ...]
    needed: Callable[[Facts], str]
    bad: Callable[[Mapping[str, Any]], str]
    limits: Mapping[str, Figure]
    source: str
    stops: bool = False
    note: str = ""


def _everyone(words: str) -> Callable[[Facts], str]:
    return lambda facts: words


def _yes(facts: Facts, key: str) -> bool:
    known = facts.known.get(key)
    return known is not None and known.value is True


def _word(facts: Facts, key: str) -> Any:
    known = facts.known.get(key)
    return known.value if known else None


def _taking(facts: Facts, *classes: str) -> bool:
    return any(each.classes & set(classes) for each in facts.medicines or ())


def _can_be_pregnant(facts: Facts) -> str:
    if _word(facts, "sex") != "female":
        return ""
    asked = facts.known.get("childbearing")
    if asked is None:
        return "whether she can become pregnant is not on file"
    return "can become pregnant" if asked.value else ""


HEART_RISK = ("hypertension", "angina_unstable", "heart_event", "heart_failure", "heart_severe", "stroke")


def _heart_risk(facts: Facts) -> str:
    age = _word(facts, "age")
    found = [key.replace("_", " ") for key in HEART_RISK if _yes(facts, key)]
    if age is not None and float(age) >= 65:
        found.append(f"{float(age):g} years old")
    return f"raised risk: {', '.join(found)}" if found else ""


def _substances(facts: Facts) -> str:
    found = [key.replace("_", " ") for key in ("substance_use", "ketamine_misuse", "monitoring_pattern") if _yes(facts, key)]
    return f"on file: {', '.join(found)}" if found else ""


def _diabetic(facts: Facts) -> str:
    if _yes(facts, "diabetes"):
        return "diabetes on file"
    return "a diabetes medicine on the list" if _taking(facts, "diabetes") else ""


def _is(part: str, *words: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda result: f"{part.replace('_', ' ')} {result[part]}" if result.get(part) in words else ""


LIVER = ("alt", "ast", "alp", "ggt")
NEW = ("new symptoms",)


def _days(value: float, source: str = CALENDAR) -> dict[str, Figure]:
    return {"valid_days": Figure(value, "d", source, "derived")}


def _ratio(key: str) -> Part:
    return Part(key, key.upper(), unit="x ULN", low=0, high=1000, required=False)


_KINDS = (
    CheckKind(
        "pregnancy_test",
        "Pregnancy test",
        (Part("result", "Result", ("negative", "positive")),),
        _can_be_pregnant,
        _is("result", "positive"),
        {"valid_days": Figure(0, "d", "each treatment day; the cadence is unverified", "unverified")},
        "COHEN18-GC",
        stops=True,
    ),
    CheckKind(
        "ecg",
        "Electrocardiogram",
        (Part("result", "Result", ("normal", "abnormal, reviewed", "abnormal")),),
        _heart_risk,
        _is("result", "abnormal"),
        _days(365),
        "COHEN18-GC: suspected or high cardiovascular risk",
    ),
    CheckKind(
        "blood_pressure",
        "Resting blood pressure",
        (Part("systolic", "Systolic", unit="mmHg", low=40, high=320), Part("diastolic", "Diastolic", unit="mmHg", low=20, high=220)),
        _everyone("for everyone"),
        lambda result: "",
        _days(90),
        "LBL-CH; the rules judge the value",
    ),
    CheckKind(
        "liver_tests",
        "Liver tests",
        (_ratio("alt"), _ratio("ast"), _ratio("alp"), _ratio("ggt")),
        _everyone("a baseline, then before every new series"),
        lambda result: "",
        _days(180)
        | {"infusions": Figure(10, "infusions", "one CRPS series; ours", "derived"), "exposure_mg": Figure(2000, "mg", "ours", "derived")},
        "COHEN18-GC: case by case; NOPP11-LIV",
    ),
    CheckKind(
        "urinalysis",
        "Urinalysis",
        (Part("result", "Result", ("normal", "abnormal, reviewed", "abnormal")),),
        _everyone("a baseline, then by count"),
        _is("result", "abnormal"),
        _days(180)
        | {
            "infusions": Figure(6, "infusions", "clinical rules, section 1.2", "derived"),
            "exposure_mg": Figure(1000, "mg", "ours", "derived"),
        },
        "KIC22; FDA23",
    ),
    CheckKind(
        "bladder_questions",
        "Bladder questions",
        (Part("result", "Result", ("no symptoms", "known symptoms, unchanged", "new symptoms")),),
        _everyone("a baseline, then by count"),
        _is("result", *NEW),
        _days(90) | {"infusions": Figure(3, "infusions", "clinical rules, section 4.10", "derived")},
        "KIC22; FDA23",
    ),
    CheckKind(
        "pdmp_query",
        "Prescription-monitoring query",
        (Part("result", "Result", ("nothing unexpected", "pattern to review")),),
        _everyone("before the first infusion and as the state asks"),
        _is("result", "pattern to review"),
        _days(90),
        "PDMP: state rules differ",
    ),
    CheckKind(
        "drug_screen",
        "Targeted drug screen",
        (
            Part("result", "Result", ("as expected", "unexpected")),
            Part("ketamine", "Tested for ketamine by name", ("targeted test", "standard panel")),
        ),
        _substances,
        _is("result", "unexpected"),
        _days(90),
        "VA-2nd",
        note=STANDARD_PANEL,
    ),
    CheckKind(
        "use_since_last",
        "Use since the last visit",
        (
            Part("result", "Drugs or ketamine outside the clinic", ("nothing of note", "to review")),
            Part("alcohol", "Alcohol", ("none today", "alcohol today")),
        ),
        _everyone("asked at each visit"),
        _is("result", "to review"),
        {"valid_days": Figure(0, "d", "asked on each treatment day; ours", "derived")},
        "FDA23: abuse and misuse",
    ),
    CheckKind(
        "reevaluation",
        "Re-evaluation",
        (Part("result", "Plan", ("continue", "change the plan", "stop")),),
        lambda facts: "",
        _is("result", "stop"),
        _days(90) | {"infusions": Figure(6, "infusions", "clinical rules, section 2.3: re-consent each 6", "derived")},
        "the series is judged before another begins",
    ),
    CheckKind(
        "glucose",
        "Glucose",
        (Part("glucose", "Glucose", unit="mg/dL", low=10, high=1500),),
        _diabetic,
        lambda result: "",
        {"valid_days": Figure(0, "d", "measured on the treatment day; ours", "derived")},
        "clinical rules, section 0 item 12",
    ),
)
CHECKS: Mapping[str, CheckKind] = {kind.key: kind for kind in _KINDS}


def check_of(key: str) -> CheckKind:
    if key not in CHECKS:
        raise UnknownWord("check", key, CHECKS)
    return CHECKS[key]

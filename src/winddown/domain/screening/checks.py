"""Checks that expire: what was done, until when it counts, and what the start gate says when it does not.

The calendar and the count of infusions decide. Exposure may only bring a check forward, never put it off (clinical rules, section 0
item 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from winddown.domain.figures import Figure
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.screening.facts import Facts
from winddown.domain.screening.rule import Limits
from winddown.domain.sessions.gate_line import GateLine, done, missing, review, stop

State = Literal["valid", "due", "missing", "bad", "not_needed"]
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


@dataclass(frozen=True)
class Done:
    """A check that was done: its result, the day, who wrote it, and what was infused since."""

    kind: str
    result: Mapping[str, Any]
    on: date
    by: str = ""
    infusions_since: int = 0
    exposure_since_mg: float = 0.0


@dataclass(frozen=True)
class Standing:
    """How a check stands on a day.

    until   the last day it counts by the calendar, None where it was never done
    why     why this patient needs it
    """

    kind: CheckKind
    state: State
    sentence: str
    why: str = ""
    until: date | None = None
    last: Done | None = None

    @property
    def open(self) -> bool:
        return self.state in ("due", "missing", "bad")


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


def highest_liver(result: Mapping[str, Any]) -> float | None:
    """The highest of the liver tests, as multiples of their upper limit."""
    found = [float(result[part]) for part in LIVER if result.get(part) not in (None, "")]
    return max(found, default=None)


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
OF_THE_DAY: tuple[str, ...] = ("pregnancy_test", "use_since_last", "glucose")


def check_of(key: str) -> CheckKind:
    if key not in CHECKS:
        raise UnknownWord("check", key, CHECKS)
    return CHECKS[key]


def read_result(kind: CheckKind, entered: Mapping[str, str]) -> dict[str, Any]:
    """A result as it is kept. A word that is not on the list and a number that cannot be true are refused, with the bounds."""
    result: dict[str, Any] = {}
    for part in kind.parts:
        text = str(entered.get(part.key, "")).strip()
        if not text:
            if part.required:
                raise Missing(because=f"{part.words} is empty.", way_out="Enter the result.", code="result_missing", where=part.key)
            continue
        result[part.key] = _word_of(part, text) if part.choices else _number_of(part, text)
    if not result:
        raise Missing(
            because=f"{kind.words}: nothing was entered.",
            way_out="Enter at least one value.",
            code="result_missing",
            where=kind.parts[0].key,
        )
    return result


def _word_of(part: Part, text: str) -> str:
    if text not in part.choices:
        raise UnknownWord("result", text, part.choices)
    return text


def _number_of(part: Part, text: str) -> float:
    wrong = OutOfRange(
        because=f"{part.words} {text!r} cannot be: {part.low:g} to {part.high:g} {part.unit}.",
        way_out="Check the number and its unit.",
        code="result_range",
        where=part.key,
    )
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise wrong from None
    if not part.low <= value <= part.high:
        raise wrong
    return value


def result_words(kind: CheckKind, result: Mapping[str, Any]) -> str:
    """A result in words: "ALT 1.2 x ULN, AST 0.8 x ULN"."""
    told = []
    for part in kind.parts:
        if part.key in result:
            value = result[part.key]
            words = str(value) if part.choices else f"{float(value):g} {part.unit}"
            told.append(words if len(kind.parts) == 1 else f"{part.words} {words}")
    return ", ".join(told)


def limits_of(kind: CheckKind, limits: Limits) -> dict[str, Figure]:
    return {**kind.limits, **limits.get(f"check.{kind.key}", {})}


def standing(kind: CheckKind, facts: Facts, last: Done | None, limits: Limits, *, since: date | None = None) -> Standing:
    """How this check stands today.

    since  the day a new series begins to count from: a liver test older than it is due again
    """
    why = kind.needed(facts)
    if not why and last is None:
        return Standing(kind, "not_needed", "Not asked for by what is on file.")
    if last is None:
        return Standing(kind, "missing", f"{kind.words}: none on file ({why}).", why)
    until = last.on + timedelta(days=int(limits_of(kind, limits)["valid_days"].value))
    told = f"{kind.words}: {result_words(kind, last.result)}, {last.on}"
    wrong = kind.bad(last.result)
    if wrong:
        return Standing(kind, "bad", f"{told}.", why, until, last)
    if not why:
        return Standing(kind, "not_needed", f"{told}.", "", until, last)
    over = _over(kind, last, limits_of(kind, limits), until, facts.today, since)
    if over:
        return Standing(kind, "due", f"{told}; {over}.", why, until, last)
    return Standing(kind, "valid", f"{told}, counts until {until}.", why, until, last)


def _over(kind: CheckKind, last: Done, limits: Mapping[str, Figure], until: date, today: date, since: date | None) -> str:
    """Why a result no longer counts; empty while it does."""
    if until < today:
        return f"expired on {until}, today is {today}" if limits["valid_days"].value else f"not of today, {today}"
    count = limits.get("infusions")
    if count is not None and last.infusions_since >= count.value:
        return f"due after {count.value:g} infusions, {last.infusions_since} since"
    exposure = limits.get("exposure_mg")
    if exposure is not None and last.exposure_since_mg >= exposure.value:
        return f"due after {exposure.value:g} mg, {last.exposure_since_mg:g} mg since"
    if kind.key == "liver_tests" and since is not None and last.on < since:
        return f"older than the start of this series, {since}"
    return ""


def standings(facts: Facts, done_checks: Iterable[Done], limits: Limits, *, since: date | None = None) -> list[Standing]:
    """Every check, in the order of the table."""
    newest: dict[str, Done] = {}
    for each in sorted(done_checks, key=lambda each: each.on):
        newest[each.kind] = each
    return [standing(kind, facts, newest.get(kind.key), limits, since=since) for kind in CHECKS.values()]


def gate_lines(found: Sequence[Standing]) -> list[GateLine]:
    """The lines of the start gate: each check this patient needs, with its date."""
    return [_gate_line(each) for each in found if each.state != "not_needed"]


def _gate_line(each: Standing) -> GateLine:
    key = f"check_{each.kind.key}"
    if each.state == "valid":
        return done(key, each.sentence)
    if each.state == "bad" and each.kind.stops:
        return stop(key, each.sentence, "Do not start. Tell the prescriber, and the patient in private.")
    if each.state == "bad":
        return review(key, each.sentence, "A prescriber looks at the result and accepts it with a reason, or stops here.")
    return missing(key, each.sentence, f"Record {each.kind.words.lower()}.{' ' + each.kind.note if each.kind.note else ''}")


def due_on(each: Standing) -> date | None:
    """When this check must be done again: today when it is open, else the last day it counts."""
    return None if each.state == "not_needed" else each.until

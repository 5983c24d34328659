"""What a prescriber decides on a run: accept, defer until, refuse. The reasons are counted, and a new run is held against the old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from winddown.domain.days import in_words
from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.screening.rule import SEVERITIES, Finding
from winddown.domain.sessions.gate_line import GateLine, done, review, stop

Choice = Literal["accept", "defer", "refuse"]
CHOICES: tuple[Choice, ...] = ("accept", "defer", "refuse")
REASONS: Mapping[str, str] = {
    "no_rule_fired": "no rule fired on the data entered",
    "benefit": "expected benefit outweighs what was found",
    "treated_first": "what was found was treated or is being watched",
    "pressure": "blood pressure or heart",
    "pregnancy": "pregnancy or breast-feeding",
    "mind": "psychosis, mania or suicide risk",
    "liver": "liver",
    "bladder": "bladder",
    "substances": "substance use",
    "breathing": "breathing or airway",
    "interaction": "medicine",
    "data_missing": "data are missing",
    "other_treatment": "another treatment comes first",
    "wish": "the patient's wish",
    "support": "no escort or no follow-up possible",
    "other": "another reason",
}
NOT_ASKED = frozenset({"later", "elsewhere"})
ACCEPTING = ("no_rule_fired", "benefit", "treated_first", "other")
FAMILY_REASON: Mapping[str, str] = {
    "heart": "pressure",
    "brain": "other",
    "mind": "mind",
    "pregnancy": "pregnancy",
    "liver": "liver",
    "metabolism": "other",
    "breathing": "breathing",
    "bladder": "bladder",
    "substances": "substances",
    "allergy": "other",
    "person": "other",
    "day": "support",
    "interactions": "interaction",
}


@dataclass(frozen=True)
class Decided:
    """The decision in force, as the gate sees it.

    findings    what had fired in the run it was taken on, by rule, with severity
    overridden  rules set aside, with the reason
    """

    choice: Choice
    on: date
    by: str
    until: date | None = None
    words: str = ""
    findings: Mapping[str, str] = None  # type: ignore[assignment]
    overridden: Mapping[str, str] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", dict(self.findings or {}))
        object.__setattr__(self, "overridden", dict(self.overridden or {}))


def check_decision(
    choice: str, reasons: Sequence[str], findings: Iterable[Finding], overrides: Mapping[str, str], *, until: date | None, today: date
) -> None:
    """Refuse a decision that cannot be kept: without a reason that counts, without a day, or past a rule that excludes without a reason."""
    if choice not in CHOICES:
        raise UnknownWord("decision", choice, CHOICES)
    for reason in reasons:
        if reason not in REASONS:
            raise UnknownWord("reason", reason, REASONS)
    if choice == "accept":
        _check_overrides(findings, overrides)
    elif not reasons:
        raise Missing(
            because="No reason is chosen.", way_out="Choose at least one: they are counted.", code="reason_missing", where="reasons"
        )
    if choice == "defer" and (until is None or until <= today):
        raise OutOfRange(
            because=f"Deferred until {in_words(until) if until else 'no day'}: it must be after today, {in_words(today)}.",
            way_out="Choose a later day.",
            code="defer_until",
            where="until",
        )


def needs_override(finding: Finding) -> bool:
    """What a prescriber can only pass with a reason: an exclusion or a review that fired."""
    return finding.outcome == "fired" and finding.severity in ("exclude", "review")


def _check_overrides(findings: Iterable[Finding], overrides: Mapping[str, str]) -> None:
    for finding in findings:
        if needs_override(finding) and not overrides.get(finding.rule, "").strip():
            raise Missing(
                because=f"{finding.title}: {finding.sentence} No reason is given to treat all the same.",
                way_out="Write the reason beside it, or defer or refuse.",
                code="override_reason",
                where=f"override_{finding.rule}",
            )


@dataclass(frozen=True)
class Change:
    """One rule that says something else than before."""

    rule: str
    title: str
    before: str
    after: str
    worse: bool


def compared(before: Iterable[Finding], after: Iterable[Finding]) -> list[Change]:
    """What changed from one run to the next, gravest first; what one of the two did not ask is no change."""
    old = {finding.rule: finding for finding in before}
    changes = []
    for finding in after:
        last = old.get(finding.rule)
        if NOT_ASKED & {finding.outcome, last.outcome if last else ""}:
            continue
        held, now = _state(last), _state(finding)
        if held != now or (last is not None and finding.outcome == "fired" and last.sentence != finding.sentence):
            changes.append(Change(finding.rule, finding.title, _told(last), _told(finding), _grave(finding) > _grave(last)))
    return sorted(changes, key=lambda change: not change.worse)


def _state(finding: Finding | None) -> tuple[str, str]:
    return ("none", "") if finding is None else (finding.outcome, finding.severity)


def _told(finding: Finding | None) -> str:
    if finding is None:
        return "not in that run"
    return finding.sentence or "did not fire"


def _grave(finding: Finding | None) -> int:
    if finding is None or finding.outcome not in ("fired", "missing"):
        return 0
    return 1 if finding.outcome == "missing" else 2 + SEVERITIES.index(finding.severity)


def gate_line(decided: Decided | None, today: date) -> GateLine:
    """The decision as a line of the start gate."""
    ask = "A prescriber opens the screening page and decides."
    if decided is None:
        return stop("screening", "No screening decision on file.", ask)
    if decided.choice == "refuse":
        return stop("screening", f"Refused by {decided.by} on {in_words(decided.on)}{_because(decided)}", ask)
    if decided.choice == "defer":
        told = f"Deferred by {decided.by} until {in_words(decided.until) if decided.until else 'no day'}"
        if decided.until is not None and decided.until > today:
            return stop("screening", f"{told}, today is {in_words(today)}{_because(decided)}", ask)
        return stop("screening", f"{told}: that day has come, and nothing new is decided.", ask)
    count = len(decided.overridden)
    told = f" {count} rule{'s' if count > 1 else ''} overridden with a reason." if count else ""
    return done("screening", f"Accepted by {decided.by} on {in_words(decided.on)}.{told}")


def _because(decided: Decided) -> str:
    return f": {decided.words}." if decided.words else "."


def changed_lines(decided: Decided | None, findings: Iterable[Finding]) -> list[GateLine]:
    """What fires today and had not fired, or not so gravely, when the decision was taken."""
    if decided is None or decided.choice != "accept":
        return []
    lines = []
    for finding in findings:
        if finding.outcome != "fired" or finding.severity == "caution" or finding.family == "day":
            continue
        held = decided.findings.get(finding.rule, "")
        if held and SEVERITIES.index(held) >= SEVERITIES.index(finding.severity):
            continue
        key, told = f"screening_{finding.rule}", f"New since the decision of {in_words(decided.on)}: {finding.sentence}"
        if finding.severity == "exclude":
            lines.append(stop(key, told, f"{finding.do} A prescriber decides anew on the screening page.".strip()))
        else:
            lines.append(review(key, told, f"{finding.do} A prescriber accepts with a reason, or decides anew.".strip()))
    return lines

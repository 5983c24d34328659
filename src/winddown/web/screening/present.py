"""Findings, checks and decisions as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from winddown.domain.screening.checks import Standing
from winddown.domain.screening.data import ITEMS
from winddown.domain.screening.decide import needs_override
from winddown.domain.screening.rule import Finding
from winddown.web.orders.words import FIGURE_STATUS
from winddown.web.screening.words import CHECK_STATES, CHECKS, FAMILIES, SEVERITIES


@dataclass(frozen=True)
class Shown:
    """One finding as a card."""

    finding: Finding
    head: Any
    level: str
    shape: str
    family: Any
    status: Any
    status_level: str
    asks: bool
    reason: str


def shown(finding: Finding, reasons: Mapping[str, str]) -> Shown:
    head, level = SEVERITIES.get(finding.severity, ("", "unknown"))
    words, status_level = FIGURE_STATUS[finding.status]
    reason = reasons.get(finding.rule, "")
    return Shown(
        finding,
        head,
        level,
        "act" if level == "act" else "watch",
        FAMILIES.get(finding.family, finding.family),
        words,
        status_level,
        needs_override(finding),
        reason,
    )


def fired(findings: Iterable[Finding], reasons: Mapping[str, str] | None = None) -> list[Shown]:
    return [shown(finding, reasons or {}) for finding in findings if finding.outcome == "fired"]


@dataclass(frozen=True)
class Lacking:
    """One item that is not on file, and the rules that wait for it."""

    key: str
    label: str
    check: str
    chart: str
    rules: str


FROM_A_CHECK = {
    "systolic": "blood_pressure",
    "diastolic": "blood_pressure",
    "liver_ratio": "liver_tests",
    "glucose": "glucose",
    "pregnancy_test": "pregnancy_test",
    "drug_screen": "drug_screen",
}
FROM_THE_CHART = {"bmi": "height", "allergies": "allergy", "medicines": "medicine"}


def lacking(findings: Iterable[Finding]) -> list[Lacking]:
    """What is missing, each item once, with where it is recorded."""
    waiting: dict[str, list[str]] = {}
    for finding in findings:
        for key in finding.missing:
            waiting.setdefault(key, []).append(finding.title)
    return [
        Lacking(key, ITEMS[key].label, FROM_A_CHECK.get(key, ""), FROM_THE_CHART.get(key, ""), ", ".join(titles))
        for key, titles in waiting.items()
    ]


def rest(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Rules that stayed quiet, wait for the day, or belong to another track, by family."""
    by_family: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.outcome in ("quiet", "later", "elsewhere"):
            by_family.setdefault(finding.family, []).append(finding)
    return [{"words": FAMILIES.get(family, family), "findings": rows} for family, rows in by_family.items()]


def check_lines(found: Iterable[Standing]) -> list[dict[str, Any]]:
    """Every check with its state in words; those that are open first."""
    lines = []
    for each in found:
        words, level = CHECK_STATES[each.state]
        lines.append(
            {"each": each, "title": CHECKS[each.kind.key], "state": words, "level": level, "open": each.open, "key": each.kind.key}
        )
    return sorted(lines, key=lambda line: (not line["open"], line["each"].state == "not_needed"))

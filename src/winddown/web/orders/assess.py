"""One look at an entry: the order worked out, what the limits say, what the model foresees, or the refusal that stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.dosing.finding import Finding, worst
from winddown.domain.dosing.order import OrderDraft
from winddown.domain.dosing.protocol import Protocol, decimal_of
from winddown.domain.dosing.rescue import may_give
from winddown.domain.dosing.weights import Weights, weights
from winddown.domain.quantities import display, format_decimal, parse_decimal
from winddown.domain.refusals import Refusal
from winddown.record.models import Course
from winddown.services import orders, rescue
from winddown.services.foresight import foresee
from winddown.services.patients import PatientCard
from winddown.web.orders.entry import Entry
from winddown.web.orders.foreseen import shown

LEVELS = {"stop": "act", "two_signatures": "watch", "ask": "watch"}
HEADS = {"stop": __("Stops"), "two_signatures": __("Needs two signatures"), "ask": __("Asks for a reason")}


@dataclass(frozen=True)
class Assessment:
    """What the page draws beside the form. `refusal` when no order could be worked out."""

    draft: OrderDraft | None
    findings: tuple[Finding, ...]
    refusal: Refusal | None
    forecast: dict[str, Any] | None
    no_forecast: str
    stay_min: float

    @property
    def stops(self) -> bool:
        return self.refusal is not None or worst(self.findings) == "stop"

    @property
    def two_signatures(self) -> bool:
        return worst(self.findings) == "two_signatures"


def assess(course: Course, entry: Entry, *, now: datetime) -> Assessment:
    """Nothing is written. The same verbs as at writing, so what is shown is what will be judged."""
    stay = orders.supervision_of(course.protocol).recovery.minimum_stay_min.value
    try:
        draft, findings = orders.preview(course, entry.request_data(course.patient))
    except Refusal as refusal:
        return Assessment(None, (), refusal, None, "", stay)
    try:
        foreseen = foresee(draft, course.patient, now=now, icd10=course.icd10)
        return Assessment(draft, findings, None, shown(foreseen.as_data(), foreseen.finish_min, stay), "", stay)
    except Refusal as why:
        return Assessment(draft, findings, None, None, str(why), stay)


def finding_lines(findings: Sequence[Finding], reasons: dict[str, str]) -> list[dict[str, Any]]:
    """Findings as the page draws them: color, shape and words, and a field for the reason where one is wanted."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity,
            "level": LEVELS[finding.severity],
            "shape": "act" if finding.severity == "stop" else "person" if finding.severity == "two_signatures" else "watch",
            "head": HEADS[finding.severity],
            "sentence": finding.sentence,
            "way_out": finding.way_out,
            "source": finding.source,
            "asks": finding.severity != "stop",
            "reason": reasons.get(finding.code, ""),
        }
        for finding in findings
    ]


def weight_choice(entry: Entry, protocol: Protocol, sex: str) -> dict[str, Any]:
    """The three weights, and whether one of them has to be chosen. Nothing is chosen for the prescriber from the limit on."""
    limit = decimal_of(protocol.dosing.choose_basis_from_bmi)
    try:
        found = weights(parse_decimal(entry.values["weight_kg"]), _height(entry), sex)  # type: ignore[arg-type]
    except Refusal:
        return {"known": False, "choices": [], "must": False, "chosen": entry.values["basis"], "limit": format_decimal(limit)}
    must = found.bmi is None or found.bmi >= limit
    return {
        "known": True,
        "bmi": display(found.bmi, 1) if found.bmi is not None else "",
        "limit": format_decimal(limit),
        "must": must,
        "chosen": entry.values["basis"],
        "actual": display(found.actual_kg, 1),
        "choices": _choices(found, protocol) if must or entry.values["basis"] else [],
    }


def _height(entry: Entry) -> Decimal | None:
    text = entry.values["height_cm"]
    return parse_decimal(text) if text else None


def _choices(found: Weights, protocol: Protocol) -> list[dict[str, Any]]:
    told = {
        "actual": (_("Actual weight"), found.actual_kg),
        "ideal": (_("Ideal weight (Devine)"), found.ideal_kg),
        "adjusted": (_("Adjusted weight"), found.adjusted_kg),
    }
    return [
        {"key": key, "words": told[key][0], "kg": display(kg, 1) if kg is not None else ""}
        for key in protocol.dosing.weight_bases
        for kg in [told[key][1]]
    ]


def allergy_lines(entry: Entry, card: PatientCard, *, now: datetime) -> dict[str, str]:
    """By line key, what the patient's allergies say against it; every line is held against them, ordered or not."""
    found = {}
    for line in entry.lines:
        try:
            read = rescue.read_lines([{**line.as_data(), "dose": "1 mg", "route": "any", "maximum_doses": "", "interval_min": ""}])[0]
        except Refusal:
            continue
        stops = [each for each in may_give(read, (), now, allergies=card.allergies) if each.severity == "stop"]
        if stops:
            found[line.key] = stops[0].sentence
    return found


def phase_rows(draft: OrderDraft) -> list[dict[str, str]]:
    """mg, mL, mg/h, mg/kg/h and mcg/kg/min side by side for each stretch, with the bound that set it."""
    return [dict(row) for row in draft.figures()["phases"]]

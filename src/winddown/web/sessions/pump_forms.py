"""The forms of the pump and the line. Nothing here commands a pump: a form records what a person does at it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from winddown.domain.dosing import limits
from winddown.domain.dosing.finding import Finding
from winddown.domain.quantities import display, format_decimal, mg_per_h, mg_per_kg, mg_per_kg_per_h, parse_decimal
from winddown.domain.refusals import Refusal
from winddown.record.models import Staff
from winddown.web.sessions.chart import rate_findings
from winddown.web.sessions.fields import Number, Tick, Tiles, Words
from winddown.web.sessions.forms import ActForm
from winddown.web.sessions.sight import Sight

HOLD_REASONS = [
    ("high pressure", _("High pressure")),
    ("low saturation", _("Low saturation")),
    ("too sedated", _("Too sedated")),
    ("distress", _("Distress")),
    ("the patient asks to stop", _("Patient asks to stop")),
    ("nausea", _("Nausea")),
    ("IV site", _("IV site")),
    ("monitor lost", _("Monitor lost")),
    ("toilet", _("Toilet")),
]
STOP_REASONS = [*HOLD_REASONS[:-1], ("third hold", _("Third hold")), ("prescriber's order", _("Prescriber's order"))]
RATE_REASONS = [
    ("titration by protocol", _("By the protocol's step")),
    ("prescriber's order", _("Prescriber's order")),
    ("too much effect", _("Too much effect")),
    ("too little effect", _("Too little effect")),
    ("high pressure", _("High pressure")),
    ("nausea", _("Nausea")),
]


class JudgedForm(ActForm):
    """A number that the order's limits judge while it is typed: what asks gets a reason field, what stops says so."""

    judged: ClassVar[str] = "rate_ml_per_h"
    findings: tuple[Finding, ...] = ()
    as_fact = Tick(label=_("The pump already runs so: record it as a fact"), required=False)

    def prepare(self) -> None:
        text = str(self.data.get(self.judged, "") or self.initial.get(self.judged, "") or "")
        try:
            self.findings = tuple(self.judge(parse_decimal(text))) if text else ()
        except Refusal:
            self.findings = ()
        for finding in self.findings:
            if finding.severity == "ask":
                self.fields[f"reason_{finding.code}"] = Words(label=f"{finding.sentence} {finding.way_out}", rows=1, required=False)

    def judge(self, value: Decimal) -> Iterable[Finding]:
        return rate_findings(self.sight, value)

    @property
    def reasons(self) -> dict[str, str]:
        return {name.removeprefix("reason_"): text for name, text in self.cleaned_data.items() if name.startswith("reason_") and text}

    @property
    def reason_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("reason_")]

    @property
    def stops(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity != "ask"]


def rate_words(sight: Sight, rate: Decimal | None) -> str:
    """The same rate in the units of the order: '52.5 mg/h, 0.75 mg/kg/h'."""
    if rate is None:
        return ""
    per_hour = mg_per_h(rate, sight.strength_mg_per_ml)
    return f"{display(per_hour, 1)} mg/h, {display(mg_per_kg_per_h(per_hour, sight.draft.dosing_weight_kg), 2)} mg/kg/h"


class StartForm(JudgedForm):
    """The rate as ordered, confirmed; another number is possible and judged."""

    rate_ml_per_h = Number(label=_("Rate on the pump"), unit="mL/h", decimals=True)

    def __init__(self, *args: Any, sight: Sight, staff: Staff, **more: Any) -> None:
        first = sight.draft.phases[0].rate_ml_per_h
        more["initial"] = {"rate_ml_per_h": format_decimal(first)} | (more.get("initial") or {})
        super().__init__(*args, sight=sight, staff=staff, **more)
        self.fields["rate_ml_per_h"].help_text = _("Ordered: %(rate)s mL/h, %(words)s.") % {
            "rate": format_decimal(first),
            "words": rate_words(sight, first),
        }


class RateForm(JudgedForm):
    rate_ml_per_h = Number(label=_("New rate"), unit="mL/h", decimals=True)
    because = Tiles(label=_("Why"), options=RATE_REASONS, other="because_other", required=False)
    because_other = Words(label=_("Another reason"), rows=1, required=False)

    def prepare(self) -> None:
        super().prepare()
        now = self.sight.dose.rate_ml_per_h
        if now is not None:
            words = {"rate": format_decimal(now), "words": rate_words(self.sight, now)}
            self.fields["rate_ml_per_h"].help_text = _("Now %(rate)s mL/h, %(words)s.") % words


class HoldForm(ActForm):
    one_tap = "because"
    because = Tiles(label=_("Why was the pump paused?"), options=HOLD_REASONS, other="because_other", required=False)
    because_other = Words(label=_("Another reason"), rows=1, required=False)


class ResumeForm(ActForm):
    """The rate before the hold, or less."""

    rate_ml_per_h = Number(label=_("Rate on the pump"), unit="mL/h", decimals=True)
    as_fact = Tick(label=_("The pump already runs so: record it as a fact"), required=False)

    def __init__(self, *args: Any, sight: Sight, staff: Staff, **more: Any) -> None:
        before = sight.dose.rate_before_hold_ml_per_h
        found = {"rate_ml_per_h": format_decimal(before)} if before is not None else {}
        more["initial"] = found | (more.get("initial") or {})
        super().__init__(*args, sight=sight, staff=staff, **more)
        if before is not None:
            words = {"rate": format_decimal(before), "words": rate_words(sight, before)}
            self.fields["rate_ml_per_h"].help_text = _("Before the hold %(rate)s mL/h, %(words)s. Resume at that or less.") % words


class StopForm(ActForm):
    because = Tiles(label=_("Why is it stopped?"), options=STOP_REASONS, other="because_other", required=False)
    because_other = Words(label=_("Another reason"), rows=1, required=False)


class BolusForm(JudgedForm):
    judged = "volume_ml"
    volume_ml = Number(label=_("Volume"), unit="mL", decimals=True)
    over_s = Number(label=_("Over"), unit="s", max_digits=4)
    as_fact = Tick(label=_("It was given already: record it as a fact"), required=False)

    def judge(self, value: Decimal) -> Iterable[Finding]:
        return limits.check_bolus(value, self.sight.draft)

    def prepare(self) -> None:
        super().prepare()
        strength = self.sight.strength_mg_per_ml
        per_kg = mg_per_kg(strength, self.sight.draft.dosing_weight_kg)
        words = {"mg": display(strength, 2), "per_kg": display(per_kg, 3)}
        self.fields["volume_ml"].help_text = _("1 mL is %(mg)s mg, %(per_kg)s mg/kg.") % words


class FlushForm(ActForm):
    volume_ml = Number(label=_("Volume"), unit="mL", decimals=True)
    over_s = Number(label=_("Over"), unit="s")

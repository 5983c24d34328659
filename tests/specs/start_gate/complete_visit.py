"""A visit with every start criterion recorded, and the short language in which the page changes one thing of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from winddown.domain.sessions.blocks import StartGate
from winddown.domain.sessions.gate_line import Acceptance, GateLine
from winddown.domain.sessions.start_gate import ConsentFacts, Credential, OrderFacts, Visit, check
from winddown.domain.sessions.story import Event
from winddown.domain.sessions.supervision import default_supervision, read_supervision

TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in Ohio
ZONE = ZoneInfo("America/New_York")
RULES = read_supervision(default_supervision("pain"))

FACTS: dict[str, dict[str, Any]] = {
    "checked_in": {"chair": "3"},
    "identity_confirmed": {"method": "name and date of birth"},
    "consent_seen": {"consent_ref": "C-1", "signed_on": "2026-02-20"},
    "weight_measured": {"weight_kg": "70"},
    "allergies_confirmed": {"words": "none known"},
    "fasting_recorded": {"last_solid_at": "2026-03-02T06:00:00+00:00", "last_clear_at": "2026-03-02T12:00:00+00:00"},
    "escort_named": {"name": "Ana Ortiz", "phone": "555-0100"},
    "baseline_taken": {
        "systolic": "124",
        "diastolic": "78",
        "pulse_rate": "72",
        "respiratory_rate": "14",
        "spo2": "98",
        "moaas": "5",
        "cadss6": "0",
        "pain": "7",
        "nausea": "0",
        "room_air": True,
    },
    "iv_site_checked": {"limb": "left arm", "finding": "clear"},
    "bag_hung": {"bag": "B-7", "concentration_mg_per_ml": "1", "volume_ml": "35", "use_by": "2026-03-02T20:00:00+00:00"},
    "pump_read_back": {"drug": "ketamine", "concentration_mg_per_ml": "1", "rate_ml_per_h": "52.5", "volume_ml": "35"},
    "monitor_matched": {"device": "monitor-3", "monitor_pulse": "72", "felt_pulse": "74"},
    "supervisor_named": {"staff": "Dr. Reyes"},
}

ORDER = OrderFacts("ketamine", Decimal(70), Decimal(1), Decimal("52.5"), Decimal(35), "Dr. Reyes", True, "right arm")
CONSENT = ConsentFacts(date(2026, 2, 20), date(2026, 8, 20))


@dataclass
class Case:
    facts: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: dict(data) for kind, data in FACTS.items()})
    minutes_before: dict[str, float] = field(default_factory=dict)
    second: str | None = "Lee"
    order: OrderFacts | None = ORDER
    consent: ConsentFacts | None = CONSENT
    credentials: list[Credential] = field(
        default_factory=lambda: [Credential("Kim", role, date(2027, 1, 1)) for role in ("ACLS", "sedation")]
    )
    acceptances: list[Acceptance] = field(default_factory=list)

    def events(self) -> list[Event]:
        told = []
        for place, (kind, data) in enumerate(self.facts.items()):
            happened_at = TEN - timedelta(minutes=self.minutes_before.get(kind, 10))
            second = self.second if kind == "pump_read_back" else None
            told.append(Event(f"e{place}", place, kind, happened_at, happened_at, "Kim", data, second=second))
        return told

    def lines(self, *, at: datetime = TEN, rules: StartGate = RULES.start_gate) -> dict[str, GateLine]:
        visit = Visit(at=at, planned_start=at, zone=ZONE)
        found = check(
            rules,
            self.events(),
            visit,
            order=self.order,
            consent=self.consent,
            credentials=self.credentials,
            acceptances=self.acceptances,
        )
        return {line.key: line for line in found}


def changed(words: str) -> Case:
    """Apply the page's words to a complete visit: one change each, joined by ';'."""
    case = Case()
    for part in (each.strip() for each in words.split(";") if each.strip()):
        verb, _, rest = part.partition(" ")
        if verb == "without":
            _without(case, rest)
        elif verb == "accept":
            _accept(case, rest)
        else:
            _change(case, verb, dict(pair.split("=", 1) for pair in rest.split(", ")))
    return case


def _without(case: Case, what: str) -> None:
    if what in ("order", "consent"):
        setattr(case, what, None)
    elif what == "second":
        case.second = None
    elif what == "credentials":
        case.credentials = []
    else:
        del case.facts[what]


def _accept(case: Case, words: str) -> None:
    line, _, rest = words.partition(" ")
    case.acceptances.append(Acceptance(line, "Dr. Reyes", "known white coat", TEN, bedside="bedside" in rest))


def _change(case: Case, what: str, pairs: dict[str, str]) -> None:
    if what == "order":
        case.order = replace(case.order, **{key: _order_value(key, value) for key, value in pairs.items()})  # type: ignore[type-var]
    elif what == "consent":
        case.consent = replace(case.consent, **{key: date.fromisoformat(value) for key, value in pairs.items()})  # type: ignore[type-var]
    elif what == "credential":
        case.credentials = [
            Credential("Kim", each.role, date.fromisoformat(pairs.get(each.role, "2027-01-01"))) for each in case.credentials
        ]
    elif "minutes_ago" in pairs:
        case.minutes_before[what] = float(pairs["minutes_ago"])
    else:
        case.facts.setdefault(what, {}).update(pairs)


def _order_value(key: str, value: str) -> object:
    if key in ("drug", "signed_by", "affected_limb"):
        return value
    return value == "yes" if key == "locked" else Decimal(value)

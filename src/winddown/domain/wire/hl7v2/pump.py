"""What an infusion pump reports (IHE PCD-10 events, and periodic status under the same codes). We read it; we never program a pump.

A pump knows three delivery events: start, stop and complete. A change of rate is a stop that is "transitioning" and a start at the new
rate; a pause and a final stop look the same, and only a person can say which it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from winddown.domain.wire.hl7v2 import rows
from winddown.domain.wire.hl7v2.codes import unit_of
from winddown.domain.wire.hl7v2.observation import Clock
from winddown.domain.wire.hl7v2.rows import Row
from winddown.domain.wire.hl7v2.tokens import Tokens, value_of

EVENT = 68487
EVENTS = {197288: "started", 197290: "stopped", 197292: "completed"}  # 197290 lies between the two that were seen in captured messages
INFUSING_STATUS, DELIVERY_STATUS, NOT_DELIVERING_REASON, DELIVERY_MODE = 184519, 158005, 158006, 158008
CURRENT_RATE, PROGRAMMED_RATE, DOSE_RATE = 158014, 157784, 157924
TO_BE_INFUSED, REMAINING, DELIVERED_TOTAL, TIME_REMAINING = 157884, 157872, 157993, 157916
DRUG_LABEL, CONCENTRATION, PATIENT_WEIGHT = 184514, 157760, 68063
PUMP_SYSTEMS = frozenset({69985, 69986, 70049, 70050, 70053, 70057})
PUMP_CODES = (
    frozenset({EVENT, INFUSING_STATUS, DELIVERY_STATUS, CURRENT_RATE, PROGRAMMED_RATE, DELIVERED_TOTAL, TO_BE_INFUSED}) | PUMP_SYSTEMS
)
_KETAMINE = {
    "ketamine": "ketamine",
    "ketamine hydrochloride": "ketamine",
    "ketalar": "ketamine",
    "esketamine": "esketamine",
    "s-ketamine": "esketamine",
    "s(+)-ketamine": "esketamine",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A number that could not be put into our unit: kept as sent."""

    code: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class PumpReport:
    """One report of one pump. None means "not said", never zero.

    event          started | stopped | transitioning (a stop before a change of rate) | completed | other | "" (periodic status)
    rate_ml_per_h  what flows now; `programmed_rate_ml_per_h` is what is set
    drug_key       ketamine | esketamine | other | "" when no drug was named. Only the first two may touch a ketamine administration
    unconverted    numbers in units that we do not convert by a guess
    """

    event: str
    event_code: int | None
    happened_at: datetime | None
    zone_assumed: bool
    equipment_id: str
    infusing: bool | None
    delivery_status: str
    not_delivering_reason: str
    rate_ml_per_h: Decimal | None
    programmed_rate_ml_per_h: Decimal | None
    dose_rate: Decimal | None
    dose_rate_unit: str
    to_be_infused_ml: Decimal | None
    infused_ml: Decimal | None
    remaining_ml: Decimal | None
    drug: str
    drug_key: str
    concentration_mg_per_ml: Decimal | None
    weight_kg: Decimal | None
    order_id: str
    unconverted: tuple[Measured, ...]


class _Values:
    """The pump's rows by code, with their numbers."""

    def __init__(self, tokens: Tokens, found: Sequence[Row]) -> None:
        self.tokens = tokens
        self.rows = {row.code.mdc: row for row in reversed(found) if row.code.mdc is not None}
        self.unconverted: list[Measured] = []

    def number(self, code: int, unit: str) -> Decimal | None:
        row = self.rows.get(code)
        text = rows.number(row.value) if row else None
        if row is None or (text is None and not row.value):
            return None
        if text is None or unit_of(self.tokens.components(row.unit)) != unit:
            self.unconverted.append(Measured(row.code.text, row.value[:80], row.unit[:80]))
            return None
        return Decimal(text)

    def words(self, code: int) -> str:
        """The text of a row: of a coded value the second component when the first is empty."""
        row = self.rows.get(code)
        parts = self.tokens.components(row.value) if row else [""]
        return next((part.strip() for part in parts if part.strip()), "")


def is_pump(found: Sequence[Row]) -> bool:
    """Whether the rows come from an infusion pump."""
    return any(row.code.mdc in PUMP_CODES for row in found)


def drug_key(drug: str) -> str:
    """`ketamine`, `esketamine`, `other`, or "" for no name."""
    word = " ".join(drug.lower().split())
    return _KETAMINE.get(word, "other") if word else ""


def read(tokens: Tokens, found: Sequence[Row], clock: Clock) -> PumpReport:
    """The report of a pump's rows; the first of two rows with the same code counts."""
    values = _Values(tokens, found)
    status = values.words(DELIVERY_STATUS).removeprefix("pump-delivery-status-")
    event_code = _event_code(tokens, values)
    when = values.rows.get(EVENT) or found[0]
    stamp = clock.of_row(when)[0]
    drug = values.words(DRUG_LABEL) or _ordered_drug(tokens, when.order)
    dose = values.rows.get(DOSE_RATE)
    dose_unit = (unit_of(tokens.components(dose.unit)) if dose else None) or ""
    return PumpReport(
        event=_event(event_code, status),
        event_code=event_code,
        happened_at=stamp.at if stamp else None,
        zone_assumed=stamp.zone_assumed if stamp else False,
        equipment_id=when.equipment,
        infusing={"pump-status-infusing": True, "pump-status-not-infusing": False}.get(values.words(INFUSING_STATUS)),
        delivery_status=status,
        not_delivering_reason=values.words(NOT_DELIVERING_REASON),
        rate_ml_per_h=values.number(CURRENT_RATE, "mL/h"),
        programmed_rate_ml_per_h=values.number(PROGRAMMED_RATE, "mL/h"),
        dose_rate=values.number(DOSE_RATE, dose_unit) if dose_unit else None,
        dose_rate_unit=dose_unit,
        to_be_infused_ml=values.number(TO_BE_INFUSED, "mL"),
        infused_ml=values.number(DELIVERED_TOTAL, "mL"),
        remaining_ml=values.number(REMAINING, "mL"),
        drug=drug,
        drug_key=drug_key(drug),
        concentration_mg_per_ml=values.number(CONCENTRATION, "mg/mL"),
        weight_kg=values.number(PATIENT_WEIGHT, "kg"),
        order_id=rows.components(value_of(when.order, 3), tokens)[0],
        unconverted=tuple(values.unconverted),
    )


def _event_code(tokens: Tokens, values: _Values) -> int | None:
    row = values.rows.get(EVENT)
    return rows.code(row.value, tokens).mdc if row else None


def _event(code: int | None, status: str) -> str:
    if code is None:
        return ""
    event = EVENTS.get(code, "other")
    return "transitioning" if event == "stopped" and status == "transitioning" else event


def _ordered_drug(tokens: Tokens, order: list[str]) -> str:
    """OBR-4 text of a PCD-10 message names the drug, unless it is an MDC term for the kind of message."""
    parts = [*tokens.components(value_of(order, 4)), ""]
    return "" if parts[1].startswith("MDC_") else parts[1]

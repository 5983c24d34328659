"""Vital signs out of OBX rows. Every one is reported; one that is no reading has no value and says why.

The status of OBX-11 is taken as IHE PCD TF-2 appendix B.8 uses it: R is the ordinary raw value of a live monitor, F one a person has
validated, X one that could not be obtained. A row marked X that still carries a value keeps it and is not verified.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from winddown.domain.wire.hl7v2 import rows, times
from winddown.domain.wire.hl7v2.codes import converted, our_unit, unit_of
from winddown.domain.wire.hl7v2.rows import Row
from winddown.domain.wire.hl7v2.tokens import Separators, Tokens, value_of

PROBLEMS: dict[str, str] = {
    "withdrawn": "the device withdrew this value",
    "no_result": "the device says there is no result yet",
    "invalid": "the device marked the measurement invalid",
    "not_available": "the device says the measurement is not available",
    "questionable": "the device marked the measurement questionable",
    "not_obtained": "the device could not obtain a value",
    "empty": "the device sent no value",
    "several_values": "the device sent several values in one row",
    "not_a_number": "the value is not a number",
    "sentinel": "the number is a code for 'no measurement'",
    "no_signal": "zero here means no signal, a probe or lead off",
    "unit_missing": "the device sent no unit",
    "unit_unknown": "the unit is unknown for this vital sign; the value was not converted",
}
VERIFIED = frozenset("FCUR")
_WITHDRAWN, _NO_RESULT = frozenset("DW"), frozenset("NOI")
_NOT_AVAILABLE, _QUESTIONABLE, _DEMO = {"NAV", "BUSY"}, {"QUES", "CALIB", "EARLY"}, {"TEST", "DEMO"}
_SENTINELS = frozenset({-999.0, -9999.0, -99.0, -100.0, -1.0, 9999.0, 32767.0, 32768.0, -32768.0, 65535.0, 8388607.0, 2147483647.0})
_ZERO_IS_A_READING = frozenset({"respiratory_rate", "etco2", "perfusion_index"})  # not breathing is a reading; a pulse of 0 is a lead off
_KEPT_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Observation:
    """One vital sign as the device sent it.

    value          in `unit` (ours), None when it is no reading; `problem` says why (a key of PROBLEMS)
    observed_at    aware UTC from OBX-14, else OBR-7, else MSH-7 (`time_source`: row, order, message); None when none was a time
    zone_assumed   the stamp had no offset of its own
    time_problem   "" or how the time was doubtful
    verified       False when the device did not stand behind the value
    demo           test or demonstration data
    """

    kind: str
    value: float | None
    unit: str
    observed_at: datetime | None
    zone_assumed: bool
    time_source: str
    time_problem: str
    status: str
    verified: bool
    demo: bool
    equipment_id: str
    channel: str
    reference_range: str
    raw_value: str
    raw_unit: str
    code: str
    problem: str | None


@dataclass(slots=True)
class Clock:
    """The times of one message, each text parsed once."""

    defaults: times.Defaults
    component: str
    _seen: dict[str, times.Stamp | None] = field(default_factory=dict)

    def read(self, text: str) -> times.Stamp | None:
        """The stamp of a raw TS field; its second component (degree of precision) is not looked at."""
        if text not in self._seen:
            self._seen[text] = times.parse(text.split(self.component, 1)[0].strip(), self.defaults)
        return self._seen[text]

    def of_row(self, row: Row) -> tuple[times.Stamp | None, str, str]:
        """Stamp, source and problem of a row's time."""
        unreadable = ""
        for source, text in (("row", row.time), ("order", value_of(row.order, 7))):
            stamp = self.read(text) if text else None
            if stamp:
                return stamp, source, stamp.problem or unreadable
            if text and text != '""':
                unreadable = f"{source}_time_unreadable"
        if self.defaults.sent_at is None:
            return None, "", "no_time"
        return times.Stamp(self.defaults.sent_at, True), "message", unreadable


def read(tokens: Tokens, found: Iterable[Row], clock: Clock, *, demo: bool) -> tuple[Observation, ...]:
    """The rows that carry a vital sign we know."""
    return tuple(_observation(tokens, row, row.code.kind, clock, demo) for row in found if row.code.kind)


def _observation(tokens: Tokens, row: Row, kind: str, clock: Clock, demo: bool) -> Observation:
    stamp, source, time_problem = clock.of_row(row)
    unit = _unit(row.unit, tokens)
    value, problem = _value(tokens, row, kind, unit)
    return Observation(
        kind=kind,
        value=value,
        unit=our_unit(kind) if value is not None else "",
        observed_at=stamp.at if stamp else None,
        zone_assumed=stamp.zone_assumed if stamp else False,
        time_source=source,
        time_problem=time_problem,
        status=row.status,
        verified=row.status in VERIFIED and not _QUESTIONABLE.intersection(row.flags),
        demo=demo or not _DEMO.isdisjoint(row.flags),
        equipment_id=row.equipment,
        channel=row.channel,
        reference_range=row.reference_range,
        raw_value=row.value[:_KEPT_LENGTH],
        raw_unit=row.unit[:_KEPT_LENGTH],
        code=row.code.text,
        problem=problem,
    )


def _unit(text: str, tokens: Tokens) -> str | None:
    if len(text) <= _KEPT_LENGTH:
        return _cached_unit(text, tokens.separators)
    return unit_of(tokens.components(text))


@lru_cache(maxsize=1024)
def _cached_unit(text: str, separators: Separators) -> str | None:
    return unit_of(Tokens(separators, (), "").components(text))


def _value(tokens: Tokens, row: Row, kind: str, unit: str | None) -> tuple[float | None, str | None]:
    if denied := _denied(row):
        return None, denied
    if (repetition := tokens.separators.repetition) and repetition in row.value:
        return None, "several_values"
    text = rows.number(_structured(tokens, row))
    if text is None:
        return None, "not_a_number"
    if unit is None:
        return None, "unit_unknown" if row.unit.strip() else "unit_missing"
    return _judged(kind, float(text), unit, questionable=not _QUESTIONABLE.isdisjoint(row.flags))


def _denied(row: Row) -> str | None:
    """Why the device itself says that this is no reading."""
    if row.status in _WITHDRAWN:
        return "withdrawn"
    if row.status in _NO_RESULT:
        return "no_result"
    if "INV" in row.flags:
        return "invalid"
    if not _NOT_AVAILABLE.isdisjoint(row.flags):
        return "not_available"
    if not row.value.strip():
        return "not_obtained" if row.status == "X" else "empty"
    return None


def _structured(tokens: Tokens, row: Row) -> str:
    """The number of a structured numeric (SN: comparator^number) when nothing qualifies it; any other value as it is."""
    parts = rows.components(row.value, tokens)
    if row.value_type == "SN" and parts[0].strip() in ("", "=") and len([part for part in parts[1:] if part]) == 1:
        return parts[1]
    return parts[0] if len(parts) == 1 else row.value


def _judged(kind: str, sent: float, unit: str, *, questionable: bool) -> tuple[float | None, str | None]:
    if sent in _SENTINELS or (sent < 0 and kind != "temperature"):
        return None, "sentinel"
    value = converted(kind, sent, unit)
    if value is None or not math.isfinite(value):
        return None, "unit_unknown"
    if kind not in _ZERO_IS_A_READING and (sent == 0 or value == 0):
        return None, "no_signal"
    return value, "questionable" if questionable else None

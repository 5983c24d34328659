"""One HL7 v2 message from a device, read as far as it can be.

What cannot be read is named in `problems`; the raw bytes are kept elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from winddown.domain.wire.hl7v2 import alarm, observation, pump, rows, times
from winddown.domain.wire.hl7v2.alarm import DeviceAlarm
from winddown.domain.wire.hl7v2.observation import Clock, Observation
from winddown.domain.wire.hl7v2.pump import PumpReport
from winddown.domain.wire.hl7v2.rows import Row
from winddown.domain.wire.hl7v2.tokens import Separators, Tokens, tokenise, value_of

Kind = Literal["vitals", "alarm", "pump", "pump_order", "ack", "watchdog", "unsupported"]
_KINDS: dict[str, Kind] = {"ORU^R01": "vitals", "ORU": "vitals", "ORU^R40": "alarm", "ORU^R42": "pump", "RGV^O15": "pump_order"}
_PLACEHOLDER_BIRTHS = {(1899, 12, 30), (1899, 12, 31), (1858, 11, 17)}  # the zero dates of spreadsheets and of VMS


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    control_id      MSH-10 exactly as sent, blanks and escapes included; an acknowledgement echoes it
    device_keys     what may name the device on our list, best first: equipment id of its system, its universal id, then MSH-3
    bed             PV1-3: point of care, room and bed, joined by ^
    processing_id   P production, D debugging, T training; D and T make `demo` true
    patient_name, patient_birth_date   for matching by a person only; left out of the representation, never logged
    header          the fields of MSH, raw, for the acknowledgement
    problems        codes of what was odd about the message as a whole
    """

    kind: Kind
    control_id: str
    type: str
    version: str
    processing_id: str
    demo: bool
    sender: str
    sending_facility: str
    sent_at: datetime | None
    device_keys: tuple[str, ...]
    patient_id: str
    patient_name: str = field(repr=False)
    patient_birth_date: date | None = field(repr=False)
    bed: str
    observations: tuple[Observation, ...]
    device_alarm: DeviceAlarm | None
    pump_report: PumpReport | None
    unknown_codes: tuple[str, ...]
    problems: tuple[str, ...]
    header: tuple[str, ...] = field(repr=False)
    separators: Separators = field(repr=False)
    encoding: str = field(repr=False)


def read(raw: bytes, *, zone: ZoneInfo) -> Message:
    """The message in the bytes of one frame.

    zone     the location's, for stamps that say no offset when the message header says none either
    refuses  Unreadable when there is no MSH segment; anything else is read as far as it goes
    """
    tokens = tokenise(raw)
    header = tokens.header
    type_ = _type(tokens)
    processing_id = rows.components(value_of(header, 11), tokens)[0].strip()
    demo = processing_id in ("D", "T")
    component = tokens.separators.component
    clock = Clock(times.defaults_of(value_of(header, 7).split(component, 1)[0].strip(), zone), component)
    found = rows.read(tokens)
    kind = _kind(type_, found)
    report = pump.read(tokens, found, clock) if kind == "pump" and found else None
    device_alarm = alarm.read(tokens, found, clock) if kind == "alarm" else None
    if device_alarm and device_alarm.is_watchdog:
        kind = "watchdog"
    patient = _Patient.of(tokens)
    return Message(
        kind=kind,
        control_id=value_of(header, 10),
        type=type_,
        version=rows.components(value_of(header, 12), tokens)[0].strip(),
        processing_id=processing_id,
        demo=demo,
        sender=_joined(tokens.components(value_of(header, 3))[:2]),
        sending_facility=_joined(tokens.components(value_of(header, 4))[:2]),
        sent_at=clock.defaults.sent_at,
        device_keys=_device_keys(tokens, found),
        patient_id=patient.id,
        patient_name=patient.name,
        patient_birth_date=patient.born,
        bed=_joined(tokens.components(value_of(tokens.first("PV1"), 3))[:3]),
        observations=_observations(tokens, found, clock, kind, demo),
        device_alarm=device_alarm,
        pump_report=report,
        unknown_codes=tuple(row.code.text for row in found if row.code.kind is None and row.value) if kind == "vitals" else (),
        problems=_problems(tokens, header, clock, processing_id, patient),
        header=tuple(header),
        separators=tokens.separators,
        encoding=tokens.encoding,
    )


@dataclass(frozen=True, slots=True)
class _Patient:
    id: str
    name: str
    born: date | None
    problems: tuple[str, ...]

    @classmethod
    def of(cls, tokens: Tokens) -> _Patient:
        segment = tokens.first("PID")
        family, given = [*tokens.components(value_of(segment, 5)), ""][:2]
        written = times.day(value_of(segment, 7))
        if written in _PLACEHOLDER_BIRTHS:
            return cls(_identifier(tokens, segment), _name(family, given), None, ("birth_date_placeholder",))
        try:
            born = date(*written) if written else None
        except ValueError:
            born = None
        return cls(_identifier(tokens, segment), _name(family, given), born, ())


def _identifier(tokens: Tokens, segment: list[str]) -> str:
    return tokens.components(value_of(segment, 3))[0].strip()


def _name(family: str, given: str) -> str:
    return ", ".join(part for part in (family, given) if part)


def _joined(parts: list[str]) -> str:
    return "^".join(parts).rstrip("^")


def _type(tokens: Tokens) -> str:
    return _joined([part.strip() for part in tokens.components(value_of(tokens.header, 9))[:2]])


def _kind(type_: str, found: tuple[Row, ...]) -> Kind:
    if type_.split("^", 1)[0] in ("ACK", "MCF"):
        return "ack"
    kind = _KINDS.get(type_, "unsupported")
    return "pump" if kind == "vitals" and pump.is_pump(found) else kind


def _observations(tokens: Tokens, found: tuple[Row, ...], clock: Clock, kind: Kind, demo: bool) -> tuple[Observation, ...]:
    if kind not in ("vitals", "alarm", "pump"):
        return ()
    weightless = kind == "pump"  # a pump's weight was typed into it, not measured
    wanted = [row for row in found if not (weightless and row.code.kind == "weight")]
    return observation.read(tokens, wanted, clock, demo=demo)


def _device_keys(tokens: Tokens, found: tuple[Row, ...]) -> tuple[str, ...]:
    keys: list[str] = []
    owned = [row for row in found if row.own_equipment]
    systems = [row for row in owned if row.channel.endswith(".0.0.0")]
    for row in (systems or owned)[:1]:
        keys.append(row.own_equipment)
        if row.universal_id:
            keys.append(row.universal_id)
    keys.append(_joined([part.strip() for part in tokens.components(value_of(tokens.header, 3))[:2]]))
    return tuple(dict.fromkeys(key for key in keys if key))


def _problems(tokens: Tokens, header: list[str], clock: Clock, processing_id: str, patient: _Patient) -> tuple[str, ...]:
    odd = list(tokens.problems)
    if not value_of(header, 10):
        odd.append("control_id_missing")
    if processing_id not in ("P", "D", "T"):
        odd.append("processing_id_unknown" if processing_id else "processing_id_missing")
    if clock.defaults.sent_at is None:
        odd.append("sent_at_unreadable" if value_of(header, 7) else "sent_at_missing")
    return (*odd, *patient.problems)

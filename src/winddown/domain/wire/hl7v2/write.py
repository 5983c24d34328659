"""Messages as a monitor or a pump sends them: IHE PCD-01 vital signs, PCD-10 pump events, PCD-04 alarms. For emulated devices and tests.

There is deliberately nothing here that could program a pump.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from winddown.domain.refusals import UnknownWord
from winddown.domain.wire.hl7v2 import pump, times
from winddown.domain.wire.hl7v2.acknowledge import escaped
from winddown.domain.wire.hl7v2.tokens import Separators

PumpEvent = Literal["started", "stopped", "transitioning", "completed"]
Change = Literal["start", "rate_change", "pause", "resume", "stop", "complete"]
EVENTS_OF_CHANGE: dict[Change, tuple[PumpEvent, ...]] = {  # one PCD-10 message each, in this order (IHE IPEC, table X.1.2.1-4)
    "start": ("started",),
    "rate_change": ("transitioning", "started"),
    "pause": ("stopped",),
    "resume": ("started",),
    "stop": ("stopped",),
    "complete": ("completed",),
}
_MARKS = Separators()
_EVENT_CODES = {
    "started": "197288^MDC_EVT_PUMP_DELIV_START^MDC",
    "stopped": "197290^MDC_EVT_PUMP_DELIV_STOP^MDC",
    "transitioning": "197290^MDC_EVT_PUMP_DELIV_STOP^MDC",
    "completed": "197292^MDC_EVT_PUMP_DELIV_COMP^MDC",
}
_PROFILES = {
    "ORU^R01^ORU_R01": "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO",
    "ORU^R40^ORU_R40": "IHE_PCD_ACM_001^IHE PCD^1.3.6.1.4.1.19376.1.6.4.4.1^ISO",
    "ORU^R42^ORU_R01": "IHE_PCD_010^IHE PCD^1.3.6.1.4.1.19376.1.6.4.10^ISO",
}
_MMHG = "266016^MDC_DIM_MMHG^MDC^mm[Hg]^mm[Hg]^UCUM"
_BEATS = "264864^MDC_DIM_BEAT_PER_MIN^MDC^{beat}/min^{beat}/min^UCUM"
_BREATHS = "264928^MDC_DIM_RESP_PER_MIN^MDC^{breath}/min^{breath}/min^UCUM"
_METRICS: dict[str, tuple[str, str, str]] = {  # kind: place in the containment tree, identifier, unit
    "systolic": ("1.1.1.1", "150021^MDC_PRESS_BLD_NONINV_SYS^MDC", _MMHG),
    "diastolic": ("1.1.1.2", "150022^MDC_PRESS_BLD_NONINV_DIA^MDC", _MMHG),
    "mean_pressure": ("1.1.1.3", "150023^MDC_PRESS_BLD_NONINV_MEAN^MDC", _MMHG),
    "heart_rate": ("1.2.1.1", "147842^MDC_ECG_HEART_RATE^MDC", _BEATS),
    "respiratory_rate": ("1.2.1.2", "151562^MDC_RESP_RATE^MDC", _BREATHS),
    "arterial_systolic": ("1.2.2.1", "150037^MDC_PRESS_BLD_ART_ABP_SYS^MDC", _MMHG),
    "arterial_diastolic": ("1.2.2.2", "150038^MDC_PRESS_BLD_ART_ABP_DIA^MDC", _MMHG),
    "arterial_mean": ("1.2.2.3", "150039^MDC_PRESS_BLD_ART_ABP_MEAN^MDC", _MMHG),
    "spo2": ("1.3.1.1", "150456^MDC_PULS_OXIM_SAT_O2^MDC", "262688^MDC_DIM_PERCENT^MDC^%^%^UCUM"),
    "pulse_rate": ("1.3.1.2", "149530^MDC_PULS_OXIM_PULS_RATE^MDC", _BEATS),
    "perfusion_index": ("1.3.1.3", "150448^MDC_PULS_OXIM_PERF_REL^MDC", "262656^MDC_DIM_DIMLESS^MDC^1^1^UCUM"),
    "etco2": ("1.4.1.1", "151708^MDC_CONC_AWAY_CO2_ET^MDC", _MMHG),
    "temperature": ("1.5.1.1", "150344^MDC_TEMP^MDC", "268192^MDC_DIM_DEGC^MDC^Cel^Cel^UCUM"),
    "weight": ("1.6.1.1", "188736^MDC_MASS_BODY_ACTUAL^MDC", "263875^MDC_DIM_KILO_G^MDC^kg^kg^UCUM"),
}
_MONITOR_MODULES = {
    "1.1": "70686^MDC_DEV_PRESS_BLD_NONINV_VMD^MDC",
    "1.2": "4262^MDC_DEV_ECG_VMD^MDC",
    "1.3": "69642^MDC_DEV_ANALY_SAT_O2_VMD^MDC",
}
_ML_PER_H, _ML = "265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM", "263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM"
_MG_PER_ML, _KG = "264306^MDC_DIM_MILLI_G_PER_ML^MDC^mg/mL^mg/mL^UCUM", "263875^MDC_DIM_KILO_G^MDC^kg^kg^UCUM"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every message of one sending carries.

    device     the equipment id: OBX-18 of the device's system, and the second component of MSH-3
    """

    device: str
    sent_at: datetime
    control_id: str
    processing_id: str = "P"
    patient_id: str = ""
    bed: str = ""
    application: str = "WINDDOWN_EMULATOR"


@dataclass(frozen=True, slots=True)
class Sign:
    """One vital sign to send, in our unit, to the thousandth. A value of None is sent as not available (status X, flag NAV)."""

    kind: str
    value: float | None
    observed_at: datetime
    status: str = "R"
    flags: str = ""


@dataclass(frozen=True, slots=True)
class PumpState:
    """What a pump says of itself; None is left out."""

    rate_ml_per_h: Decimal
    programmed_rate_ml_per_h: Decimal
    drug: str
    concentration_mg_per_ml: Decimal
    infused_ml: Decimal
    to_be_infused_ml: Decimal | None = None
    remaining_ml: Decimal | None = None
    weight_kg: Decimal | None = None


def vital_signs(envelope: Envelope, signs: Sequence[Sign]) -> bytes:
    """One ORU^R01 with every sign at its own time."""
    rows = [_obx("", "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC", "1.0.0.0", status="X", equipment=_equipment(envelope.device))]
    module = ""
    for sign in sorted(signs, key=lambda each: _metric(each.kind)[0]):
        place, identifier, unit = _metric(sign.kind)
        if not place.startswith(f"{module}.") or not module:
            module = place[:3]
            if module in _MONITOR_MODULES:
                rows.append(_obx("", _MONITOR_MODULES[module], f"{module}.0.0", status="X"))
        rows.append(_sign(sign, place, identifier, unit))
    order = f"{envelope.control_id}^{envelope.application}^{envelope.device}^EUI-64"
    return _message(envelope, "ORU^R01^ORU_R01", order, "182777000^monitoring of patient^SCT", envelope.sent_at, rows)


def pump_report(envelope: Envelope, state: PumpState, *, event: PumpEvent | None, happened_at: datetime, order_id: str = "") -> bytes:
    """One pump event (ORU^R42), or a periodic status (ORU^R01) when there is no event."""
    infusing = state.rate_ml_per_h > 0
    rows = [_obx("", "70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC", "1.0.0.0", status="X", equipment=_equipment(envelope.device))]
    if event:
        rows.append(_obx("CWE", f"{pump.EVENT}^MDC_ATTR_EVT_COND^MDC", "1.0.0.2", _EVENT_CODES[event]))
    rows += [
        _obx("", "70050^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC", "1.1.0.0", status="X"),
        _obx("", "70067^MDC_DEV_PUMP_DELIVERY_INFO^MDC", "1.1.1.0", status="X"),
        _obx("CWE", "184519^MDC_PUMP_INFUSING_STATUS^MDC", "1.1.1.1", f"^pump-status-{'' if infusing else 'not-'}infusing"),
        _obx("NM", "158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC", "1.1.1.2", str(state.rate_ml_per_h), _ML_PER_H),
        _obx("", "70071^MDC_DEV_PUMP_INFUSATE_SOURCE_PRIMARY^MDC", "1.1.2.0", status="X"),
        _obx("CWE", "158005^MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS^MDC", "1.1.2.1", f"^pump-delivery-status-{_delivery(event, infusing)}"),
    ]
    if not infusing and event == "stopped":
        rows.append(_obx("CWE", "158006^MDC_DEV_PUMP_NOT_DELIVERING_REASON^MDC", "1.1.2.2", "^pump-stopped-by-clinician"))
    rows += _amounts(state)
    drug = f"^{escaped(state.drug, _MARKS)}"
    kind = "ORU^R42^ORU_R01" if event else "ORU^R01^ORU_R01"
    return _message(envelope, kind, order_id or envelope.control_id, drug, happened_at, rows)


def device_alarm(
    envelope: Envelope,
    *,
    code: int,
    name: str,
    text: str,
    phase: str,
    state: str,
    priority: str,
    alarm_type: str,
    key: str,
    happened_at: datetime,
    confirm_timeout_s: int | None = None,
    sign: Sign | None = None,
) -> bytes:
    """One ORU^R40: an alarm (priority PH, PM, PL, PN; type SP, ST, SA), or with a confirm timeout a sign of life."""
    equipment = _equipment(envelope.device)
    flags = f"{priority}~{alarm_type}"
    rows = [_obx("ST", f"{code}^{name}^MDC", "1.0.0.1", escaped(text, _MARKS), flags=flags, at=happened_at, equipment=equipment)]
    if sign:
        place, identifier, unit = _metric(sign.kind)
        rows.append(_sign(sign, place, identifier, unit))
    rows += [
        _obx("ST", "68481^MDC_ATTR_EVENT_PHASE^MDC", "1.0.0.3", phase),
        _obx("ST", "68482^MDC_ATTR_ALARM_STATE^MDC", "1.0.0.4", state),
        _obx("ST", "68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC", "1.0.0.5", "enabled"),
    ]
    if confirm_timeout_s is not None:
        rows.append(_obx("NM", "67860^MDC_ATTR_CONFIRM_TIMEOUT^MDC", "1.0.0.8", str(confirm_timeout_s), "264320^MDC_DIM_SEC^MDC"))
    parent = f"^{key}&{envelope.application}&{envelope.device}&EUI-64"
    return _message(envelope, "ORU^R40^ORU_R40", key, "196616^MDC_EVT_ALARM^MDC", happened_at, rows, parent=parent)


def _metric(kind: str) -> tuple[str, str, str]:
    found = _METRICS.get(kind)
    if found is None:
        raise UnknownWord("vital sign", kind, _METRICS)
    return found


def _sign(sign: Sign, place: str, identifier: str, unit: str) -> list[str]:
    if sign.value is None:
        return _obx("NM", identifier, place, "", unit, status="X", flags=sign.flags or "NAV", at=sign.observed_at)
    value = f"{sign.value:.3f}".rstrip("0").rstrip(".")
    return _obx("NM", identifier, place, value, unit, status=sign.status, flags=sign.flags, at=sign.observed_at)


def _amounts(state: PumpState) -> list[list[str]]:
    amounts = (
        ("157784^MDC_FLOW_FLUID_PUMP^MDC", "1.1.2.4", state.programmed_rate_ml_per_h, _ML_PER_H),
        ("157884^MDC_VOL_FLUID_TBI^MDC", "1.1.2.6", state.to_be_infused_ml, _ML),
        ("157993^MDC_VOL_FLUID_DELIV_TOTAL^MDC", "1.1.2.7", state.infused_ml, _ML),
        ("157872^MDC_VOL_FLUID_TBI_REMAIN^MDC", "1.1.2.8", state.remaining_ml, _ML),
        ("157760^MDC_CONC_DRUG^MDC", "1.1.2.11", state.concentration_mg_per_ml, _MG_PER_ML),
        ("68063^MDC_ATTR_PT_WEIGHT^MDC", "1.1.2.13", state.weight_kg, _KG),
    )
    rows = [_obx("NM", name, place, str(amount), unit) for name, place, amount, unit in amounts if amount is not None]
    return [*rows, _obx("ST", "184514^MDC_DRUG_NAME_LABEL^MDC", "1.1.2.10", escaped(state.drug, _MARKS))]


def _delivery(event: PumpEvent | None, infusing: bool) -> str:
    if event == "transitioning":
        return "transitioning"
    return "delivering" if infusing else "not-delivering"


def _equipment(device: str) -> str:
    return f"{device}^^{device}^EUI-64"


def _obx(
    value_type: str,
    identifier: str,
    place: str,
    value: str = "",
    unit: str = "",
    *,
    status: str = "R",
    flags: str = "",
    at: datetime | None = None,
    equipment: str = "",
) -> list[str]:
    """The fields of an OBX after its set id; OBX-8 flags, OBX-11 status, OBX-14 time, OBX-18 equipment."""
    stamp = times.write(at) if at else ""
    return [value_type, identifier, place, value, unit, "", flags, "", "", status, "", "", stamp, "", "", "", equipment]


def _message(
    envelope: Envelope, kind: str, order: str, service: str, at: datetime, rows: Iterable[list[str]], *, parent: str = ""
) -> bytes:
    sender = f"{envelope.application}^{envelope.device}^EUI-64"
    head = ["MSH|^~\\&", sender, "", "", "", times.write(envelope.sent_at), "", kind, escaped(envelope.control_id, _MARKS)]
    head += [envelope.processing_id, "2.6", "", "", "AL", "NE", "", "UNICODE UTF-8", "", "", _PROFILES[kind]]
    segments = [head, ["PID", "", "", f"{escaped(envelope.patient_id, _MARKS)}^^^^PI" if envelope.patient_id else ""]]
    if envelope.bed:
        segments.append(["PV1", "", "O", envelope.bed])
    segments.append(["OBR", "1", "", order, service, "", "", times.write(at), *([""] * 21), parent])
    segments += [["OBX", str(number), *row] for number, row in enumerate(rows, start=1)]
    return "".join("|".join(segment).rstrip("|") + "\r" for segment in segments).encode()

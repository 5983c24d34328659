"""What we write, our reader reads back, and the `hl7` library cuts as meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as some

from winddown.domain.refusals import UnknownWord
from winddown.domain.vitals.kinds import KINDS
from winddown.domain.wire.hl7v2 import read
from winddown.domain.wire.hl7v2.write import EVENTS_OF_CHANGE, Envelope, PumpState, Sign, device_alarm, pump_report, vital_signs

ZONE = ZoneInfo("Pacific/Auckland")
AT = datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC)
ENVELOPE = Envelope(device="WD-MON-0001", sent_at=AT, control_id="M-1", patient_id="P|1", bed="SANDUSKY^1^A")
STATE = PumpState(
    rate_ml_per_h=Decimal("52.5"),
    programmed_rate_ml_per_h=Decimal("52.5"),
    drug="Ketamine",
    concentration_mg_per_ml=Decimal("1.00"),
    infused_ml=Decimal("3.25"),
    to_be_infused_ml=Decimal(35),
    remaining_ml=Decimal("31.75"),
    weight_kg=Decimal("70.0"),
)


@given(
    some.lists(
        some.tuples(some.sampled_from(sorted(KINDS)), some.integers(1, 3000), some.integers(0, 600)),
        unique_by=lambda sign: sign[0],
        max_size=len(KINDS),
    )
)
def test_every_vital_sign_comes_back_with_its_value_and_its_own_time(chosen: list[tuple[str, int, int]]) -> None:
    sent = [(kind, tenths / 10 if KINDS[kind].decimals else float(tenths), AT - timedelta(seconds=age)) for kind, tenths, age in chosen]
    found = read(vital_signs(ENVELOPE, [Sign(*sign) for sign in sent]), zone=ZONE)
    assert sorted((o.kind, o.value, o.observed_at) for o in found.observations) == sorted(sent)
    assert all(
        (o.unit, o.verified, o.equipment_id, o.problem) == (KINDS[o.kind].unit, True, "WD-MON-0001", None) for o in found.observations
    )
    assert all(not o.zone_assumed and o.time_source == "row" for o in found.observations)


def test_envelope_comes_back() -> None:
    found = read(vital_signs(ENVELOPE, []), zone=ZONE)
    assert (found.kind, found.control_id, found.patient_id, found.bed, found.demo) == ("vitals", "M-1", "P|1", "SANDUSKY^1^A", False)
    assert found.device_keys == ("WD-MON-0001", "WINDDOWN_EMULATOR^WD-MON-0001")
    assert found.sent_at == AT
    assert found.problems == ()


def test_sign_without_a_value_comes_back_as_not_available() -> None:
    (found,) = read(vital_signs(ENVELOPE, [Sign("spo2", None, AT)]), zone=ZONE).observations
    assert (found.value, found.verified, found.problem, found.status) == (None, False, "not_available", "X")


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownWord):
        vital_signs(ENVELOPE, [Sign("mood", 5.0, AT)])


def test_library_finds_value_time_and_equipment_in_the_fields_of_the_profile() -> None:
    message = hl7.parse(vital_signs(ENVELOPE, [Sign("spo2", 97.0, AT)]).decode())
    system, _, oxygen = message["OBX"]
    assert str(system[18]) == "WD-MON-0001^^WD-MON-0001^EUI-64"
    assert [str(oxygen[number]) for number in (2, 5, 11, 14)] == ["NM", "97", "R", "20260301120000.250+0000"]
    assert str(message["MSH"][0][21]) == "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO"


@pytest.mark.parametrize(
    ("event", "rate", "said", "infusing"),
    [
        ("started", "52.5", "started", True),
        ("transitioning", "52.5", "transitioning", True),
        ("stopped", "0", "stopped", False),
        ("completed", "0", "completed", False),
        (None, "52.5", "", True),
    ],
)
def test_pump_report_comes_back_to_the_last_digit(event: str | None, rate: str, said: str, infusing: bool) -> None:
    state = PumpState(**{**{name: getattr(STATE, name) for name in STATE.__slots__}, "rate_ml_per_h": Decimal(rate)})
    found = read(pump_report(ENVELOPE, state, event=event, happened_at=AT - timedelta(minutes=2)), zone=ZONE)  # type: ignore[arg-type]
    report = found.pump_report
    assert report is not None and found.kind == "pump" and found.observations == ()
    assert (report.event, report.infusing, report.drug, report.drug_key) == (said, infusing, "Ketamine", "ketamine")
    assert (report.rate_ml_per_h, report.programmed_rate_ml_per_h) == (Decimal(rate), Decimal("52.5"))
    assert (report.infused_ml, report.to_be_infused_ml, report.remaining_ml) == (Decimal("3.25"), Decimal(35), Decimal("31.75"))
    assert (str(report.concentration_mg_per_ml), str(report.weight_kg)) == ("1.00", "70.0")
    assert (report.happened_at, report.equipment_id) == (AT - timedelta(minutes=2), "WD-MON-0001")


def test_pump_rate_in_an_unknown_unit_is_kept_raw_and_not_converted() -> None:
    raw = pump_report(ENVELOPE, STATE, event="started", happened_at=AT).replace(
        b"265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM", b"gtt/min^drops^UCUM"
    )
    report = read(raw, zone=ZONE).pump_report
    assert report is not None
    assert (report.rate_ml_per_h, report.programmed_rate_ml_per_h) == (None, None)
    assert {(each.value, each.unit) for each in report.unconverted} == {("52.5", "gtt/min^drops^UCUM")}


@pytest.mark.parametrize(
    ("drug", "key"), [("KETAMINE", "ketamine"), ("Esketamine", "esketamine"), ("Norketamine", "other"), ("Saline", "other")]
)
def test_only_a_named_ketamine_is_ketamine(drug: str, key: str) -> None:
    state = PumpState(**{**{name: getattr(STATE, name) for name in STATE.__slots__}, "drug": drug})
    report = read(pump_report(ENVELOPE, state, event="started", happened_at=AT), zone=ZONE).pump_report
    assert report is not None and report.drug_key == key


def test_every_change_of_a_pump_is_told_in_its_events() -> None:
    assert EVENTS_OF_CHANGE["rate_change"] == ("transitioning", "started")
    for events in EVENTS_OF_CHANGE.values():
        for event in events:
            assert read(pump_report(ENVELOPE, STATE, event=event, happened_at=AT), zone=ZONE).kind == "pump"


def alarm(**changed: object) -> bytes:
    facts = {
        "code": 196670,
        "name": "MDC_EVT_LO",
        "text": "Low SpO2",
        "phase": "start",
        "state": "active",
        "priority": "PM",
        "alarm_type": "SP",
        "key": "A-7",
        "happened_at": AT,
    }
    return device_alarm(ENVELOPE, **{**facts, **changed})  # type: ignore[arg-type]


def test_alarm_and_its_reading_come_back() -> None:
    found = read(alarm(sign=Sign("spo2", 88.0, AT)), zone=ZONE)
    assert found.kind == "alarm" and found.device_alarm is not None
    assert (found.device_alarm.code, found.device_alarm.text, found.device_alarm.phase) == (196670, "Low SpO2", "start")
    assert (found.device_alarm.state, found.device_alarm.priority, found.device_alarm.type) == ("active", "medium", "physiological")
    assert [(o.kind, o.value) for o in found.observations] == [("spo2", 88.0)]


def test_start_and_end_of_an_alarm_share_their_key() -> None:
    opened, closed = read(alarm(), zone=ZONE).device_alarm, read(alarm(phase="end", state="inactive"), zone=ZONE).device_alarm
    assert opened is not None and closed is not None
    assert opened.key == closed.key


def test_sign_of_life_is_a_watchdog() -> None:
    found = read(alarm(code=196614, name="MDC_EVT_ACTIVE", priority="PN", alarm_type="SA", confirm_timeout_s=5), zone=ZONE)
    assert found.kind == "watchdog" and found.device_alarm is not None and found.device_alarm.confirm_timeout_s == 5.0

"""Every published message against the published expectations (published/expected.json), its musts and its must-nots."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.wire.hl7v2 import Message, acknowledge, read, verdict_for

PUBLISHED = Path(__file__).parent / "published"
EXPECTED = json.loads((PUBLISHED / "expected.json").read_text())
ZONE = ZoneInfo("America/New_York")
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KIND = {
    "nibp_sys": "systolic",
    "nibp_dia": "diastolic",
    "nibp_mean": "mean_pressure",
    "hr": "heart_rate",
    "rr": "respiratory_rate",
    "pr": "pulse_rate",
    "spo2": "spo2",
}
CLASS = {"vitals": "live", "alarm": "alarm", "watchdog": "alarm", "pump": "pump", "pump_order": "pump-order", "ack": "ack"}
# The expectations call ORA^R41 an "ack", yet give it a reject as its answer; it is a message type we do not support.
CLASS_OF_R41 = "ack"
# The expectations say "no bed" for three messages that carry PV1-3 = "HO 3 West ICU^10^1".
BED_IN_THE_BYTES = {
    "41_pcd04_ihe_bbraun_occlusion_start.hl7",
    "42_pcd04_ihe_bbraun_occlusion_end.hl7",
    "43_pcd04_ihe_livedata_advisory.hl7",
}


def raw(name: str) -> bytes:
    return next(PUBLISHED.glob(name + "*")).read_bytes()


def message(name: str) -> Message:
    return read(raw(name), zone=ZONE)


def moment(text: str) -> datetime:
    """The oracle's two notations: ISO with Z, and HL7 digits with an unstated zone (both such messages declare +0000 in MSH-7)."""
    if text.endswith("Z"):
        return datetime.fromisoformat(text)
    return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def expected_vitals(name: str) -> list[tuple[str, float, str, datetime]]:
    rows, last = [], ""
    for kind, value, unit, when in EXPECTED[name]["vitals"]:
        last = last if when == "same" else when
        rows.append((KIND[kind], float(value), unit, moment(last)))
    return rows


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_class_patient_and_vitals_are_those_expected(name: str) -> None:
    read_message = message(name)
    found = [(o.kind, o.value, o.unit, o.observed_at) for o in read_message.observations if o.kind != "perfusion_index"]
    assert found == expected_vitals(name)
    assert CLASS.get(read_message.kind, CLASS_OF_R41) == EXPECTED[name]["cls"]
    assert (read_message.patient_id or None) == EXPECTED[name]["patient_id"]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_bed_is_the_one_expected_or_the_one_in_the_bytes(name: str) -> None:
    expected = "HO 3 West ICU^10^1" if name in BED_IN_THE_BYTES else EXPECTED[name]["bed"]
    assert (message(name).bed or None) == expected


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_answer_is_one_of_those_expected(name: str) -> None:
    verdict = verdict_for(message(name))
    allowed = EXPECTED[name]["ack"]
    if verdict is None:
        assert allowed == []
        assert acknowledge(raw(name), "AA", at=AT, control_id="1") is None
    else:
        assert verdict[0] in allowed
        answer = acknowledge(raw(name), verdict[0], at=AT, control_id="1", reason=verdict[1])
        assert answer is not None
        assert f"MSA|{verdict[0]}|{message(name).control_id}".encode() in answer


def test_01_null_in_a_name_is_no_text() -> None:
    assert message("01_").patient_name == "Hon, Albert"


def test_01_values_marked_x_are_kept_and_not_verified() -> None:
    assert [(o.value is not None, o.status, o.verified) for o in message("01_").observations] == [(True, "X", False)] * 7


def test_01_pressure_keeps_its_own_time_six_hours_before_the_message() -> None:
    read_message = message("01_")
    systolic = read_message.observations[0]
    assert systolic.observed_at is not None and read_message.sent_at is not None
    assert read_message.sent_at - systolic.observed_at == timedelta(hours=6, minutes=36, seconds=58)
    assert (systolic.time_source, systolic.zone_assumed) == ("row", True)


def test_01_heart_rate_is_known_by_its_number_under_the_older_name() -> None:
    assert b"147842^MDC_ECG_CARD_BEAT_RATE" in raw("01_")
    assert [o.value for o in message("01_").observations if o.kind == "heart_rate"] == [80.0]


def test_02_is_charted_at_its_own_time_and_its_units_are_ours() -> None:
    observations = message("02_").observations
    assert {o.observed_at for o in observations} == {datetime(2011, 6, 2, 4, 58, 42, tzinfo=UTC)}
    assert [(o.unit, o.raw_unit) for o in observations if o.kind == "pulse_rate"] == [("/min", "{beat}/min^{beat}/min^UCUM")]


def test_03_status_one_field_early_is_an_unknown_status() -> None:
    assert {(o.status, o.verified) for o in message("03_").observations} == {("", False)}


def test_40_is_a_medium_physiological_alarm_that_starts() -> None:
    read_message = message("40_")
    alarm = read_message.device_alarm
    assert alarm is not None
    assert (alarm.text, alarm.phase, alarm.state, alarm.priority, alarm.type) == ("Low SpO2", "start", "active", "medium", "physiological")
    assert read_message.patient_birth_date is None and "birth_date_placeholder" in read_message.problems


def test_41_and_42_are_two_ends_of_one_technical_alarm() -> None:
    opened, closed = message("41_").device_alarm, message("42_").device_alarm
    assert opened is not None and closed is not None
    assert (opened.phase, opened.state, opened.type, opened.text) == ("start", "active", "technical", "Occlusion")
    assert (closed.phase, closed.state) == ("end", "inactive")
    assert opened.key == closed.key and opened.key.startswith("E0001_27")
    assert opened.order_id == closed.order_id == "P6013_4"
    assert message("41_").patient_name == "Hon, Amy"


def test_43_leading_blank_is_echoed_and_mistyped_codes_are_not_matched() -> None:
    read_message = message("43_")
    answer = acknowledge(read_message, "AA", at=AT, control_id="1")
    assert read_message.control_id == " 1233532926265-02"
    assert answer is not None and b"MSA|AA| 1233532926265-02\r" in answer
    assert read_message.device_alarm is not None
    assert (read_message.device_alarm.phase, read_message.device_alarm.state, read_message.device_alarm.source) == ("", "", "")


def test_44_debugging_message_is_a_demonstration() -> None:
    read_message = message("44_")
    alarm = read_message.device_alarm
    assert b"\r\n" in raw("44_")
    assert (read_message.processing_id, read_message.demo) == ("D", True)
    assert alarm is not None
    assert (alarm.code, alarm.phase, alarm.state, alarm.priority) == (196916, "start", "active", "low")


def test_45_watchdog_is_a_promise_and_no_alarm() -> None:
    read_message = message("45_")
    assert read_message.kind == "watchdog"
    assert read_message.device_alarm is not None and read_message.device_alarm.confirm_timeout_s == 5.0


def test_60_pump_start_is_read_and_is_not_about_ketamine() -> None:
    report = message("60_").pump_report
    assert report is not None
    assert (report.event, report.infusing, report.drug, report.drug_key) == ("started", True, "Dopamine", "other")
    assert (report.rate_ml_per_h, report.to_be_infused_ml, report.concentration_mg_per_ml) == (
        Decimal("15.4"),
        Decimal(250),
        Decimal("1.6"),
    )
    assert (report.dose_rate, report.dose_rate_unit, report.weight_kg) == (Decimal("5.00"), "ug/kg/min", Decimal(82))
    assert report.happened_at == datetime(2015, 10, 15, 18, 21, 6, tzinfo=UTC)


@pytest.mark.parametrize("name", ["61_", "62_"])
def test_61_62_an_order_to_program_a_pump_is_rejected_with_the_reason(name: str) -> None:
    verdict = verdict_for(message(name))
    assert verdict is not None and verdict[0] == "AR"
    answer = acknowledge(raw(name), "AR", at=AT, control_id="1", reason=verdict[1])
    assert answer is not None and b"never programs" in answer


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_neither_name_nor_birth_date_is_in_the_representation(name: str) -> None:
    read_message = message(name)
    for part in read_message.patient_name.split(", "):
        assert part == "" or part not in repr(read_message)
    assert "birth_date=" not in repr(read_message)

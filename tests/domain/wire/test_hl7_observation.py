"""Single rows: units, values that are no readings, statuses, sources of time, equipment."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from winddown.domain.wire.hl7v2 import PROBLEMS, Observation, read

ZONE = ZoneInfo("America/New_York")
HEAD = "MSH|^~\\&|MON|FAC|||20260301120000+0000||ORU^R01^ORU_R01|1|P|2.6||||||UNICODE UTF-8"
ORDER = "OBR|1||1|182777000^monitoring of patient^SCT|||20260301115900+0000"
MMHG, BEATS, PERCENT = "266016^MDC_DIM_MMHG^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC", "262688^MDC_DIM_PERCENT^MDC"
SPO2, PULSE, HEART, SYSTOLIC = "150456^x^MDC", "149530^x^MDC", "147842^x^MDC", "150021^x^MDC"


def of(*rows: str, head: str = HEAD, order: str = ORDER) -> list[Observation]:
    return list(read("\r".join([head, order, *rows]).encode(), zone=ZONE).observations)


def one(code: str, value: str, unit: str, *, flags: str = "", status: str = "R", value_type: str = "NM") -> Observation:
    (found,) = of(f"OBX|1|{value_type}|{code}|1.1.1.1|{value}|{unit}||{flags}|||{status}")
    return found


@pytest.mark.parametrize(
    ("code", "sent", "unit", "value", "ours"),
    [
        (SYSTOLIC, "120", MMHG, 120.0, "mm[Hg]"),
        (SYSTOLIC, "16", "265987^MDC_DIM_KILO_PASCAL^MDC", 120.0098, "mm[Hg]"),  # 1 kPa = 7.50062 mmHg (SI brochure)
        (SYSTOLIC, "16", "kPa^kPa^UCUM", 120.0098, "mm[Hg]"),
        (SYSTOLIC, "120", "mmHg", 120.0, "mm[Hg]"),
        ("150344^x^MDC", "98.6", "266560^MDC_DIM_FAHR^MDC", 37.0, "Cel"),
        ("150344^x^MDC", "36.6", "Cel^Cel^UCUM", 36.6, "Cel"),
        ("188736^x^MDC", "154.3", "[lb_av]", 69.9893, "kg"),  # 1 lb = 0.45359237 kg
        ("188736^x^MDC", "70000", "g", 70.0, "kg"),
        (SPO2, "0.97", "1^^UCUM", 97.0, "%"),
        (SPO2, "97", PERCENT, 97.0, "%"),
        ("8867-4^Heart rate^LN", "63", "{beats}/min^^UCUM", 63.0, "/min"),
        ("59408-5^^LN", "97", "%", 97.0, "%"),
        ("151594^x^MDC", "12", "999999^unheard of^MDC^{breath}/min^{breath}/min^UCUM", 12.0, "/min"),
        (SPO2, " 97. ", PERCENT, 97.0, "%"),
    ],
)
def test_value_comes_in_our_unit(code: str, sent: str, unit: str, value: float, ours: str) -> None:
    found = one(code, sent, unit)
    assert (found.value, found.unit, found.problem) == (pytest.approx(value, abs=2e-3), ours, None)


@pytest.mark.parametrize(
    ("code", "sent", "unit", "problem"),
    [
        (SPO2, "0", PERCENT, "no_signal"),
        (PULSE, "0", BEATS, "no_signal"),
        (HEART, "0.0", BEATS, "no_signal"),
        ("188736^x^MDC", "0", "kg", "no_signal"),
        (SYSTOLIC, "-999", MMHG, "sentinel"),
        (SYSTOLIC, "-7", MMHG, "sentinel"),
        (PULSE, "32767", BEATS, "sentinel"),
        ("150344^x^MDC", "-999", "Cel", "sentinel"),
        (SPO2, "", PERCENT, "empty"),
        (SPO2, '""', PERCENT, "empty"),
        (SPO2, "---", PERCENT, "not_a_number"),
        (SPO2, "97%", PERCENT, "not_a_number"),
        (SPO2, "36,6", PERCENT, "not_a_number"),
        (SPO2, "nan", PERCENT, "not_a_number"),
        (SPO2, "inf", PERCENT, "not_a_number"),
        (SPO2, "1e2", PERCENT, "not_a_number"),
        (SPO2, "٩٧", PERCENT, "not_a_number"),
        (SPO2, "97^98", PERCENT, "not_a_number"),
        (SPO2, "97~98", PERCENT, "several_values"),
        (SPO2, "97", "", "unit_missing"),
        (SPO2, "97", "1", "unit_unknown"),
        (SPO2, "97", MMHG, "unit_unknown"),
        (SYSTOLIC, "120", "999999^MDC_DIM_MMHG^MDC", "unit_unknown"),
        (SYSTOLIC, "120", "mm", "unit_unknown"),
        (SYSTOLIC, "16", "266016^MDC_DIM_KILO_PASCAL^99LOCAL", "unit_unknown"),
    ],
)
def test_what_is_no_reading_has_no_value_says_why_and_keeps_what_was_sent(code: str, sent: str, unit: str, problem: str) -> None:
    found = one(code, sent, unit)
    assert (found.value, found.unit, found.problem) == (None, "", problem)
    assert (found.raw_value, found.raw_unit) == ("" if sent == '""' else sent, unit)
    assert problem in PROBLEMS


@pytest.mark.parametrize("code", ["151562^x^MDC", "151708^x^MDC"])
def test_breathing_and_carbon_dioxide_of_zero_are_readings(code: str) -> None:
    unit = MMHG if code.startswith("151708") else "264928^x^MDC"
    assert one(code, "0", unit).value == 0.0


@pytest.mark.parametrize(
    ("status", "value", "verified", "problem"),
    [
        ("R", 97.0, True, None),
        ("F", 97.0, True, None),
        ("C", 97.0, True, None),
        ("X", 97.0, False, None),
        ("", 97.0, False, None),
        ("P", 97.0, False, None),
        ("Z", 97.0, False, None),
        ("D", None, False, "withdrawn"),
        ("W", None, False, "withdrawn"),
        ("N", None, False, "no_result"),
        ("I", None, False, "no_result"),
    ],
)
def test_status_says_whether_the_device_stands_behind_the_value(
    status: str, value: float | None, verified: bool, problem: str | None
) -> None:
    found = one(SPO2, "97", PERCENT, status=status)
    assert (found.value, found.verified, found.problem) == (value, verified, problem)


@pytest.mark.parametrize(
    ("flags", "value", "verified", "problem", "demo"),
    [
        ("INV", None, True, "invalid", False),
        ("NAV", None, True, "not_available", False),
        ("L~INV", None, True, "invalid", False),
        ("QUES", 97.0, False, "questionable", False),
        ("L~PM~SP", 97.0, True, None, False),
        ("DEMO", 97.0, True, None, True),
        ("TEST", 97.0, True, None, True),
    ],
)
def test_flags_of_the_device_are_believed(flags: str, value: float | None, verified: bool, problem: str | None, demo: bool) -> None:
    found = one(SPO2, "97", PERCENT, flags=flags)
    assert (found.value, found.verified, found.problem, found.demo) == (value, verified, problem, demo)


def test_row_not_obtained_and_empty_says_so() -> None:
    assert one(SPO2, "", PERCENT, status="X").problem == "not_obtained"


def test_structured_number_counts_only_without_a_comparator() -> None:
    assert one(SPO2, "^97", PERCENT, value_type="SN").value == 97.0
    assert one(SPO2, "=^97", PERCENT, value_type="SN").value == 97.0
    assert one(SPO2, "<^90", PERCENT, value_type="SN").problem == "not_a_number"


@pytest.mark.parametrize("code", ["150021^x^99LOCAL", "MDC_PULS_OXIM_SAT_O2^^MDC", "1500210^x^MDC", "^MDC_PRESS_BLD_NONINV_SYS^MDC", ""])
def test_code_that_is_not_the_number_in_the_right_system_is_no_vital_sign(code: str) -> None:
    assert of(f"OBX|1|NM|{code}|1.1.1.1|120|{MMHG}|||||R") == []


def test_alternate_code_is_used_when_the_first_is_local() -> None:
    assert of(f"OBX|1|NM|SYS^Systolic^99LOCAL^150021^MDC_PRESS_BLD_NONINV_SYS^MDC|1|120|{MMHG}|||||R")[0].kind == "systolic"


def test_own_time_wins_over_the_order_and_the_order_over_the_message() -> None:
    row = f"OBX|1|NM|{SPO2}|1.1.1.1|97|{PERCENT}|||||R"
    own, ordered = of(row + "|||20260301115800+0000", row)
    (sent,) = of(row, order="OBR|1")
    (bad,) = of(row + "|||2026")
    assert (own.observed_at, own.time_source) == (datetime(2026, 3, 1, 11, 58, tzinfo=UTC), "row")
    assert (ordered.observed_at, ordered.time_source) == (datetime(2026, 3, 1, 11, 59, tzinfo=UTC), "order")
    assert (sent.observed_at, sent.time_source) == (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), "message")
    assert (bad.time_source, bad.time_problem) == ("order", "row_time_unreadable")


def test_row_without_any_time_has_none() -> None:
    row = f"OBX|1|NM|{SPO2}|1|97|{PERCENT}|||||R"
    (found,) = of(row, head="MSH|^~\\&|MON||||||ORU^R01|1|P|2.6", order="OBR|1")
    assert (found.observed_at, found.time_problem) == (None, "no_time")


def test_equipment_is_the_row_s_own_or_that_of_its_system() -> None:
    found = of(
        "OBX|1||69965^x^MDC|1.0.0.0|||||||X|||||||MON-A^^MON-A^EUI-64",
        "OBX|2||69965^x^MDC|2.0.0.0|||||||X|||||||MON-B",
        f"OBX|3|NM|{SPO2}|1.3.1.1|97|{PERCENT}|||||R",
        f"OBX|4|NM|{SPO2}|2.3.1.1|96|{PERCENT}|||||R",
        f"OBX|5|NM|{SPO2}|2.3.1.2|95|{PERCENT}|||||R|||||||OXI-C",
    )
    assert [(o.value, o.equipment_id, o.channel) for o in found] == [
        (97.0, "MON-A", "1.3.1.1"),
        (96.0, "MON-B", "2.3.1.1"),
        (95.0, "OXI-C", "2.3.1.2"),
    ]


@pytest.mark.parametrize(("processing", "demo"), [("P", False), ("D", True), ("T", True), ("T^A", True), ("", False)])
def test_message_in_training_or_debugging_is_a_demonstration(processing: str, demo: bool) -> None:
    (found,) = of(f"OBX|1|NM|{SPO2}|1|97|{PERCENT}|||||R", head=HEAD.replace("|P|", f"|{processing}|"))
    assert found.demo is demo

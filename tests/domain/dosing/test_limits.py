"""What the limits say, word for word, and that more is never judged more mildly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from dosing_tables import protocol, told
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.dosing.finding import SEVERITIES, Finding, worst
from winddown.domain.dosing.limits import check, check_bolus, check_pump_program
from winddown.domain.dosing.order import OrderDraft, draft_order
from winddown.domain.dosing.request import EnteredPhase, OrderRequest
from winddown.domain.dosing.slips import named_slip
from winddown.domain.quantities import Quantity
from winddown.domain.refusals import UnknownWord

D = Decimal
MOOD = protocol("mood-half-mg-per-kg-40min")


def drafted(amount: Quantity | None = None, **changes: object) -> OrderDraft:
    request = OrderRequest(session_number=1, weight_kg=D(70), bag_mg=D(1000), bag_ml=D(1000), basis="actual")
    phases = () if amount is None else (EnteredPhase(amount, D(40)),)
    return draft_order(replace(request, phases=phases, **changes), MOOD)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entered", "unit", "ordered", "sentence"),
    [
        ("41.7", "mL/h", "4.17", "This looks like a tenfold slip: 41.7 for 4.17 mL/h."),
        ("4.17", "mL/h", "41.7", "This looks like a tenfold slip: 4.17 for 41.7 mL/h."),
        ("417", "mL/h", "4.17", "This looks like a hundredfold slip: 417 for 4.17 mL/h."),
        ("12.5", "mg/kg/h", "0.75", "This looks like a unit swap: 12.5 is the number in mcg/kg/min, not in mg/kg/h."),
        ("0.75", "mcg/kg/min", "12.5", "This looks like a unit swap: 0.75 is the number in mg/kg/h, not in mcg/kg/min."),
    ],
)
def test_a_slip_is_named_in_the_sentence(entered: str, unit: str, ordered: str, sentence: str):
    others = {"mcg/kg/min": D("12.5"), "mg/kg/h": D("0.75"), "mg/h": D("52.5")}
    slip = named_slip(Quantity(D(entered), unit), D(ordered), {key: value for key, value in others.items() if key != unit})
    assert slip is not None
    assert slip.sentence == sentence


@pytest.mark.parametrize("entered", ["52.5", "52", "50", "100", "26", "0"])
def test_an_ordinary_difference_is_no_slip(entered: str):
    assert named_slip(Quantity(D(entered), "mL/h"), D("52.5"), {"mg/h": D("52.5"), "mcg/kg/min": D("12.5")}) is None


def test_a_finding_carries_its_numbers_its_source_and_the_way_out():
    findings = check_pump_program(drafted(), "ketamine", D(1), D(525), D(35))
    assert findings == [
        Finding(
            code="rate_tenfold",
            severity="stop",
            value="525",
            limit="52.5",
            unit="mL/h",
            source="clinical rules, section 0 item 4",
            sentence="This looks like a tenfold slip: 525 for 52.5 mL/h. 525 mL/h entered, 52.5 mL/h ordered: 10 times.",
            way_out="Enter 52.5 mL/h. It does not go on like this.",
        )
    ]


def test_esketamine_is_never_judged_by_racemic_limits():
    findings = check(drafted(drug_form="esketamine"), MOOD)
    assert told(findings) == "stop wrong_drug_form"
    assert findings[0].sentence == "The order is for esketamine; the limits of this protocol are for racemic ketamine."


def test_esketamine_is_off_until_the_practice_turns_it_on():
    protocol_of_esketamine = replace(MOOD, drug_form="esketamine")
    draft = drafted(drug_form="esketamine")
    assert told(check(draft, protocol_of_esketamine)) == "stop esketamine_off"
    assert check(draft, protocol_of_esketamine, esketamine_allowed=True) == []


def test_an_order_without_the_intravenous_route_does_not_go_on():
    assert told(check(drafted(route=""), MOOD)) == "stop wrong_route"


def test_a_bolus_above_the_hard_limit_does_not_go_on():
    assert check_bolus(D("24.5"), drafted()) == []
    assert told(check_bolus(D("24.6"), drafted())) == "stop bolus_mg_per_kg_high"


@given(lower=st.integers(1, 400), more=st.integers(0, 400))
def test_more_drug_is_never_judged_more_mildly(lower: int, more: int):
    def gravity(hundredths: int) -> int:
        severity = worst(check(drafted(Quantity(D(hundredths) / 100, "mg/kg")), MOOD))
        return -1 if severity is None else SEVERITIES.index(severity)

    start = max(lower, 50)
    assert gravity(start) <= gravity(start + more)


@given(hundredths=st.integers(1, 2000))
def test_no_dose_above_the_absolute_limit_ever_passes(hundredths: int):
    severity = worst(check(drafted(Quantity(D(hundredths) / 100, "mg/kg")), MOOD))
    assert (severity == "stop") >= (hundredths > 67)


def test_an_unknown_severity_is_refused():
    with pytest.raises(UnknownWord):
        Finding("x", "hint", "", "", "", "", "", "")  # type: ignore[arg-type]

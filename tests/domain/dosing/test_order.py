"""Orders: what was entered is kept, figures are re-derived, and rounding and caps only ever lower a dose."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from dosing_stories import after
from dosing_tables import protocol
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.dosing.order import draft_order
from winddown.domain.dosing.plan import planned_line
from winddown.domain.dosing.recipes import RECIPES
from winddown.domain.dosing.request import EnteredPhase, OrderRequest
from winddown.domain.dosing.weights import weights
from winddown.domain.quantities import Quantity
from winddown.domain.refusals import Missing, Refusal, UnknownWord

D = Decimal
MOOD = protocol("mood-half-mg-per-kg-40min")


def request(**changes: object) -> OrderRequest:
    fields: dict[str, object] = {"session_number": 1, "weight_kg": D(70), "bag_mg": D(100), "bag_ml": D(100), "basis": "actual"}
    return OrderRequest(**{**fields, **changes})  # type: ignore[arg-type]


def test_what_was_entered_survives_json():
    entered = request(height_cm=D("165.5"), sex="female", phases=(EnteredPhase(Quantity(D("0.14"), "mg/kg/h"), D(60)),))
    assert OrderRequest.from_data(json.loads(json.dumps(entered.as_data()))) == entered
    assert entered.as_data()["phases"] == [{"amount": "0.14 mg/kg/h", "minutes": "60"}]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("weight_kg", "", "missing_key"),
        ("weight_kg", "70,5", "comma_in_number"),
        ("session_number", "1.5", "not_whole"),
        ("basis", "lean", "unknown_basis"),
        ("sex", "f", "unknown_sex"),
        ("drug_form", "s", "unknown_drug_form"),
        ("weigth", "70", "unknown_key_in_an_order"),
    ],
)
def test_an_unreadable_order_is_refused_by_field(key: str, value: str, code: str):
    with pytest.raises(Refusal) as refused:
        OrderRequest.from_data({**request().as_data(), key: value})
    assert refused.value.code == code


@given(
    recipe=st.sampled_from(RECIPES),
    session=st.integers(1, 12),
    weight_tenths=st.integers(350, 2000),
    bag_ml=st.integers(40, 250),
)
def test_rounding_and_caps_only_lower_a_dose_and_the_parts_add_up(recipe: object, session: int, weight_tenths: int, bag_ml: int):
    draft = draft_order(request(session_number=session, weight_kg=D(weight_tenths) / 10, bag_ml=D(bag_ml)), recipe)  # type: ignore[arg-type]
    caps = draft.protocol.dosing.caps
    for phase in draft.phases:
        lost = phase.asked_mg_per_h - phase.rate_mg_per_h
        assert -D("1e-9") <= lost < D("0.1") * draft.concentration_mg_per_ml
        assert phase.rate_ml_per_h % D("0.1") == 0
        assert caps.mg_per_h is None or phase.rate_mg_per_h <= D(str(caps.mg_per_h.value))
        assert abs(phase.dose_mg - phase.volume_ml * draft.concentration_mg_per_ml) < D("1e-20")
        assert abs(phase.rate_mcg_per_kg_per_min * 60 - phase.rate_mg_per_kg_per_h * 1000) < D("1e-20")


def test_a_titration_within_one_session_is_kept_part_by_part():
    parts = (EnteredPhase(Quantity(D("0.14"), "mg/kg/h"), D(60)), EnteredPhase(Quantity(D("0.28"), "mg/kg/h"), D(60)))
    draft = draft_order(request(phases=parts), protocol("crps-outpatient-4h"))
    assert [(phase.rate_ml_per_h, phase.dose_mg) for phase in draft.phases] == [(D("9.8"), D("9.8")), (D("19.6"), D("19.6"))]
    assert (draft.total_mg, draft.total_minutes) == (D("29.4"), 120)
    assert [draft.phase_at(D(minute)).rate_ml_per_h for minute in (0, 59, 60, 300)] == [D("9.8"), D("9.8"), D("19.6"), D("19.6")]


@pytest.mark.parametrize("amount", ["0.5 mg/kg", "35 mg", "0.75 mg/kg/h", "52.5 mg/h", "12.5 mcg/kg/min", "52.5 mL/h"])
def test_the_same_dose_in_six_units_is_one_rate(amount: str):
    data = {**request().as_data(), "phases": [{"amount": amount, "minutes": "40"}]}
    assert draft_order(OrderRequest.from_data(data), MOOD).phases[0].rate_ml_per_h == D("52.5")


def test_the_bound_is_said_with_both_numbers():
    (phase,) = draft_order(request(session_number=3, weight_kg=D(90)), protocol("crps-outpatient-4h")).phases
    assert phase.because == "The cap binds: 25 mg/h; the dose alone would be 31.5 mg/h."
    (phase,) = draft_order(request(session_number=1, weight_kg=D(60)), protocol("crps-outpatient-4h")).phases
    assert phase.because == "The dose binds: 0.35 mg/kg/h at 60 kg is 21 mg/h. Session 1: 50 % of it."


def test_the_three_weights_are_shown_when_one_must_be_chosen():
    with pytest.raises(Missing) as refused:
        draft_order(request(weight_kg=D(110), height_cm=D(165), sex="female", basis=None), MOOD)
    assert refused.value.because == (
        "Choose the weight to dose by: actual 110 kg, ideal 56.9 kg (Devine), adjusted 78.1 kg; body mass index 40.4."
    )


@pytest.mark.parametrize(
    ("height_cm", "sex", "ideal"),
    [("152.4", "female", "45.5"), ("152.4", "male", "50"), ("177.8", "male", "73"), ("152.3", "male", None)],
)
def test_devine_weight_at_whole_feet_and_inches(height_cm: str, sex: str, ideal: str | None):
    found = weights(D(80), D(height_cm), sex)  # type: ignore[arg-type]
    assert found.ideal_kg == (None if ideal is None else D(ideal))


def test_an_unknown_sex_is_no_formula():
    with pytest.raises(UnknownWord):
        weights(D(80), D(170), "x")  # type: ignore[arg-type]


def test_the_forecast_of_an_order_goes_through_the_line():
    draft = draft_order(request(), MOOD)
    line = planned_line(draft, start_at=after(0), line_volume_ml=D("17.5"), primed_with="diluent")
    assert line.for_model().segments == ((20.0, 40.0, 0.875),)
    assert (line.pumped_mg, line.in_line_mg) == (35, Fraction(35, 2))


def test_the_forecast_of_a_titration_changes_rate_on_time():
    parts = (EnteredPhase(Quantity(D(30), "mg/h"), D(30)), EnteredPhase(Quantity(D(60), "mg/h"), D(30)))
    line = planned_line(draft_order(request(phases=parts), MOOD), start_at=after(0), line_volume_ml=D(0), primed_with="drug")
    assert line.for_model().segments == ((0.0, 30.0, 0.5), (30.0, 60.0, 1.0))


def test_a_capped_rate_stays_at_its_cap_when_the_bags_strength_has_no_end_in_decimals():
    recipe = next(each for each in RECIPES if each.dosing.caps.mg_per_h is not None)
    draft = draft_order(request(session_number=3, weight_kg=D("71.5"), bag_ml=D(94)), recipe)
    assert [phase.rate_mg_per_h for phase in draft.phases] == [D(25)]

"""Quantities, judged by the published test vectors of infusion arithmetic and by exact fractions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain import quantities as q
from winddown.domain.refusals import OutOfRange, Refusal, UnknownWord

D = Decimal


def test_half_a_milligram_per_kilogram_over_forty_minutes_at_seventy_kilograms():
    dose_mg = q.mg_from_mg_per_kg(D("0.5"), D(70))
    rate_mg_per_h = q.mg_per_h_over(dose_mg, D(40))
    assert dose_mg == 35
    assert rate_mg_per_h == D("52.5")
    assert q.mg_per_kg_per_h(rate_mg_per_h, D(70)) == D("0.75")
    assert q.mcg_per_kg_per_min(rate_mg_per_h, D(70)) == D("12.5")
    assert q.ml_per_h(rate_mg_per_h, D(1)) == D("52.5")
    assert q.minutes_for(dose_mg, rate_mg_per_h) == 40


def test_schwartzman_cap_binds_from_71_43_kilograms():
    assert q.display(q.concentration_mg_per_ml(D(25), D("0.35")), 2) == "71.43"
    assert q.mg_per_h_from_mg_per_kg_per_h(D("0.35"), D(60)) == 21
    assert q.mg_over(D(21), q.parse_minutes("4 h")) == 84
    assert q.concentration_mg_per_ml(D(21), D(25)) == D("0.84")


def test_sigtermans_end_rate_in_three_units():
    rate = q.mg_per_kg_per_h(D("22.2"), D(70))
    assert q.display(rate, 3) == "0.317"
    assert q.display(q.mcg_per_kg_per_min(D("22.2"), D(70)), 2) == "5.29"


def test_micrograms_per_minute_are_sixteen_and_two_thirds_of_milligrams_per_hour():
    assert q.mg_per_kg_per_h_from_mcg_per_kg_per_min(D(2)) == D("0.12")
    assert q.display(q.mcg_per_kg_per_min_from_mg_per_kg_per_h(D(1)), 3) == "16.667"


def test_amr_eighty_milligrams_in_half_a_liter_over_five_hours():
    assert q.mg_per_h_over(D(80), q.parse_minutes("5h")) == 16
    assert q.concentration_mg_per_ml(D(80), D(500)) == D("0.16")
    assert q.ml_per_h(D(16), D("0.16")) == 100


def test_overfill_makes_a_clean_milligram_per_milliliter_less_than_one():
    assert q.display(q.concentration_mg_per_ml(D(100), D(102))) == "0.98"
    assert q.display(q.concentration_mg_per_ml(D(100), D(109))) == "0.92"


@pytest.mark.parametrize(
    ("exact", "pump"), [("52.5", "52.5"), ("52.59", "52.5"), ("52.599999", "52.5"), ("0.1", "0.1"), ("0", "0"), ("4.17", "4.1")]
)
def test_rates_are_rounded_down_to_a_tenth(exact: str, pump: str):
    assert q.round_rate_down_ml_per_h(D(exact)) == D(pump)


def test_a_rate_below_the_step_of_the_pump_is_refused_and_not_made_zero():
    with pytest.raises(OutOfRange) as refused:
        q.round_rate_down_ml_per_h(D("0.07"))
    assert refused.value.code == "rate_below_pump_step"


@given(tenths=st.integers(1, 9999), weight_tenths=st.integers(300, 2500), hundredths=st.integers(10, 400))
def test_a_rounded_rate_survives_the_trip_to_milligrams_per_kilogram_and_back(tenths: int, weight_tenths: int, hundredths: int):
    rate, weight, strength = D(tenths) / 10, D(weight_tenths) / 10, D(hundredths) / 100
    per_kg = q.mg_per_kg_per_h(q.mg_per_h(rate, strength), weight)
    assert q.round_rate_down_ml_per_h(q.ml_per_h(q.mg_per_h_from_mg_per_kg_per_h(per_kg, weight), strength)) == rate


@given(rate=st.decimals("0.1", "999", places=6))
def test_rounding_down_never_adds_and_never_takes_a_whole_step(rate: Decimal):
    rounded = q.round_rate_down_ml_per_h(rate)
    assert 0 <= rate - rounded < D("0.1")
    assert Fraction(rounded) * 10 == int(Fraction(rounded) * 10)


@pytest.mark.parametrize(
    ("number", "written"),
    [("5.0", "5"), ("0.50", "0.5"), ("1E+2", "100"), ("0.0", "0"), ("-0", "0"), ("41.7", "41.7"), ("1E-7", "0.0000001")],
)
def test_a_dose_is_written_with_a_leading_zero_and_no_trailing_one(number: str, written: str):
    assert q.format_decimal(D(number)) == written


def test_a_small_number_is_never_shown_as_nothing():
    assert q.display(D("0.0004"), 2) == "<0.01"
    assert q.display(D(0), 2) == "0"


@pytest.mark.parametrize(
    ("typed", "code", "way_out"),
    [
        ("41,7", "comma_in_number", "Type 41.7."),
        ("1,000", "comma_in_number", "Use a point for decimals and nothing between thousands, as in 1000 or 41.7."),
        ("1e3", "exponent_in_number", "Type all the digits, as in 1000 or 0.001."),
        ("", "empty_number", "Type it in digits, as in 41.7."),
        ("   ", "empty_number", "Type it in digits, as in 41.7."),
        ("-5", "negative_number", "Type a number without a sign."),
        ("−5", "negative_number", "Type a number without a sign."),
        (".5", "point_without_zero", "Type 0.5."),
        ("5.", "point_without_digits", "Type 5."),
        ("05", "zero_without_point", "Type 0.5 or 5."),
        ("٥", "not_a_number", "Type it in digits, as in 41.7."),
        ("NaN", "not_a_number", "Type it in digits, as in 41.7."),
        ("1" * 21, "number_too_long", "Type at most 20 characters."),
    ],
)
def test_a_number_that_could_be_misread_is_refused_with_what_to_type(typed: str, code: str, way_out: str):
    with pytest.raises(Refusal) as refused:
        q.parse_decimal(typed, where="rate_ml_per_h")
    assert (refused.value.code, refused.value.way_out, refused.value.where) == (code, way_out, "rate_ml_per_h")


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0.5mg/kg", "0.5", "mg/kg"),
        ("0.14 mg/kg/h", "0.14", "mg/kg/h"),
        ("40min", "40", "min"),
        ("4 h", "4", "h"),
        ("52.5 mL/h", "52.5", "mL/h"),
        ("52.5 ml/hr", "52.5", "mL/h"),
        ("7.2 µg/kg/min", "7.2", "mcg/kg/min"),
        ("50 mg/mL", "50", "mg/mL"),
    ],
)
def test_quantities_are_read_as_people_write_them(text: str, value: str, unit: str):
    assert q.parse_quantity(text) == q.Quantity(D(value), unit)


@pytest.mark.parametrize("text", ["5 g", "5 Mg", "5", "70 lb", "5 mg/lb", "5 mgs", "5 mg / h / kg"])
def test_a_unit_that_is_not_on_the_list_is_refused(text: str):
    with pytest.raises(UnknownWord):
        q.parse_quantity(text)


def test_an_exponent_is_named_as_such_even_before_a_unit():
    with pytest.raises(Refusal) as refused:
        q.parse_quantity("1e3mg")
    assert refused.value.code == "exponent_in_number"


def test_a_known_unit_in_the_wrong_place_is_refused():
    with pytest.raises(UnknownWord):
        q.parse_minutes("40 mg")


def test_steps_of_a_titration_are_read_in_order():
    assert q.parse_steps("0.14mg/kg/h:60min, 0.28mg/kg/h:1h") == (
        (q.Quantity(D("0.14"), "mg/kg/h"), D(60)),
        (q.Quantity(D("0.28"), "mg/kg/h"), D(60)),
    )
    with pytest.raises(Refusal) as refused:
        q.parse_steps("0.14mg/kg/h")
    assert refused.value.code == "step_without_duration"


def test_a_float_is_not_a_dose():
    with pytest.raises(TypeError):
        q.mg_over(52.5, D(40))  # type: ignore[arg-type]


@pytest.mark.parametrize("call", [lambda: q.ml_per_h(D(5), D(0)), lambda: q.mg_per_kg(D(5), D(0)), lambda: q.mg_per_h_over(D(5), D(0))])
def test_nothing_is_divided_by_zero_or_less(call: object):
    with pytest.raises(OutOfRange):
        call()  # type: ignore[operator]


def test_time_is_exact_to_the_microsecond():
    start = datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC)
    assert q.hours_between_exact(start, start + timedelta(microseconds=1)) == Fraction(1, 3_600_000_000)
    assert q.minutes_between_exact(start, start + timedelta(hours=1)) == 60
    assert q.span_of_minutes(Fraction(1, 3)) == timedelta(seconds=20)

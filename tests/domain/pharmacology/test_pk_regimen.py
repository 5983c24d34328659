"""Doses in words become rates; nothing unknown becomes a default."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.pharmacology.regimen import Schedule, Segment, dose_over, steps
from winddown.domain.refusals import Missing, OutOfRange, Refusal, UnknownWord


@pytest.mark.parametrize(
    ("dose", "over", "weight_kg", "mg_per_min", "minutes"),
    [
        ("0.5mg/kg", "40min", 70, 35 / 40, 40),
        ("35mg", "40 min", 70, 35 / 40, 40),
        ("500mcg/kg", "2400s", 70, 35 / 40, 40),
        ("80 mg", "5h", 90, 80 / 300, 300),
    ],
)
def test_a_dose_over_a_time_is_one_segment(dose, over, weight_kg, mg_per_min, minutes):
    (found,) = dose_over("racemic", dose, over, weight_kg=weight_kg).segments
    assert (found.from_min, found.to_min) == (0, minutes)
    assert found.rate_mg_per_min == pytest.approx(mg_per_min)


@pytest.mark.parametrize(
    ("rate", "mg_per_h"),
    [("0.75mg/kg/h", 52.5), ("12.5mcg/kg/min", 52.5), ("25mg/h", 25), ("0.14 mg/kg/h", 9.8)],
)
def test_a_rate_in_any_of_the_ward_s_units_is_the_same_rate(rate, mg_per_h):
    assert steps("racemic", f"{rate}:60min", weight_kg=70).total_mg == pytest.approx(mg_per_h)


def test_steps_follow_one_another_and_a_zero_is_a_pause():
    found = steps("racemic", "0.14mg/kg/h:60min,0mg/kg/h:15min,0.28mg/kg/h:1h", weight_kg=50)
    assert [(part.from_min, part.to_min) for part in found.segments] == [(0, 60), (60, 75), (75, 135)]
    assert found.total_mg == pytest.approx(7 + 14)
    assert found.mg_by(75) == pytest.approx(7)
    assert found.end_min == 135


@pytest.mark.parametrize("dose", ["0.5mg/lb", "0.5", "0.5mL/kg", "0.5Mg/kg", "0.5mg/kg/h"])
def test_a_dose_in_an_unknown_or_wrong_unit_is_refused_by_name(dose):
    with pytest.raises(UnknownWord):
        dose_over("racemic", dose, "40min", weight_kg=70)


def test_a_rate_in_millilitres_is_refused_because_it_has_no_drug_in_it():
    with pytest.raises(Missing, match="without a concentration"):
        steps("racemic", "52.5mL/h:40min", weight_kg=70)


@pytest.mark.parametrize("dose", ["0,5mg/kg", "-0.5mg/kg", "1e3mg", ".5mg/kg"])
def test_a_number_that_can_be_misread_is_refused(dose):
    with pytest.raises(Refusal):
        dose_over("racemic", dose, "40min", weight_kg=70)


def test_a_dose_over_no_time_is_refused():
    with pytest.raises(OutOfRange, match="0 minutes"):
        dose_over("racemic", "0.5mg/kg", "0min", weight_kg=70)


def test_two_rates_for_one_minute_are_refused():
    with pytest.raises(OutOfRange, match="Two rates are given for minute 30"):
        Schedule("racemic", (Segment(0, 40, 1), Segment(30, 50, 1)))


def test_an_unknown_form_is_refused():
    with pytest.raises(UnknownWord, match="arketamine"):
        Schedule("arketamine")


def test_a_push_during_an_infusion_adds_to_it():
    found = dose_over("racemic", "40mg", "40min", weight_kg=70).with_bolus(10, 20, over_min=2)
    assert found.segments == (Segment(0, 20, 1), Segment(20, 22, 6), Segment(22, 40, 1))
    assert found.total_mg == 50


def test_stopping_keeps_what_was_given_and_drops_what_was_planned():
    planned = dose_over("racemic", "40mg", "40min", weight_kg=70)
    assert planned.until(12.5).segments == (Segment(0, 12.5, 1),)
    assert planned.until(0).segments == ()
    assert planned.total_mg == 40


def test_the_rate_at_the_end_of_an_infusion_is_the_one_that_is_ending():
    found = dose_over("racemic", "40mg", "40min", weight_kg=70)
    assert [found.rate_before(minute) for minute in (0, 0.1, 40, 40.1)] == [0, 1, 1, 0]


courses = st.lists(st.tuples(st.floats(0.1, 60), st.floats(0, 5)), min_size=1, max_size=5)


@given(courses, courses, st.floats(0, 300))
def test_superposition_keeps_every_milligram(one, other, minute):
    first, second = Schedule("racemic"), Schedule("racemic")
    for schedule, course in ((first, one), (second, other)):
        for length, rate in course:
            begin = schedule.segments[-1].to_min if schedule.segments else 0.0
            schedule = schedule.extended(rate, begin + length)
        first, second = (schedule, second) if course is one else (first, schedule)
    both = first.superposed(second.segments)
    assert both.total_mg == pytest.approx(first.total_mg + second.total_mg, abs=1e-9)
    assert both.mg_by(minute) == pytest.approx(first.mg_by(minute) + second.mg_by(minute), abs=1e-9)

"""Checks: until when they count, what brings them forward, what the gate says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.refusals import Refusal
from winddown.domain.screening.check_kinds import CHECKS, check_of
from winddown.domain.screening.checks import Done, gate_lines, highest_liver, read_result, standing, standings
from winddown.domain.screening.facts import Facts, Known
from winddown.domain.screening.medicines import recognize

TODAY = date(2026, 3, 2)
WOMAN = {"sex": Known("female"), "childbearing": Known(True), "age": Known(40)}


def stands(kind: str, known=None, last=None, **more):
    return standing(check_of(kind), Facts(known or {}, TODAY, (), "pain"), last, {}, **more)


def ago(kind: str, days: int, result: dict, **more) -> Done:
    return Done(kind, result, TODAY - timedelta(days=days), "Kim", **more)


@pytest.mark.parametrize(("days", "state"), [(90, "valid"), (91, "due"), (0, "valid")])
def test_a_pressure_counts_through_its_last_day(days, state):
    found = stands("blood_pressure", last=ago("blood_pressure", days, {"systolic": 124.0, "diastolic": 78.0}))
    assert found.state == state


def test_an_expired_check_names_the_date():
    found = stands("blood_pressure", last=ago("blood_pressure", 91, {"systolic": 124.0, "diastolic": 78.0}))
    told = "Resting blood pressure: Systolic 124 mmHg, Diastolic 78 mmHg, 1 Dec 2025; expired on 1 Mar 2026, today is 2 Mar 2026."
    assert found.sentence == told


def test_a_pregnancy_test_counts_only_on_its_day_and_only_where_it_is_needed():
    negative = ago("pregnancy_test", 1, {"result": "negative"})
    assert stands("pregnancy_test", WOMAN, negative).state == "due"
    assert stands("pregnancy_test", WOMAN, ago("pregnancy_test", 0, {"result": "negative"})).state == "valid"
    assert stands("pregnancy_test", WOMAN | {"childbearing": Known(False)}).state == "not_needed"
    assert stands("pregnancy_test", {"sex": Known("male")}).state == "not_needed"
    assert stands("pregnancy_test", {"sex": Known("female")}).state == "missing"


def test_a_positive_pregnancy_test_stops_and_nobody_can_accept_it():
    found = stands("pregnancy_test", WOMAN, ago("pregnancy_test", 0, {"result": "positive"}))
    (line,) = gate_lines([found])
    assert (line.state, line.acceptable) == ("stop", False)


def test_an_abnormal_trace_waits_for_a_prescriber():
    known = {"hypertension": Known(True), "age": Known(50)}
    (line,) = gate_lines([stands("ecg", known, ago("ecg", 3, {"result": "abnormal"}))])
    assert (line.state, line.acceptable) == ("review", True)
    assert stands("ecg", known, ago("ecg", 3, {"result": "abnormal, reviewed"})).state == "valid"


@given(days=st.integers(0, 400), infusions=st.integers(0, 30), exposure=st.floats(0, 10_000))
def test_exposure_and_count_only_ever_bring_a_check_forward(days, infusions, exposure):
    result = {"alt": 0.5}
    calendar = stands("liver_tests", last=ago("liver_tests", days, result))
    loaded = stands("liver_tests", last=ago("liver_tests", days, result, infusions_since=infusions, exposure_since_mg=exposure))
    assert calendar.until == loaded.until
    assert not (calendar.open and not loaded.open)


def test_a_liver_test_from_before_the_last_series_is_due_before_the_next():
    last = ago("liver_tests", 30, {"alt": 0.5})
    assert stands("liver_tests", last=last, since=TODAY - timedelta(days=20)).state == "due"
    assert stands("liver_tests", last=last, since=TODAY - timedelta(days=40)).state == "valid"


def test_bladder_questions_are_asked_again_after_three_infusions():
    last = ago("bladder_questions", 5, {"result": "no symptoms"}, infusions_since=3)
    assert stands("bladder_questions", last=last).sentence.endswith("due after 3 infusions, 3 since.")


def test_diabetes_told_or_treated_asks_for_a_glucose_of_the_day():
    told, treated = Facts({"diabetes": Known(True)}, TODAY, ()), Facts({}, TODAY, (recognize("metformin 500 mg"),))
    for facts in (told, treated):
        assert standing(check_of("glucose"), facts, None, {}).state == "missing"
    assert standing(check_of("glucose"), Facts({}, TODAY, ()), None, {}).state == "not_needed"


def test_the_newest_of_a_kind_counts():
    old, new = ago("urinalysis", 300, {"result": "abnormal"}), ago("urinalysis", 2, {"result": "normal"})
    found = {each.kind.key: each for each in standings(Facts({}, TODAY, ()), [new, old], {})}
    assert found["urinalysis"].state == "valid"


def test_results_that_cannot_be_are_refused_and_words_off_the_list_too():
    for kind, entered in (
        ("blood_pressure", {"systolic": "1240", "diastolic": "78"}),
        ("blood_pressure", {"systolic": "124"}),
        ("pregnancy_test", {"result": "perhaps"}),
        ("liver_tests", {}),
        ("glucose", {"glucose": "nan"}),
    ):
        with pytest.raises(Refusal):
            read_result(check_of(kind), entered)
    assert highest_liver(read_result(check_of("liver_tests"), {"alt": "1,5", "ggt": "3.2"})) == 3.2


def test_the_drug_screen_says_that_a_standard_panel_misses_ketamine():
    assert "standard panel does not find ketamine" in CHECKS["drug_screen"].note

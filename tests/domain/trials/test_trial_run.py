"""What a trial counts, against arithmetic by hand and other roads; and the same for any number of workers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import trapezoid
from test_trial_definition import TWO_ARMS, changed

from winddown.domain.trials.crowd import mix
from winddown.domain.trials.definition import trial
from winddown.domain.trials.run import chunks, run_chunk, summary

FAST = trial({**TWO_ARMS, "patients": 3000})


@pytest.fixture(scope="module")
def whole():
    return run_chunk(FAST, 0, 3000, with_rows=True)


def test_people_have_the_weights_ages_and_sexes_that_were_asked_for():
    people = mix(TWO_ARMS["population"], 5).people(0, 40_000)
    assert_allclose(np.median(people.weight_kg), 82, rtol=0.01)
    assert_allclose(np.log(people.weight_kg).std(), np.sqrt(np.log1p(0.2**2)), rtol=0.03)
    assert people.weight_kg.min() >= 45 and people.weight_kg.max() <= 160
    assert_allclose(people.age_years.mean() + 0.5, 47.4, atol=0.4)
    assert (people.age_years.min(), people.age_years.max()) == (18, 79)
    assert_allclose(people.female.mean(), 0.6, atol=0.01)


def test_chunks_hold_everybody_once():
    assert chunks(FAST.sized(45_000)) == [(0, 20_000), (20_000, 20_000), (40_000, 5_000)]


def test_each_patient_gets_the_dose_per_kilogram_up_to_the_cap(whole):
    fast, slow = whole.rows["fast"], whole.rows["slow"]
    assert_allclose(fast["milligrams"], np.minimum(0.5 * fast["weight_kg"], 45.0), rtol=1e-6)
    assert_allclose(slow["milligrams"], 0.5 * slow["weight_kg"], rtol=1e-6)
    assert np.array_equal(fast["weight_kg"], slow["weight_kg"])


def test_outcomes_are_those_of_the_courses_themselves(whole):
    """Peak by maximum, area by the trapezoid rule, minutes above by counting a fine grid."""
    arm = FAST.arms[0]
    fine = trial({**changed("step", "0.25min"), "patients": 50})
    courses = fine.population.courses(fine.question(arm), 0, 50).cloud.levels["ketamine"]
    at, rows = np.asarray(fine.at_min), whole.rows["fast"]
    assert_allclose(rows["peak_ketamine"][:50], courses.max(axis=1), rtol=1e-6)
    assert_allclose(rows["area_ketamine"][:50], trapezoid(courses, at, axis=1) / 60, rtol=2e-3)
    assert_allclose(rows["minutes_above_ketamine_100"][:50], (courses > 100).sum(axis=1) * 0.25, atol=1.0)
    below = np.array([at[np.flatnonzero(course >= 70)[-1]] - 40 for course in courses])
    assert_allclose(rows["minutes_to_below_ketamine_70"][:50], below, atol=1.0)


def test_a_share_is_the_share_of_patients(whole):
    rows = whole.rows["fast"]["share_above_dissociation_0.5"]
    told = summary(FAST, whole)["arms"][0]["outcomes"]["share_above_dissociation_0.5"]
    assert set(np.unique(rows)) <= {0.0, 1.0}
    assert_allclose(told["share"], rows.mean(), rtol=1e-6)


def test_the_summary_reads_what_a_sort_reads(whole):
    told = summary(FAST, whole)["arms"][0]["outcomes"]["peak_ketamine"]
    exact = np.quantile(whole.rows["fast"]["peak_ketamine"], [0.05, 0.25, 0.5, 0.75, 0.95])
    assert_allclose([told[name] for name in ("p05", "p25", "median", "p75", "p95")], exact, rtol=0.005)
    capped = summary(FAST, whole)["arms"][0]["outcomes"]["milligrams"]
    assert capped["p95"] <= 45.0


def test_somebody_still_above_at_the_end_has_no_number_and_is_counted():
    early = trial({**changed("until", "100min"), "patients": 300})
    part = run_chunk(early, 0, 300, with_rows=True)
    missing = int(np.isnan(part.rows["slow"]["minutes_to_below_ketamine_70"]).sum())
    assert missing > 250 and part.counted["slow", "minutes_to_below_ketamine_70"].without == missing


def test_parts_add_up_to_the_same_bits_however_the_patients_are_shared(whole):
    """The patients of one run, cut in two between two workers."""
    one, other = run_chunk(FAST, 0, 2048, with_rows=True), run_chunk(FAST, 2048, 952, with_rows=True)
    assert summary(FAST, one.plus(other)) == summary(FAST, whole)
    for name, column in whole.rows["slow"].items():
        assert np.array_equal(np.concatenate([one.rows["slow"][name], other.rows["slow"][name]]), column, equal_nan=True)

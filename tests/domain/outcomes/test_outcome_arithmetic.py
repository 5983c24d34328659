"""The arithmetic of outcomes against textbooks and roads that share no line of code; R's own words are in test_r_says_the_same."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from winddown.domain.outcomes import adjusted, between, control_chart, disclosure, funnel, survival

# Freireich 1963, the drug's arm: days in remission, as printed in every textbook.
DRUG = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
DRUG_RELAPSED = [True] * 9 + [False] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_without_anybody_leaving_the_curve_is_the_share_still_well():
    curve = survival.kaplan_meier(PLACEBO, [True] * 21)
    assert [curve.at(day)[0] for day in (0, 5, 12)] == pytest.approx([1.0, 12 / 21, 4 / 21])
    assert math.isnan(curve.at(40)[0])


def test_those_who_left_are_counted_and_leave_the_number_at_risk():
    curve = survival.kaplan_meier([3, 5, 5, 9], [True, False, True, False])
    assert (curve.at_risk_at(0), curve.at_risk_at(4), curve.at_risk_at(6), curve.left_by(6), curve.left_by(9)) == (4, 3, 1, 1, 2)


def test_mean_days_well_is_the_area_of_the_curve():
    curve = survival.kaplan_meier([2, 4, 6, 8], [True, True, True, True])
    assert survival.restricted_mean(curve, 8) == pytest.approx((2 + 4 + 6 + 8) / 4)
    assert survival.restricted_mean(curve, 9) is None


def test_known_only_between_answers_agrees_with_r_interval_for_radiotherapy():
    """Finkelstein & Wolfe 1985, radiotherapy alone; the masses as `interval::icfit` prints them (Fay & Shaw 2010, table of bcos)."""
    printed_data = (
        "45- 6-10 0-7 46- 46- 7-16 17- 7-14 37-44 0-8 4-11 15- 11-15 22- 46- 46- 25-37 46- 26-40 46- 27-34 36-44 46- "
        "36-48 37- 40- 17-25 46- 11-18 38- 5-12 37- 0-5 18- 24- 36- 5-11 19-35 17-25 24- 32- 33- 19-26 37- 34- 36-"
    )
    pairs = [(float(a), float(b) if b else math.inf) for a, b in (each.split("-") for each in printed_data.split())]
    found = between.turnbull(*zip(*pairs, strict=True))
    printed = {(4, 5): 0.0463, (6, 7): 0.0334, (7, 8): 0.0887, (11, 12): 0.0708, (24, 25): 0.0926, (33, 34): 0.0818, (38, 40): 0.1209}
    masses = {(a, u): round(float(m), 4) for a, u, m in zip(found.after, found.until, found.mass, strict=True) if u < 46}
    assert masses == printed
    assert round(float(found.mass[-1]), 4) == 0.4656


def test_exact_days_between_answers_give_the_product_limit_curve():
    until = [day if ended else math.inf for day, ended in zip(DRUG, DRUG_RELAPSED, strict=True)]
    found = between.turnbull(DRUG, until)
    curve = survival.kaplan_meier(DRUG, DRUG_RELAPSED)
    for day in (6.5, 14, 22.5, 24):
        assert found.well_by(day) == pytest.approx((curve.at(day)[0],) * 2, abs=1e-5)


def test_standardizing_takes_away_what_the_mix_of_patients_made():
    """One protocol gets most of the severe patients, who respond half as often; between the protocols nothing differs."""
    rng = np.random.default_rng(5)
    severe = rng.random(4000) < 0.5
    second = rng.random(4000) < np.where(severe, 0.8, 0.2)
    responded = rng.random(4000) < np.where(severe, 0.3, 0.6)
    raw = responded[second].mean() - responded[~second].mean()
    design = np.column_stack([np.ones(4000), second, severe])
    fit = adjusted.logistic(design, responded, range(4000))
    one, other = design.copy(), design.copy()
    one[:, 1], other[:, 1] = 1, 0
    apart = adjusted.contrast(fit, one, other)
    assert raw < -0.15
    assert apart.low < 0 < apart.high
    assert abs(apart.value) < 0.05


def test_repeated_series_of_one_person_do_not_count_as_several_people():
    rng = np.random.default_rng(9)
    value, outcome = rng.normal(size=80), rng.random(80) < 0.5
    design = np.column_stack([np.ones(80), value])
    once = adjusted.logistic(design, outcome, range(80))
    copied = adjusted.logistic(np.repeat(design, 5, axis=0), np.repeat(outcome, 5), np.repeat(np.arange(80), 5))
    assert np.allclose(once.covariance, copied.covariance, rtol=1e-6)


def test_too_few_outcomes_are_refused_and_not_fitted():
    with pytest.raises(adjusted.TooFew) as refused:
        adjusted.logistic(np.column_stack([np.ones(30), np.arange(30)]), [True] * 3 + [False] * 27, range(30))
    assert refused.value.told() == {"code": "too_few_outcomes", "rarer": "3", "terms": "1", "least": "5"}


def test_a_trait_that_another_one_tells_is_refused_with_how_many_can_be_told_apart():
    age = np.arange(60.0)
    with pytest.raises(adjusted.TooFew) as refused:
        adjusted.logistic(np.column_stack([np.ones(60), age, 2 * age]), [True, False] * 30, range(60))
    assert refused.value.told() == {"code": "terms_not_apart", "terms": "2", "apart": "1"}


def test_chance_of_a_count_is_that_of_every_way_to_get_it():
    chances = [0.2, 0.5, 0.7, 0.9]
    ways = [0.0] * 5
    for picked in itertools.product([0, 1], repeat=4):
        ways[sum(picked)] += math.prod(c if p else 1 - c for c, p in zip(chances, picked, strict=True))
    assert funnel.poisson_binomial(chances) == pytest.approx(ways)


def test_a_place_with_harder_patients_is_judged_by_them():
    hard = funnel.unit("hard", 30, [0.3] * 100, 0.5)
    easy = funnel.unit("easy", 30, [0.7] * 100, 0.5)
    assert (hard.inside, round(hard.adjusted, 2), easy.inside) == ("95", 0.5, "out")


def test_funnel_limits_hold_the_share_of_steady_places_that_they_promise():
    rng = np.random.default_rng(3)
    outside = [funnel.unit("", int(rng.binomial(60, 0.5)), [0.5] * 60, 0.5).inside in ("99.8", "out") for _ in range(600)]
    assert 0.01 < np.mean(outside) < 0.075


def test_months_of_a_steady_clinic_seldom_signal_and_a_bad_one_does():
    rng = np.random.default_rng(8)
    steady = [(str(n), int(rng.poisson(8)), 100) for n in range(600)]
    beyond = sum(month.signal in ("high", "low") for month in control_chart.u_chart(steady).months)
    assert beyond <= 6
    chart = control_chart.u_chart([*steady[:11], ("bad", 25, 100)])
    assert chart.months[-1].signal == "high"


def test_poisson_limits_leave_no_more_than_their_tail_outside():
    for mean in (0.4, 2.0, 8.0, 40.0):
        low, high = control_chart.poisson_limits(mean)
        chances = [math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(200)]
        assert sum(chances[:low]) <= 0.00135
        assert sum(chances[high + 1 :]) <= 0.00135


def test_small_counts_cannot_be_worked_out_from_the_totals():
    rows = [[40, 5, 60], [30, 25, 80], [12, 50, 33]]
    shown = disclosure.table(rows)
    assert shown[0][1] is None
    for line in [*shown, *zip(*shown, strict=True)]:
        assert sum(count is None for count in line) != 1

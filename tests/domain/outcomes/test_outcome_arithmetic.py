"""The arithmetic of outcomes against what others published: R's `survival`, textbooks, and roads that share no line of code."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from winddown.domain.outcomes import adjusted, between, control_chart, disclosure, funnel, shares, survival

# Freireich 1963, the drug's arm: days in remission, as printed in every textbook.
DRUG = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
DRUG_RELAPSED = [True] * 9 + [False] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# R survival, dataset `aml`, the arm that was maintained.
MAINTAINED = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
MAINTAINED_RELAPSED = [True, True, False, True, True, False, True, True, False, True, False]
NOT_MAINTAINED = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
NOT_MAINTAINED_RELAPSED = [True, True, True, True, True, False, True, True, True, True, True, True]


def test_curve_and_log_log_band_are_those_r_prints_for_freireichs_trial():
    """summary(survfit(Surv(time, cens) ~ 1, conf.type = "log-log")) on the drug's arm."""
    curve = survival.kaplan_meier(DRUG, DRUG_RELAPSED)
    printed = {
        6: (21, 3, 0.857, 0.0764, 0.620, 0.952),
        7: (17, 1, 0.807, 0.0869, 0.563, 0.923),
        10: (15, 1, 0.753, 0.0963, 0.503, 0.889),
        13: (12, 1, 0.690, 0.1068, 0.432, 0.849),
        16: (11, 1, 0.627, 0.1141, 0.368, 0.805),
        22: (7, 1, 0.538, 0.1282, 0.268, 0.747),
        23: (6, 1, 0.448, 0.1346, 0.188, 0.680),
    }
    events = {
        int(day): (int(curve.at_risk[n]), int(curve.relapsed[n]), *(round(float(line[n]), 3) for line in (curve.survival,)))
        for n, day in enumerate(curve.times)
        if curve.relapsed[n]
    }
    assert events == {day: row[:3] for day, row in printed.items()}
    for day, row in printed.items():
        _, error, low, high = curve.at(day)
        assert (round(error, 4), round(low, 3), round(high, 3)) == row[3:]


def test_curve_error_and_median_are_those_r_prints_for_aml():
    """summary(survfit(Surv(time, status) ~ x, data = aml)): survival and standard error; median 31 and 23."""
    curve = survival.kaplan_meier(MAINTAINED, MAINTAINED_RELAPSED)
    printed = [(9, 0.909, 0.0867), (13, 0.818, 0.1163), (18, 0.716, 0.1397), (23, 0.614, 0.1526), (31, 0.491, 0.1642), (34, 0.368, 0.1627)]
    assert [(day, round(curve.at(day)[0], 3), round(curve.at(day)[1], 4)) for day, _, _ in printed] == printed
    assert (curve.median[0], survival.kaplan_meier(NOT_MAINTAINED, NOT_MAINTAINED_RELAPSED).median[0]) == (31, 23)


def test_log_rank_is_that_of_r_survdiff():
    """survdiff on aml: expected 10.69 of 7 and 7.31 of 11, chi-square 3.4, p 0.07; on Freireich's trial 16.8."""
    days, ended = MAINTAINED + NOT_MAINTAINED, MAINTAINED_RELAPSED + NOT_MAINTAINED_RELAPSED
    test = survival.log_rank(days, ended, [True] * 11 + [False] * 12)
    assert (test.observed, round(test.expected, 2), round(test.chi_square, 1), round(test.p, 2)) == (7, 10.69, 3.4, 0.07)
    other = survival.log_rank(DRUG + PLACEBO, DRUG_RELAPSED + [True] * 21, [True] * 21 + [False] * 21)
    assert round(other.chi_square, 1) == 16.8


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


def test_wilson_and_newcombe_are_newcombes_own_table():
    """Newcombe 1998: 81 of 263 is 0.2553 to 0.3662; 56/70 minus 48/80 is 0.0524 to 0.3339 (method 10)."""
    one = shares.share(81, 263)
    assert (round(one.low, 4), round(one.high, 4)) == (0.2553, 0.3662)
    apart = shares.difference(shares.share(56, 70), shares.share(48, 80))
    assert (round(apart.value, 4), round(apart.low, 4), round(apart.high, 4)) == (0.2, 0.0524, 0.3339)


def test_rate_limits_are_the_published_exact_poisson_limits():
    """Garwood's limits for 10 events: 4.795 to 18.39; for none: 0 to 3.689."""
    found, none = shares.rate(10, 1000), shares.rate(0, 1000)
    assert (round(found.low, 3), round(found.high, 2), none.low, round(none.high, 3)) == (4.795, 18.39, 0.0, 3.689)


def test_logistic_coefficients_are_those_r_prints_for_mtcars():
    """glm(am ~ wt, binomial, mtcars): 12.040 and -4.024."""
    weight = [2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345, 2.2, 1.615, 1.835]
    weight += [2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78]
    manual = [True] * 3 + [False] * 14 + [True] * 3 + [False] * 5 + [True] * 7
    fit = adjusted.logistic(np.column_stack([np.ones(32), weight]), manual, range(32))
    assert [round(float(each), 3) for each in fit.coefficients] == [12.040, -4.024]


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
    with pytest.raises(adjusted.TooFew):
        adjusted.logistic(np.column_stack([np.ones(30), np.arange(30)]), [True] * 3 + [False] * 27, range(30))


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

"""The forecast of relief against other roads to the same number, and against patients who follow other laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from tests.domain.relief.cohort import invent
from tests.domain.relief.judged import judge, practice
from winddown.domain.booking.series_rules import packaged_series, series_rule
from winddown.domain.refusals import Missing
from winddown.domain.relief.ahead import foretell
from winddown.domain.relief.booster import propose
from winddown.domain.relief.honesty import Evening, held
from winddown.domain.relief.learn import Told, correlation, greatest, learn, shapes
from winddown.domain.relief.prior import LASTING, PUBLISHED, SPREADS, Prior
from winddown.domain.relief.simple import LEVELS, Group, carried_forward, crps

FADING = [(-3.5, 8), (-2.5, 7), (-1.5, 8), (-0.5, 8), (0.5, 3), (1.5, 3), (2.5, 4), (4.5, 4), (7.5, 5), (9.5, 5), (12.5, 7), (13.5, 7)]


def told_of(scores=FADING, infusions=(0.0,)) -> Told:
    return Told.of(scores, list(infusions))


def test_the_weight_of_each_cell_is_the_likelihood_of_the_scores_with_baseline_and_gain_integrated_out():
    told = told_of()
    learned = learn(told, PUBLISHED)
    shape = shapes(told, told.days) / greatest(told)[:, None]
    scale = told.before.mean()
    log_prior = PUBLISHED.weights()

    def log_weight(cell, lasting, scatter):
        design = np.column_stack([np.ones(told.days.size), -shape[cell]])
        spread = np.diag([PUBLISHED.baseline[1], PUBLISHED.gain[1] * scale]) ** 2
        own = SPREADS[scatter] ** 2 * correlation(told.days, *LASTING[lasting])
        middle = design @ [PUBLISHED.baseline[0], PUBLISHED.gain[0] * scale]
        likelihood = multivariate_normal(middle, own + design @ spread @ design.T).logpdf(told.pain)
        grid = (log_prior["half_life"][:, None] + log_prior["shape"]).reshape(-1)
        return likelihood + grid[cell] + log_prior["lasting"][lasting] + log_prior["scatter"][scatter]

    cells = [(20, 0, 2), (150, 2, 3), (300, 5, 1)]
    found = [np.log(learned.weights[0][cell]) for cell in cells]
    expected = [log_weight(*cell) for cell in cells]
    assert np.diff(found) == pytest.approx(np.diff(expected), abs=1e-6)
    assert learned.weights.sum() == pytest.approx(1)


def test_before_the_own_scores_speak_there_is_no_curve():
    few = foretell(told_of(FADING[:7]), PUBLISHED, from_day=3, until_day=30)
    bare = foretell(told_of(FADING[4:]), PUBLISHED, from_day=14, until_day=30)
    assert (few.known, few.has_curve, few.fade) == ("too_few", False, None)
    assert (bare.known, bare.has_curve, bare.fade) == ("no_baseline", False, None)
    with pytest.raises(Missing):
        Told.of(FADING, [])


def test_a_course_that_fades_is_named_and_the_same_record_gives_the_same_forecast():
    scores = [*((day - 0.5, 8) for day in range(-8, 1)), *((day + 0.5, min(8, round(2 + day * 0.35))) for day in range(21))]
    one, other = (foretell(told_of(scores), PUBLISHED, from_day=21, until_day=50) for _ in range(2))
    assert one.known in ("known", "faded")
    assert one.fade == other.fade
    assert np.array_equal(one.quantiles, other.quantiles)
    assert 5 < one.fade.median < 14
    assert one.fade.most[0] < one.fade.half[0] < one.fade.median < one.fade.half[1] < one.fade.most[1]


def test_no_relief_is_said_and_no_date_is_made_up():
    scores = [(day + 0.5, 8 if day % 3 else 7) for day in range(-8, 25)]
    found = foretell(told_of(scores), PUBLISHED, from_day=25, until_day=60)
    assert (found.known, found.fade) == ("no_relief", None)


def test_the_prior_is_kept_and_read_back_as_it_was():
    assert Prior.from_data(PUBLISHED.as_data()) == PUBLISHED
    assert Group.from_data(Group().as_data()) == Group()


def test_crps_of_quantiles_agrees_with_the_closed_form_of_a_normal():
    mean, spread = 5.0, 1.2
    seen = np.array([2.5, 4.0, 5.0, 7.0])
    z = (seen - mean) / spread
    closed = spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    quantiles = np.tile(norm(mean, spread).ppf(LEVELS), (4, 1))
    assert crps(quantiles, seen) == pytest.approx(closed, abs=0.12)


def test_a_carried_score_is_centered_on_the_last_one_and_widens():
    bands = carried_forward(Group(), told_of(), np.array([14.0, 60.0]))
    assert list(bands[:, 9]) == [7, 7]
    assert bands[1, 0] < bands[0, 0]


def test_a_small_cohort_of_other_laws_is_covered_and_the_simple_rules_are_beaten():
    prior, group, middle = practice(range(900, 910))
    found = judge(range(30), prior, group, middle)
    assert 0.85 <= found.cover90 <= 0.95
    assert found.crps[0] < min(found.crps[1:])


def test_the_invented_patients_are_not_of_the_models_family():
    person = next(each for each in map(invent, range(50)) if each.responds)
    assert person.pain.min() >= 0
    assert person.pain.max() <= 10
    assert person.fades[1] > 0


@pytest.mark.parametrize(
    ("evenings", "carried", "group", "inside", "verdict"),
    [
        (99, 0.5, 0.5, 1.0, "too_few"),
        (104, 1.2, 1.2, 0.9, "holds"),
        (104, 0.9, 1.2, 0.9, "beaten_by_the_last_score"),
        (104, 1.2, 1.0, 0.9, "beaten_by_the_group"),
        (104, 1.2, 1.2, 0.75, "too_narrow"),
    ],
)
def test_a_forecast_that_loses_is_switched_off_by_rule(evenings, carried, group, inside, verdict):
    told = held([Evening(n % 8, True, n < inside * evenings, 1.0, carried, group) for n in range(evenings)])
    assert told.verdict == verdict
    assert told.is_off == (verdict not in ("too_few", "holds"))


NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chance_today", "chance_in_a_week", "infusions_this_year", "kind"),
    [(0.2, 0.4, 1, None), (0.2, 0.6, 1, "booster"), (0.9, 0.95, 1, "booster"), (0.2, 0.6, 26, "review"), (0.5, 0.5, 1, None)],
)
def test_a_visit_is_proposed_when_fading_is_likely_and_a_booster_only_within_the_year(
    chance_today, chance_in_a_week, infusions_this_year, kind
):
    rule = series_rule({"series": packaged_series("pain-80mg-150min")})
    given = [NOW - timedelta(days=20 + n) for n in range(infusions_this_year)]
    faded = [(NOW, chance_today), (NOW + timedelta(days=6), chance_in_a_week), (NOW + timedelta(days=30), 1.0)]
    found = propose(faded, given, rule, at=NOW)
    assert (found.kind if found else None) == kind
    if found:
        assert found.not_before == max(given) + timedelta(hours=24)


def test_nothing_of_a_booster_is_proposed_where_the_protocol_has_no_rule():
    assert propose([(NOW, 0.9)], [NOW - timedelta(days=20)], None, at=NOW).kind == "review"


@pytest.mark.proof
def test_on_a_thousand_patients_of_other_laws_bands_cover_and_the_date_beats_both_rules(capsys):
    prior, group, middle = practice(range(50_000, 50_300))
    found = judge(range(1000), prior, group, middle)
    with capsys.disabled():
        print(found)
    assert 0.87 <= found.cover90 <= 0.93
    assert 0.45 <= found.cover50 <= 0.57
    assert found.crps[0] < min(found.crps[1:])
    assert found.fade_error[0] < min(found.fade_error[1:])

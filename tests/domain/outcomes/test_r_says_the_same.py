"""Our arithmetic against what R's own `survival` said of the same people (r/judge.R makes r/said.csv; no test runs R)."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from winddown.domain.outcomes import adjusted, between, control_chart, funnel, shares, survival

HERE = Path(__file__).parent / "r"
EXACT = {"rel": 1e-10, "abs": 1e-12}
CURVES = ("ties", "ties_a", "ties_b", "ties_c", "flat", "halts", "early", "parts", "freireich", "aml", "lung")


@cache
def said() -> dict[tuple[str, str], dict[float, float]]:
    found: dict[tuple[str, str], dict[float, float]] = defaultdict(dict)
    with (HERE / "said.csv").open() as file:
        for row in csv.DictReader(file):
            found[row["case"], row["quantity"]][float(row["place"])] = float("nan" if row["value"] == "NA" else row["value"])
    return found


def r(case: str, quantity: str) -> list[float]:
    return list(said()[case, quantity].values())


def people(name: str) -> list[dict[str, str]]:
    with (HERE / "data" / f"{name}.csv").open() as file:
        return list(csv.DictReader(file))


def followed(case: str, *groups: str) -> tuple[list[float], list[bool], list[str]]:
    name, _, one = case.partition("_")
    rows = [row for row in people(name) if row["group"] in (groups or one or "abc")]
    return [float(row["days"]) for row in rows], [row["ended"] == "1" for row in rows], [row["group"] for row in rows]


def curve_of(case: str, *groups: str) -> survival.Curve:
    days, ended, _ = followed(case, *groups)
    return survival.kaplan_meier(days, ended)


@pytest.mark.parametrize("case", CURVES)
def test_curve_numbers_at_risk_and_errors_are_rs(case):
    ours = curve_of(case)
    assert ours.times.tolist() == pytest.approx(list(said()[case, "surv"]), **EXACT)
    assert [ours.at_risk.tolist(), ours.relapsed.tolist(), ours.left.tolist()] == [
        r(case, name) for name in ("n.risk", "n.event", "n.censor")
    ]
    assert ours.survival.tolist() == pytest.approx(r(case, "surv"), **EXACT)
    assert ours.error.tolist() == pytest.approx(r(case, "std.err"), nan_ok=True, **EXACT)


@pytest.mark.parametrize("case", CURVES)
def test_log_log_bands_are_rs_where_r_has_one(case):
    """R has no band while all are well; ours is closed at 1 there."""
    ours = curve_of(case)
    whole = ours.survival >= 1
    assert np.isnan(np.array(r(case, "lower"))[whole]).all()
    assert (ours.low[whole] == 1).all()
    assert (ours.high[whole] == 1).all()
    for mine, name in ((ours.low, "lower"), (ours.high, "upper")):
        assert mine[~whole].tolist() == pytest.approx(np.array(r(case, name))[~whole].tolist(), nan_ok=True, **EXACT)


@pytest.mark.parametrize("case", CURVES)
def test_median_with_its_limits_and_mean_are_rs(case):
    ours = curve_of(case)
    told = [math.nan if each is None else each for each in ours.median]
    assert told == pytest.approx(r(case, "median"), nan_ok=True, **EXACT)
    assert survival.restricted_mean(ours, ours.last_day) == pytest.approx(r(case, "rmean")[0], **EXACT)


@pytest.mark.parametrize("case", ["ties", "flat", "halts", "early", "parts", "freireich", "aml", "lung"])
def test_log_rank_is_rs(case):
    days, ended, group = followed(case, "a", "b")
    test = survival.log_rank(days, ended, [each == "a" for each in group])
    assert test.observed == r(case, "logrank.observed")[0]
    assert test.expected == pytest.approx(r(case, "logrank.expected")[0], **EXACT)
    assert test.chi_square == pytest.approx(r(case, "logrank.chisq")[0], **EXACT)
    assert test.p == pytest.approx(r(case, "logrank.p")[0], rel=1e-8)


@pytest.mark.parametrize("case", ["ties", "parts"])
@pytest.mark.parametrize("day", [7, 28, 56])
def test_difference_of_two_curves_follows_from_rs_limits(case, day):
    found = survival.apart(curve_of(case, "a"), curve_of(case, "b"), day)
    assert [found.value, found.low, found.high] == pytest.approx(
        [said()[case, name][day] for name in ("apart", "apart.low", "apart.high")], **EXACT
    )


@pytest.mark.parametrize("case", ["between", "radiotherapy"])
def test_known_only_between_answers_agrees_with_r_and_is_no_less_likely(case):
    """R stops its rounds early, so its curve is near and its likelihood at most ours."""
    after = [float(row["after"]) for row in people(case)]
    until = [math.inf if row["until"] == "NA" else float(row["until"]) for row in people(case)]
    ours = between.turnbull(after, until)
    for day, share in said()[case, "surv"].items():
        least, most = ours.well_by(day)
        assert least - 5e-3 <= share <= most + 5e-3

    def likelihood(mass_in) -> float:
        return sum(math.log(mass_in(first, last)) for first, last in zip(after, until, strict=True))

    steps = sorted(said()[case, "surv"].items())

    def by_r(first: float, last: float) -> float:
        level = [1.0, *(share for _, share in steps)]
        days = [day for day, _ in steps]
        begun = level[np.searchsorted(days, first, side="left" if first == last else "right")]
        return begun - (0.0 if last == math.inf else level[np.searchsorted(days, last, side="right")])

    def by_us(first: float, last: float) -> float:
        inside = (ours.until <= last) & (ours.after >= (first if first < last else np.nextafter(first, -1)))
        return float(ours.mass[inside].sum())

    assert likelihood(by_us) >= likelihood(by_r) - 1e-6


def test_adjusted_chances_and_their_errors_by_patient_are_rs():
    rows = people("mix")
    columns = [[float(row[name]) for row in rows] for name in ("second", "baseline", "age")]
    design = np.column_stack([np.ones(len(rows)), *columns])
    fit = adjusted.logistic(design, [row["responded"] == "1" for row in rows], [int(row["patient"]) for row in rows])
    assert fit.coefficients.tolist() == pytest.approx(r("mix", "coefficient"), rel=1e-7)
    assert np.sqrt(np.diag(fit.covariance)).tolist() == pytest.approx(r("mix", "robust.error"), rel=1e-7)
    one, two = design.copy(), design.copy()
    one[:, 1], two[:, 1] = 1, 0
    apart = adjusted.contrast(fit, one, two)
    assert [apart.value, apart.low, apart.high] == pytest.approx(r("mix", "contrast"), rel=1e-7)
    mean = adjusted.standardized(fit, one)
    assert [mean.value, mean.low, mean.high] == pytest.approx(r("mix", "standardized"), rel=1e-7)


@pytest.mark.parametrize(("count", "of"), [(0, 9), (1, 12), (81, 263), (40, 40)])
def test_interval_of_a_share_is_rs(count, of):
    found = shares.share(count, of)
    assert [found.low, found.high] == pytest.approx(r(f"share_{count}_{of}", "wilson"), **EXACT)


def test_interval_of_a_difference_follows_from_rs_limits():
    found = shares.difference(shares.share(56, 70), shares.share(48, 80))
    assert [found.value, found.low, found.high] == pytest.approx(r("newcombe", "difference"), **EXACT)


@pytest.mark.parametrize("count", [0, 1, 7, 120])
def test_exact_limits_of_a_rate_are_rs(count):
    found = shares.rate(count, 1000)
    assert [found.low, found.high] == pytest.approx(r(f"rate_{count}", "garwood"), **EXACT)


@pytest.mark.parametrize("size", [5, 30, 200])
@pytest.mark.parametrize("level", [0.95, 0.998])
def test_limits_of_a_funnel_are_rs(size, level):
    ((_, low, high),) = funnel.limits_by_size(0.55, [size], level)
    assert [low, high] == pytest.approx(r(f"funnel_{size}", f"limits_{level}"), **EXACT)


def test_chance_of_a_count_among_unlike_people_is_that_of_fouriers_road():
    density = funnel.poisson_binomial(r("unlike", "chance"))
    assert density.tolist() == pytest.approx(r("unlike", "density"), abs=1e-13)


@pytest.mark.parametrize("mean", ["0.3", "2", "8.4", "60", "900"])
def test_limits_of_the_control_chart_are_rs_quantiles(mean):
    assert list(control_chart.poisson_limits(float(mean))) == r("chart", f"poisson_{mean}")

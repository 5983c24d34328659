"""What the live chart asks for, in one call."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import numpy as np
import pytest

from winddown.domain.figures import Figure
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.chart import ANALGESIC_LOW, Threshold, chart_forecast
from winddown.domain.pharmacology.effects.dissociation import DISSOCIATION
from winddown.domain.pharmacology.effects.pressure import PRESSURE
from winddown.domain.pharmacology.individual import Observation, Seen
from winddown.domain.pharmacology.individual.figures import TABLE as LEARNED_FROM
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import Schedule, dose_over
from winddown.domain.refusals import NotAllowed, OutOfRange

HALF_MG = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=70)
PATIENT = Patient(70, 45, "female")


def test_the_chart_is_plain_data_with_every_line_on_one_time_axis():
    data = json.loads(json.dumps(chart_forecast(PATIENT, HALF_MG, 12.5, 240).as_data(), allow_nan=False))
    count = len(data["times_min"])
    assert data["times_min"][0] == 0 and data["times_min"][-1] == 240 and 12.5 in data["times_min"] and 40 in data["times_min"]
    lines = [data["plasma"], data["effect_site"], *data["effects"].values()]
    assert all(len(line[key]) == count for line in lines for key in ("median", "p05", "p25", "p75", "p95", "typical"))
    assert len(data["norketamine"]["median"]) == len(data["second"]["median"]) == count
    assert set(data["effects"]) == {"dissociation", "systolic_rise"}
    assert data["model"] == {
        "id": "pk_rs_default",
        "name": "Winddown default (Simons 2022 S, with an R copy)",
        "site": "arterial",
        "analyte": "ketamine",
    }
    assert "calibrated on simulated patients only" in data["coverage"]


def test_the_third_link_of_the_chain_comes_after_the_second():
    """Drug, norketamine, hydroxynorketamine: each peaks later than what it is made of."""
    found = chart_forecast(PATIENT, HALF_MG, 0, 480)
    peaks = [int(line.band.p50.argmax()) for line in (found.plasma, found.norketamine, found.hydroxynorketamine)]
    assert peaks == sorted(set(peaks)) and found.hydroxynorketamine.rating == "exploratory"


def test_the_chart_counts_every_figure_that_nobody_published():
    """The model's own, those of the two effects drawn, and once something was learned those of the scatter as well."""
    typical = chart_forecast(PATIENT, HALF_MG, 0, 60)
    learned = chart_forecast(PATIENT, HALF_MG, 0, 60, seen=Seen((Observation("cadss6", 30.0, 6.0),)))
    tables = (models.get("pk_rs_default").table, DISSOCIATION.table, PRESSURE.table)
    assert typical.guesses == sum(parameter.level in ("D", "E") for table in tables for parameter in table) > 0
    assert learned.guesses == typical.guesses + sum(parameter.level == "E" for parameter in LEARNED_FROM)


def test_plasma_on_the_chart_never_rises_after_the_stop():
    found = chart_forecast(PATIENT, HALF_MG.until(20), 20, 120)
    after = found.times_min >= 20
    assert np.all(np.diff(found.plasma.band.p50[after]) < 0) and np.all(np.diff(found.plasma.band.p95[after]) < 0)


def test_a_what_if_changes_the_future_and_not_the_past():
    planned = chart_forecast(PATIENT, HALF_MG, 20, 120)
    faster = chart_forecast(PATIENT, HALF_MG.until(20).extended(1.75, 30), 20, 120)
    before_planned, before_faster = planned.times_min <= 20, faster.times_min <= 20
    np.testing.assert_allclose(planned.plasma.band.p50[before_planned], faster.plasma.band.p50[before_faster], rtol=1e-9)
    assert np.interp(30, faster.times_min, faster.plasma.band.p50) > 1.4 * np.interp(30, planned.times_min, planned.plasma.band.p50)


def test_two_published_models_that_disagree_by_more_than_the_band_say_where():
    second = chart_forecast(PATIENT, HALF_MG, 20, 240).second
    assert (second.model_id, second.differs) == ("pk_rac_domino", True)
    assert "leaves the 5 to 95% band" in second.words


@pytest.mark.parametrize("minutes", [(20, 38), (60, 120)])
def test_a_second_model_differs_exactly_when_its_line_leaves_the_band(minutes):
    """Judged on the drawn numbers: before the stop the two agree, in the washout they do not."""
    found = chart_forecast(Patient(70), HALF_MG, 0, 240)
    window = (found.times_min >= minutes[0]) & (found.times_min <= minutes[1])
    line, band = found.second.median[window], found.plasma.band
    inside = np.all((line >= band.p05[window]) & (line <= band.p95[window]))
    assert inside == (minutes[1] < 40)


def test_esketamine_gets_a_second_opinion_from_a_model_of_s_ketamine():
    quarter = dose_over("esketamine", "0.25mg/kg", "40min", weight_kg=70)
    found = chart_forecast(PATIENT, quarter, 0, 60)
    assert (found.second.model_id, found.second.site) == ("pk_s_noppers2011", "arterial")
    assert found.second.median.max() == pytest.approx(found.plasma.typical.max(), rel=0.15)


def test_a_pump_that_repeats_its_rate_every_few_seconds_changes_nothing():
    repeated = Schedule("racemic")
    for second in range(0, 2400, 7):
        repeated = repeated.extended(0.875, min(2400, second + 7) / 60)
    once, often = (chart_forecast(PATIENT, course, 20, 120) for course in (HALF_MG, repeated))
    assert np.array_equal(once.times_min, often.times_min)
    np.testing.assert_allclose(often.plasma.band.p95, once.plasma.band.p95, rtol=1e-12)


def test_a_model_is_no_second_opinion_on_itself():
    assert chart_forecast(PATIENT, HALF_MG, 0, 60, model_id="pk_rac_domino").second is None


def test_the_clock_gives_the_minute_for_half_and_for_nine_of_ten():
    below = chart_forecast(PATIENT, HALF_MG, 20, 240).clock[ANALGESIC_LOW.name]
    assert 40 < below.median_min < below.most_min < 140
    assert "not a discharge criterion" in below.caveat


def test_an_unknown_rate_leaves_the_lines_blank_and_the_clock_silent():
    found = chart_forecast(PATIENT, replace(HALF_MG, unknown_from_min=30.0), 35, 120)
    beyond = found.times_min > 30
    for line in (
        found.plasma.band.p50,
        found.plasma.typical,
        found.norketamine.band.p50,
        found.second.median,
        found.effects["dissociation"].band.p95,
    ):
        assert np.isnan(line).tolist() == beyond.tolist()
    assert found.clock[ANALGESIC_LOW.name].median_min is None
    assert not found.valid and found.valid_until_min == 30


def test_the_hash_holds_what_decides_the_numbers():
    base = chart_forecast(PATIENT, HALF_MG, 20, 120)
    assert base.input_hash == chart_forecast(PATIENT, HALF_MG, 20, 120).input_hash
    others = [
        chart_forecast(replace(PATIENT, weight_kg=70.1), HALF_MG, 20, 120),
        chart_forecast(PATIENT, HALF_MG.until(39.9), 20, 120),
        chart_forecast(PATIENT, HALF_MG, 20, 120, seed=2),
        chart_forecast(PATIENT, HALF_MG, 20, 120, n=100),
        chart_forecast(PATIENT, HALF_MG, 20, 121),
        chart_forecast(PATIENT, HALF_MG, 20, 120, model_id="pk_s_simons2022"),
        chart_forecast(PATIENT, HALF_MG, 20, 120, thresholds=()),
    ]
    assert len({base.input_hash, *(other.input_hash for other in others)}) == len(others) + 1


def test_a_model_without_an_effect_site_draws_plasma_and_refuses_an_effect_site_threshold():
    found = chart_forecast(PATIENT, HALF_MG, 20, 120, model_id="pk_rac_kamp2020_meta")
    assert (found.effect_site, found.norketamine, found.effects) == (None, None, {})
    threshold = Threshold("site", Figure(50, "ng/mL", "test", "unverified"), "effect_site")
    with pytest.raises(NotAllowed, match="no effect site"):
        chart_forecast(PATIENT, HALF_MG, 20, 120, model_id="pk_rac_kamp2020_meta", thresholds=(threshold,))


@pytest.mark.parametrize(("now_min", "horizon_min"), [(0, 0), (50, 40), (-1, 40), (0, float("nan"))])
def test_a_horizon_that_is_not_ahead_is_refused(now_min, horizon_min):
    with pytest.raises(OutOfRange, match="not ahead"):
        chart_forecast(PATIENT, HALF_MG, now_min, horizon_min)


def test_a_long_infusion_keeps_to_three_hundred_steps():
    long = Schedule("racemic").extended(20 / 60, 7200)
    assert chart_forecast(PATIENT, long, 600, 10_000).times_min.size <= 303


@pytest.mark.proof
def test_a_what_if_answers_within_a_tenth_of_a_second_of_processor_time():
    """200 patients, five hours by the minute, twelve rate changes at odd moments."""
    course = Schedule("racemic")
    for step in range(12):
        course = course.extended(0.3 + 0.02 * step, 20.37 * (step + 1))
    chart_forecast(PATIENT, course, 20, 300)
    spent = []
    for _ in range(7):
        begin = time.process_time()
        chart_forecast(PATIENT, course, 20, 300).as_data()
        spent.append(time.process_time() - begin)
    assert min(spent) < 0.1


def test_the_clock_of_the_typical_patient_needs_neither_the_second_opinion_nor_what_was_learned() -> None:
    whole = chart_forecast(PATIENT, HALF_MG, 45, 240, seen=Seen((Observation("cadss6", 30.0, 6.0),)))
    alone = chart_forecast(PATIENT, HALF_MG, 45, 240, second_model_id=None)
    assert whole.personal is not None
    assert {name: below.as_data() for name, below in alone.clock.items()} == {name: below.as_data() for name, below in whole.clock.items()}

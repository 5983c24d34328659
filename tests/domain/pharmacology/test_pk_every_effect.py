"""The effects beyond dissociation and pressure: each against a number that somebody else published or computed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import norm

from winddown.domain.pharmacology import effects, models
from winddown.domain.pharmacology.effects import ACUTE, ANALGESIA, CARDIAC_OUTPUT, EVERY, RECEPTOR, SEDATION, mood, relief
from winddown.domain.pharmacology.effects.effect import require_drivers, require_may_rank
from winddown.domain.pharmacology.effects.foretold import foretell
from winddown.domain.pharmacology.effects.weeks import NO_VALIDATED_PREDICTION, NoCurve, Outside, WeeksCourse
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import dose_over, steps
from winddown.domain.refusals import NotAllowed, UnknownWord

DEFAULT = models.get("pk_rs_default")
VENOUS = models.get("pk_s_fanta2015_otto2021")
STANDARD = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=75)
TITRATED = steps("esketamine", "5mg/h:12h,10mg/h:12h,15mg/h:12h,20mg/h:12h,22.2mg/h:52h", weight_kg=70)


def typical(key: str, at_min: list[float]) -> np.ndarray:
    return foretell(DEFAULT, Patient(75), STANDARD, at_min, n=2).lines[key].typical


def test_cardiac_output_after_a_standard_infusion_is_what_an_independent_simulation_gave():
    """Reference section 3: 6.8 to 7.3 L/min at 40 min, 6.5 at 2 h, when norketamine outlasts ketamine."""
    np.testing.assert_allclose(typical("cardiac_output", [40, 120]), [7.3, 6.5], atol=0.06)


def test_receptor_occupancy_after_a_standard_infusion_is_what_an_independent_simulation_gave():
    """Reference section 4: 0.39 to 0.52 at the end."""
    assert 0.39 < typical("nmda_occupancy", [40])[0] < 0.52


def test_relief_of_experimental_pain_is_the_published_sum_of_two_parts():
    """Olofsen 2012: 100 ng/mL of ketamine and 50 of norketamine at their sites leave 3.8 - 1.5 = 2.3 cm less pain."""
    assert ANALGESIA.responses((np.array([[100.0]]), np.array([[50.0]])), None)["analgesia"][0][0, 0] == pytest.approx(2.3)


def test_relief_of_experimental_pain_stays_on_its_scale():
    found = ANALGESIA.responses((np.array([[0.0, 5000.0]]), np.array([[500.0, 0.0]])), None)["analgesia"][0]
    assert found.tolist() == [[0.0, 10.0]]


def test_cardiac_output_moves_by_a_quarter_at_each_published_level():
    none = np.zeros((1, 1))
    raised = CARDIAC_OUTPUT.responses((np.array([[399.4]]), none), None)["cardiac_output"][0]
    lowered = CARDIAC_OUTPUT.responses((none, np.array([[150.55]])), None)["cardiac_output"][0]
    assert raised[0, 0] / 6.8 == pytest.approx(1.25, rel=1e-3)
    assert lowered[0, 0] / 6.8 == pytest.approx(0.75, rel=1e-3)


@pytest.mark.parametrize("level", [100.0, 428.0, 642.0, 856.0, 2211.0])
def test_the_share_still_asleep_is_the_normal_distribution_of_the_waking_level(level):
    found = SEDATION.responses((np.array([[level]]),), None)["still_asleep"][0][0, 0]
    assert found == pytest.approx(norm.cdf(level, 642, 214) - norm.cdf(0, 642, 214), abs=2e-5)


def test_the_drug_high_of_three_stepped_hours_comes_out_higher_than_was_seen_and_its_sheet_says_so():
    """Jonkman 2018, 140 mg of racemate in three doubling hours, 20 men: area 9,070 (SD 4,630) mm x min. Not used to build it."""
    schedule = steps("racemic", "20mg/h:60min,40mg/h:60min,80mg/h:60min", weight_kg=75)
    times = np.linspace(0, 300, 601)
    high = foretell(DEFAULT, Patient(75), schedule, times, n=2).lines["drug_high"].typical
    assert 1.5 < 100 * np.trapezoid(high, times) / 9070 < 2
    assert any("Jonkman 2018" in words and "nearly twice" in words for words in effects.DRUG_HIGH.sheet.against)


def test_a_joint_effect_site_agrees_with_an_ode_of_both_sites():
    model, patient = DEFAULT, Patient(75)
    times = np.linspace(0, 120, 241)
    from winddown.domain.pharmacology.cloud import cloud

    plasma = cloud(model.parameters(patient), STANDARD, times, analytes=("s_ketamine", "s_norketamine")).levels
    k_s, k_n = np.log(2) / 2.28, np.log(2) / 29.3

    def change(minute, site):
        levels = [np.interp(minute, times, plasma[name][0]) for name in ("s_ketamine", "s_norketamine")]
        return [k_s * (levels[0] - site[0]), k_n * (levels[1] - site[1])]

    sites = solve_ivp(change, (0, 120), [0, 0], t_eval=times, max_step=0.25, rtol=1e-8).y
    expected = 6.8 * (1 + 0.25 * sites[0] / (237.73 * 1.68) - 0.25 * sites[1] / (223.7 * 0.673))
    np.testing.assert_allclose(foretell(model, patient, STANDARD, times, n=2).lines["cardiac_output"].typical, expected, rtol=2e-4)


def test_exploratory_lines_never_rank_a_dose_and_say_so():
    assert {scale.key for effect in EVERY for scale in effect.scales if scale.may_rank} == {"dissociation"}
    require_may_rank(effects.scale("dissociation"))
    for key in ("systolic_rise", "drug_high", "nmda_occupancy", "analgesia", "still_asleep"):
        with pytest.raises(NotAllowed, match="never ranks"):
            require_may_rank(effects.scale(key))
    with pytest.raises(UnknownWord, match="euphoria"):
        effects.scale("euphoria")


def test_the_rating_travels_with_every_line():
    for key, line in foretell(DEFAULT, Patient(75), STANDARD, [20, 40], n=5).lines.items():
        assert (line.rating, line.words) == (effects.scale(key).rating, effects.scale(key).words)
        assert line.as_data()["rating"] == line.rating


@pytest.mark.parametrize("model_id", [name for name in models.USABLE if models.get(name).card.sites[0] != "arterial"])
def test_a_model_of_another_site_drives_none_of_them(model_id):
    found = foretell(models.get(model_id), Patient(75), STANDARD, [40], n=2)
    assert dict(found.lines) == {}
    assert set(found.not_drawn) == {effect.key for effect in EVERY}


@pytest.mark.parametrize("effect", EVERY, ids=lambda effect: effect.key)
def test_the_venous_like_output_of_the_default_drives_nothing(effect):
    require_drivers(DEFAULT.card, effect)
    with pytest.raises(NotAllowed, match="arterial"):
        require_drivers(DEFAULT.card, effect, "venous")


def test_waking_levels_of_racemate_are_not_laid_over_esketamine():
    schedule = dose_over("esketamine", "0.25mg/kg", "40min", weight_kg=75)
    found = foretell(DEFAULT, Patient(75), schedule, [40], n=2)
    assert "still_asleep" not in found.lines and "racemic" in found.not_drawn["sedation"]
    assert "dissociation" in found.lines


def test_every_effect_falls_or_rests_after_the_stop_and_none_jumps():
    """From a millisecond around the stop on; cardiac output may fall below rest because norketamine lowers it."""
    moment = 1 / 60_000
    lines = foretell(DEFAULT, Patient(75), STANDARD, [40 - moment, 40, 40 + moment], n=20).lines
    for key, line in lines.items():
        assert np.ptp(line.typical) < 2e-3 * max(line.typical.max(), 1e-9), key


def test_the_third_reading_of_receptor_binding_widens_the_band_and_not_the_middle():
    levels = tuple(np.full((5, 1), value) for value in (150.0, 150.0, 40.0, 40.0))
    first, other, highest = RECEPTOR.responses(levels, None)["nmda_occupancy"]
    assert highest[0, 0] > first[0, 0] and other[0, 0] != first[0, 0]


# --- weeks ------------------------------------------------------------------------------------------------------------------------


def relieved(day: float, course: WeeksCourse) -> float:
    return float(np.interp(day, course.days, course.lines["relief_of_a_responder"].typical))


def test_relief_over_weeks_after_the_studied_infusion_is_what_an_independent_simulation_gave():
    """Reference, long-memory model: 0.79 at the end of 100 h, 0.78 on day 7, 0.48 on 28, 0.18 on 50, 0.03 on 84."""
    course = relief.course(VENOUS, Patient(70), TITRATED, indication="crps_1")
    for day, expected in ((100 / 24, 0.79), (7, 0.78), (28, 0.48), (50, 0.18), (84, 0.03)):
        assert relieved(day, course) == pytest.approx(expected, abs=0.015)
    assert course.shares == {"responders": 0.67, "responders_placebo": 0.23}


def test_the_slow_site_agrees_with_an_ode_over_twelve_weeks():
    from winddown.domain.pharmacology.cloud import cloud

    hours = np.linspace(0, 84 * 24, 84 * 24 * 4 + 1)
    plasma = cloud(VENOUS.parameters(Patient(70)), TITRATED, hours * 60, analytes=("s_ketamine",)).levels["s_ketamine"][0]
    k = np.log(2) / (10.9 * 24)
    site = solve_ivp(lambda h, x: k * (np.interp(h, hours, plasma) - x), (0, 2016), [0], t_eval=[168, 672, 2016], max_step=1, rtol=1e-8).y[
        0
    ]
    course = relief.course(VENOUS, Patient(70), TITRATED, indication="crps_1")
    np.testing.assert_allclose([relieved(day, course) for day in (7, 28, 84)], site / (10.5 + site), rtol=2e-3)


@pytest.mark.parametrize(
    ("schedule", "indication", "why"),
    [
        (dose_over("racemic", "0.5mg/kg", "40min", weight_kg=70), "crps_1", Outside("drug")),
        (
            dose_over("esketamine", "0.25mg/kg", "40min", weight_kg=70),
            "crps_1",
            Outside("length", {"hours": 40 / 60, "low": 90, "high": 110}),
        ),
        (TITRATED, "other_pain", Outside("indication")),
        (steps("esketamine", "40mg/h:100h", weight_kg=70), "crps_1", Outside("rate", {"rate": 40, "low": 5, "high": 24.2})),
        (steps("esketamine", "10mg/h:50h,0mg/h:5h,10mg/h:50h", weight_kg=70), "crps_1", Outside("pause")),
    ],
)
def test_outside_the_studied_regimen_there_is_no_curve_but_the_sentence(schedule, indication, why):
    found = relief.course(VENOUS, Patient(70), schedule, indication=indication)
    assert isinstance(found, NoCurve)
    assert found.sentence == NO_VALIDATED_PREDICTION == "No validated prediction for this protocol; 23% of placebo patients also responded."
    assert found.because.key == why.key
    assert dict(found.because.values) == pytest.approx(dict(why.values))


def test_relief_over_weeks_refuses_an_arterial_driver():
    with pytest.raises(NotAllowed, match="venous"):
        relief.course(models.get("pk_s_simons2022"), Patient(70), TITRATED, indication="crps_1")


def test_mood_is_largest_near_a_day_and_early_as_published():
    """An 2021: 9.96 (8.97 to 10.95) points at 24 h, 6.16 at 2 to 4 h."""
    course = mood.course(Patient(75), STANDARD, indication="depression")
    gain = course.lines["mood_gain"]
    at = {hour: float(np.interp(hour / 24, course.days, gain.typical)) for hour in (3, 24)}
    assert 8.97 < at[24] < 10.95
    assert at[3] == pytest.approx(6.2, abs=0.05)
    assert 0.5 < course.days[np.argmax(gain.typical)] < 1.5
    assert course.rating == "exploratory"


@pytest.mark.parametrize(
    ("schedule", "indication"),
    [
        (dose_over("racemic", "0.5mg/kg", "4h", weight_kg=75), "depression"),
        (dose_over("racemic", "1.5mg/kg", "40min", weight_kg=75), "depression"),
        (dose_over("racemic", "0.05mg/kg", "40min", weight_kg=75), "depression"),
        (dose_over("esketamine", "0.25mg/kg", "40min", weight_kg=75), "depression"),
        (STANDARD, "crps_1"),
    ],
)
def test_mood_of_a_plan_that_was_not_studied_is_not_drawn(schedule, indication):
    assert isinstance(mood.course(Patient(75), schedule, indication=indication), NoCurve)


def test_the_live_chart_draws_two_effects_only():
    assert [effect.key for effect in ACUTE] == ["dissociation", "pressure"]

"""Effects follow arterial S-ketamine through an effect site, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import forecast
from winddown.domain.pharmacology.effects import ACUTE, DISSOCIATION, PRESSURE
from winddown.domain.pharmacology.effects.effect import require_driver
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import dose_over, steps
from winddown.domain.refusals import NotAllowed

DEFAULT = models.get("pk_rs_default")
S_NG_PER_NMOL = 237.73


def half_mg_per_kg(weight_kg: float):
    return dose_over("racemic", "0.5mg/kg", "40min", weight_kg=weight_kg)


def test_dissociation_after_half_a_milligram_per_kg_is_what_an_independent_simulation_gave():
    """Reference section 4, 75 kg: about half of the scale at 40 min, 0.27 at 80 and 0.16 at 120 min."""
    found = forecast(Patient(75), half_mg_per_kg(75), [40, 80, 120], DEFAULT, n=1)
    np.testing.assert_allclose(found.effects["dissociation"].typical, [0.52, 0.27, 0.16], atol=0.012)
    assert found.effect_site.typical[0] / S_NG_PER_NMOL == pytest.approx(0.56, rel=0.06)


def test_dissociation_is_half_of_the_scale_at_the_published_concentration():
    level = np.array([[0.51 * S_NG_PER_NMOL]])
    for course in DISSOCIATION.responses(level, None)["dissociation"]:
        assert course[0, 0] == pytest.approx(0.5)


def test_the_rise_at_the_end_of_a_standard_infusion_is_that_of_the_meta_analysis():
    """By construction at 75 kg: +12.61 and +8.49 mmHg over 2,252 treatments (Vankawala 2021)."""
    found = forecast(Patient(75), half_mg_per_kg(75), [40], DEFAULT, n=1)
    assert found.effects["systolic_rise"].typical[0] == pytest.approx(12.61, rel=0.005)
    assert found.effects["diastolic_rise"].typical[0] == pytest.approx(8.49, rel=0.005)


def test_the_pulse_rises_through_both_published_points():
    """+4.09 per min at the end of a standard infusion (Vankawala 2021); +43.5% of a pulse of 67 at 1,959 ng/mL S-ketamine."""
    found = forecast(Patient(75), half_mg_per_kg(75), [40], DEFAULT, n=1)
    assert found.effects["pulse_rise"].typical[0] == pytest.approx(4.09, rel=0.005)
    assert PRESSURE.responses(np.array([[1959.0]]), None)["pulse_rise"][0][0, 0] == pytest.approx(0.435 * 67, rel=0.002)


def test_the_rise_at_an_anaesthetic_level_is_that_of_the_positron_study():
    """+27% of a mean pressure of 89 mmHg at 1,959 ng/mL S-ketamine; mean pressure is a third systolic and two thirds diastolic."""
    rises = PRESSURE.responses(np.array([[1959.0]]), None)
    mean = (rises["systolic_rise"][0][0, 0] + 2 * rises["diastolic_rise"][0][0, 0]) / 3
    assert mean == pytest.approx(0.27 * 89, rel=0.002)


def test_the_band_of_the_pressure_rise_holds_the_published_means_that_disagree():
    """+7.4 mmHg over 741 infusions and +16.0 mmHg over 2,342 lie within 5 to 95%."""
    band = forecast(Patient(75), half_mg_per_kg(75), [40], DEFAULT).effects["systolic_rise"].band
    assert band.p05[0] < 7.4 < 16.0 < band.p95[0]


def test_every_effect_says_how_well_founded_it_is():
    effects = forecast(Patient(70), half_mg_per_kg(70), [40], DEFAULT).effects
    assert {key: line.rating for key, line in effects.items()} == {
        "dissociation": "moderate",
        "systolic_rise": "exploratory",
        "diastolic_rise": "exploratory",
        "pulse_rise": "exploratory",
    }
    assert "Watch the patient and the monitor" in effects["systolic_rise"].words


@pytest.mark.parametrize("model_id", ["pk_rac_domino", "pk_rac_kamp2020_meta", "pk_rac_clements250", "pk_s_fanta2015_otto2021"])
def test_a_model_of_another_site_or_analyte_drives_no_effect_and_says_why(model_id):
    model = models.get(model_id)
    found = forecast(Patient(70), half_mg_per_kg(70), [40], model)
    assert (dict(found.effects), found.effect_site) == ({}, None)
    for effect in ACUTE:
        with pytest.raises(NotAllowed, match="follows arterial s-ketamine"):
            require_driver(model.card, effect)
        assert any(words.startswith(effect.key.capitalize()) for words in found.warnings)


def test_the_mixed_output_of_the_default_is_refused_as_a_driver():
    for effect in ACUTE:
        require_driver(DEFAULT.card, effect)
        with pytest.raises(NotAllowed, match=r"gives .* from venous blood"):
            require_driver(DEFAULT.card, effect, "venous")


def test_effects_do_not_depend_on_the_site_that_is_shown():
    arterial, venous = (forecast(Patient(70), half_mg_per_kg(70), [20, 40, 41], DEFAULT, site=site) for site in ("arterial", "venous"))
    for key in arterial.effects:
        assert np.array_equal(arterial.effects[key].band.p50, venous.effects[key].band.p50)


@pytest.mark.parametrize("effect", ACUTE, ids=lambda effect: effect.key)
def test_after_a_stop_an_effect_site_rises_only_while_plasma_is_still_above_it(effect):
    """An effect site lags: it may still rise for a moment after the stop, never above the plasma of that moment, and never jumps."""
    from winddown.domain.pharmacology.cloud import Follower, cloud

    courses = [
        half_mg_per_kg(70),
        half_mg_per_kg(70).until(9.3),
        half_mg_per_kg(70).with_bolus(5, 39).until(40),
        steps("racemic", "0.35mg/kg/h:60min,0.05mg/kg/h:30min", weight_kg=70),
    ]
    for course in courses:
        stop = course.end_min
        times = np.concatenate([[stop - 1e-5, stop], stop + np.geomspace(1e-5, 600, 600)])
        followers = {effect.key: Follower("s_ketamine", effect.lag_per_min(100, 3))}
        found = cloud(DEFAULT.draws(Patient(70), 100, seed=3), course, times, analytes=("s_ketamine",), followers=followers)
        plasma, site = found.levels["s_ketamine"], found.sites[effect.key]
        rising = np.diff(site, axis=1) > 1e-9 * site.max()
        assert np.all(plasma[:, :-1][rising] >= site[:, :-1][rising])
        assert np.all(np.abs(np.diff(site[:, :3], axis=1)) < 1e-3 * site.max())
        assert np.all(site[:, 1:].max(axis=1) <= np.maximum(plasma[:, 1], site[:, 1]))


def test_the_pressure_driver_falls_within_half_a_minute_of_a_stop():
    """No late surprise after an infusion at a steady rate: the rise is over 30 s after the stop and grew by less than 1%."""
    times = np.concatenate([[40.0], 40 + np.arange(1, 600) / 60])
    rise = forecast(Patient(70), half_mg_per_kg(70), times, DEFAULT).effects["systolic_rise"]
    assert rise.typical.max() < 1.01 * rise.typical[0]
    assert np.all(np.diff(rise.typical[30:]) < 0)

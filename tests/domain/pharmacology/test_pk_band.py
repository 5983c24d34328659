"""A forecast says how far to trust it, and stops where nothing is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import band_of, forecast
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import Schedule, dose_over, steps
from winddown.domain.refusals import NotAllowed, OutOfRange

DEFAULT = models.get("pk_rs_default")
HALF_MG = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=70)
KNOWN = np.array([True])


def words(found) -> str:
    return " ".join(found.warnings)


def test_percentiles_are_those_of_numpy():
    courses = np.random.default_rng(1).lognormal(size=(203, 7))
    band = band_of(courses, np.ones(7, dtype=bool))
    expected = np.quantile(courses, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    np.testing.assert_allclose([band.p05, band.p25, band.p50, band.p75, band.p95], expected, rtol=1e-13)


def test_another_reading_of_the_paper_widens_the_band_and_leaves_the_median():
    courses = np.random.default_rng(1).random((100, 1))
    band = band_of(courses, KNOWN, courses / 10)
    assert band.p50 == band_of(courses, KNOWN).p50
    assert band.p05 < 0.02 and band.p95 == band_of(courses, KNOWN).p95


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_every_model_gives_ordered_bands_for_every_analyte_of_its_card(model):
    found = forecast(Patient(70), HALF_MG, [0, 5, 40, 41, 300], model)
    assert set(found.analytes) == set(model.card.ratings)
    for line in (*found.analytes.values(), *found.effects.values()):
        band = [line.band.p05, line.band.p25, line.band.p50, line.band.p75, line.band.p95]
        assert np.all(np.diff(band, axis=0) >= 0) and np.all(band[0] >= 0)


def test_total_ketamine_is_the_sum_of_its_enantiomers_at_both_sites():
    for site in ("arterial", "venous"):
        found = forecast(Patient(70), HALF_MG, [5, 40, 90], DEFAULT, n=1, site=site).analytes
        np.testing.assert_allclose(found["ketamine"].typical, found["s_ketamine"].typical + found["r_ketamine"].typical)


def test_the_same_seed_gives_the_same_forecast():
    one, again = (forecast(Patient(70), HALF_MG, [10, 40], DEFAULT, seed=3).as_data() for _ in range(2))
    assert one == again


def test_two_hundred_patients_stand_for_twenty_thousand():
    """The band of the slider lies within 3% of the band of a large run, whatever the seed."""
    large = forecast(Patient(70), HALF_MG, [40], DEFAULT, n=20_000, seed=9).analytes["ketamine"].band
    for seed in range(5):
        small = forecast(Patient(70), HALF_MG, [40], DEFAULT, seed=seed).analytes["ketamine"].band
        np.testing.assert_allclose([small.p05, small.p50, small.p95], [large.p05, large.p50, large.p95], rtol=0.03)


def test_a_standard_dose_in_a_common_patient_is_valid_without_a_warning():
    found = forecast(Patient(70, 45), HALF_MG, [10, 40, 90], DEFAULT)
    assert (found.valid, found.valid_until_min, found.warnings) == (True, 90, ())


def test_a_level_above_the_cap_says_so_with_the_value_the_limit_and_the_minute():
    found = forecast(Patient(70), dose_over("racemic", "1.5mg/kg", "40min", weight_kg=70), [10, 40, 90], DEFAULT)
    assert not found.valid
    assert "Predicted ketamine 886.1 ng/mL is above 600 ng/mL" in words(found)
    assert 10 < found.valid_until_min < 20


def test_a_peak_between_the_asked_times_still_counts():
    found = forecast(Patient(70), dose_over("racemic", "1.5mg/kg", "40min", weight_kg=70), [5, 240], DEFAULT)
    assert not found.valid and found.valid_until_min < 20


@pytest.mark.parametrize(
    ("patient", "said"),
    [
        (Patient(32), "Weight 32 kg is outside 39 to 170 kg"),
        (Patient(190), "Weight 190 kg is outside 39 to 170 kg"),
        (Patient(60, 15), "Age 15 years is outside 18 to 86 years"),
        (Patient(60, 91), "Age 91 years is outside 18 to 86 years"),
    ],
)
def test_a_patient_unlike_those_studied_says_so(patient, said):
    found = forecast(patient, dose_over("racemic", "0.5mg/kg", "40min", weight_kg=patient.weight_kg), [40], DEFAULT)
    assert said in words(found)
    assert (found.valid, found.valid_until_min) == (False, 0)


def test_a_weight_beyond_the_building_data_is_noted_and_stays_valid():
    found = forecast(Patient(110), dose_over("racemic", "0.5mg/kg", "40min", weight_kg=110), [40], DEFAULT)
    assert found.valid and "beyond the 53 to 93 kg of the building data" in words(found)


def test_a_five_day_infusion_says_that_no_level_was_there_to_check():
    found = forecast(Patient(70), steps("racemic", "20mg/h:120h", weight_kg=70), [7200], DEFAULT)
    assert found.valid and "no level of a longer pain infusion" in words(found)


def test_a_pushed_dose_says_that_its_peak_is_not_studied():
    found = forecast(Patient(70), Schedule("racemic").with_bolus(5, 0), [10], DEFAULT)
    assert "shorter than 20 minutes" in words(found)


def test_a_borrowed_spread_is_said_aloud():
    assert "borrows that of the default model" in words(forecast(Patient(70), HALF_MG, [40], models.get("pk_rac_domino")))


def test_nothing_is_predicted_beyond_the_last_certain_rate():
    found = forecast(Patient(70), replace(HALF_MG, unknown_from_min=25.0), [10, 25, 26, 40], DEFAULT)
    for line in (*found.analytes.values(), *found.effects.values(), found.effect_site):
        assert np.isfinite(line.band.p50).tolist() == np.isfinite(line.typical).tolist() == [True, True, False, False]
    assert (found.valid, found.valid_until_min) == (False, 25)
    assert found.as_data()["analytes"]["ketamine"]["median"][2:] == [None, None]


def test_a_site_that_a_model_does_not_give_is_refused():
    with pytest.raises(NotAllowed, match="does not predict arterial blood; it gives: venous"):
        forecast(Patient(70), HALF_MG, [40], models.get("pk_s_fanta2015_otto2021"), site="arterial")


def test_times_that_go_backwards_are_refused():
    with pytest.raises(OutOfRange, match="do not go backwards"):
        forecast(Patient(70), HALF_MG, [40, 10], DEFAULT)


def test_a_pump_that_never_ran_gives_zero_and_not_an_error():
    found = forecast(Patient(70), Schedule("racemic"), [0, 60], DEFAULT)
    assert found.valid and found.analytes["ketamine"].band.p95.tolist() == [0, 0]
    assert found.effects["systolic_rise"].band.p95.tolist() == [0, 0]

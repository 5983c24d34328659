"""The models against what papers measured, what an independent simulation gave, and what must never be run."""

from __future__ import annotations

import numpy as np
import pytest
from pharmacology_oracles import rows, schedule_of

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import forecast
from winddown.domain.pharmacology.cloud import cloud
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import Schedule, Segment, dose_over, steps
from winddown.domain.refusals import NotAllowed, OutOfRange, UnknownWord

EVERY_MODEL = pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
HALF_MG = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=70)


def typical(model_id: str, patient: Patient, schedule: Schedule, minutes: list[float], analyte: str, site: str | None = None):
    found = forecast(patient, schedule, minutes, models.get(model_id), n=1, site=site)
    return found.analytes[analyte].typical


@pytest.mark.parametrize("row", rows("reference_simulations.csv"), ids=lambda row: f"{row['model']}-{row['regimen']}-{row['site']}")
def test_a_model_gives_what_an_independent_simulation_of_it_gave(row):
    weight_kg = float(row["weight_kg"])
    schedule = schedule_of(row["form"], row["regimen"], weight_kg)
    level = typical(row["model"], Patient(weight_kg), schedule, [float(row["time_min"])], row["analyte"], row["site"])
    assert level[0] == pytest.approx(float(row["ng_per_ml"]), abs=float(row["tolerance"]))


def observed(study: str, analyte: str) -> dict[str, str]:
    return next(row for row in rows("observations.csv") if row["study"].startswith(study) and row["analyte"] == analyte)


@pytest.mark.parametrize(
    "row", [row for row in rows("observations.csv") if row["study"].startswith("Simons")], ids=lambda row: row["regimen"]
)
def test_the_simons_model_gives_the_arterial_peak_that_simons_measured(row):
    """Within 6%: the volunteers had a little drug left from a film taken six hours earlier."""
    weight_kg = float(row["weight_kg"])
    schedule = schedule_of(row["form"], row["regimen"], weight_kg)
    level = typical("pk_s_simons2022", Patient(weight_kg), schedule, [float(row["time_min"])], row["analyte"])
    assert level[0] == pytest.approx(float(row["mean_ng_per_ml"]), rel=0.06)


def test_the_default_gives_the_venous_level_reported_after_half_a_milligram_per_kg():
    row = observed("Zarate", "ketamine")
    weight_kg = float(row["weight_kg"])
    found = forecast(
        Patient(weight_kg), schedule_of("racemic", row["regimen"], weight_kg), [40], models.get("pk_rs_default"), site="venous"
    )
    line = found.analytes["ketamine"]
    assert line.typical[0] == pytest.approx(float(row["mean_ng_per_ml"]), rel=0.1)
    assert line.band.p05[0] < float(row["mean_ng_per_ml"]) < line.band.p95[0]


def test_three_days_in_intensive_care_come_out_within_one_standard_deviation():
    parent, metabolite = observed("Long-term", "ketamine"), observed("Long-term", "norketamine")
    patient = Patient(float(parent["weight_kg"]))
    found = forecast(patient, schedule_of("racemic", parent["regimen"], patient.weight_kg), [4320], models.get("pk_rs_default"), n=1)
    norketamine = found.analytes["s_norketamine"].typical[0] + found.analytes["r_norketamine"].typical[0]
    assert abs(found.analytes["ketamine"].typical[0] - float(parent["mean_ng_per_ml"])) < 300
    assert abs(norketamine - float(metabolite["mean_ng_per_ml"])) < 600


@pytest.mark.parametrize(
    ("model_id", "clearance_l_per_h"),
    [
        ("pk_rac_domino", 116),
        ("pk_rac_clements250", 80),
        ("pk_rac_kamp2020_meta", 84),
        ("pk_s_fanta2015_otto2021", 95.2),
        ("pk_s_simons2022", 88.8),
        ("pk_s_noppers2011", 93.5),
    ],
)
def test_the_area_under_the_curve_is_the_dose_over_the_published_clearance(model_id, clearance_l_per_h):
    """At 70 kg, by the trapezoid over ten days: a check of the whole assembly, through none of its parts."""
    times = np.unique(np.concatenate([np.arange(0, 300, 0.25), np.arange(300, 14400, 5.0)]))
    model = models.get(model_id)
    analyte = model.card.ratings and next(iter(model.card.ratings))
    level = cloud(model.parameters(Patient(70)), HALF_MG, times, analytes=(analyte,)).levels[analyte][0]
    dose_mg = 35.0 if analyte == "ketamine" else 17.5
    hours_ng_per_ml = np.trapezoid(level, times) / 60
    assert dose_mg * 1000 / hours_ng_per_ml == pytest.approx(clearance_l_per_h, rel=0.005)


@EVERY_MODEL
def test_plasma_never_rises_after_a_stop(model):
    """After steps up, steps down, a push, and a stop in the middle of one, for 200 drawn patients."""
    courses = [
        HALF_MG,
        HALF_MG.until(13.7),
        steps("racemic", "0.35mg/kg/h:60min,0.05mg/kg/h:30min", weight_kg=70),
        steps("racemic", "0.05mg/kg/h:60min,0mg/kg/h:20min,0.35mg/kg/h:10min", weight_kg=70),
        HALF_MG.with_bolus(10, 39.5).until(40),
    ]
    for course in courses:
        stop = course.end_min
        times = np.concatenate([[stop], stop + np.geomspace(1e-3, 3000, 400)])
        parents = tuple(name for name in model.card.ratings if name.endswith("ketamine") and "nor" not in name)
        levels = cloud(model.draws(Patient(70), 200, seed=4), course, times, analytes=parents).levels
        for name in parents:
            assert np.all(np.diff(levels[name], axis=1) < 0), name


@EVERY_MODEL
def test_no_level_of_a_model_jumps_when_the_pump_stops(model):
    """A millisecond after the stop every output is where it was, metabolites included."""
    moment = 1 / 60_000
    times = np.array([40 - moment, 40.0, 40 + moment])
    for values in cloud(model.draws(Patient(70), 50, seed=4), HALF_MG, times, analytes=tuple(model.card.ratings)).levels.values():
        assert np.all(np.abs(np.diff(values, axis=1)) < 2e-3 * values.max())


def test_the_mixed_output_does_jump_which_is_why_it_only_serves_comparison():
    found = forecast(Patient(70), HALF_MG, [40, 40.001], models.get("pk_rs_default"), n=1, site="venous")
    before, after = found.analytes["ketamine"].typical
    assert after - before > 100
    assert "comparison with venous samples only" in " ".join(found.warnings)


@EVERY_MODEL
def test_the_same_seed_gives_the_same_patients_and_another_seed_others(model):
    one, again, other = (model.draws(Patient(70), 50, seed).values for seed in (7, 7, 8))
    assert all(np.array_equal(one[symbol], again[symbol]) for symbol in one)
    assert any(not np.array_equal(one[symbol], other[symbol]) for symbol in one)


@EVERY_MODEL
def test_drawn_patients_spread_as_the_model_says(model):
    """20,000 draws: geometric mean at the typical value, log variance at omega, for every random effect."""
    drawn, middle = model.draws(Patient(70), 20_000, seed=1), model.parameters(Patient(70))
    for column, symbols in enumerate(model.etas.values()):
        logs = np.log(drawn.values[symbols[0]] / middle.values[symbols[0]])
        assert logs.mean() == pytest.approx(0, abs=0.01)
        assert logs.var() == pytest.approx(model.omega[column, column], rel=0.02)


@EVERY_MODEL
def test_every_figure_says_where_it_was_read_and_how_well(model):
    for parameter in model.table:
        assert parameter.source and parameter.unit
        assert parameter.figure.status in ("published", "derived", "unverified")
        if parameter.level == "E":
            assert parameter.note, f"{parameter.symbol} is derived here and must show how"


@EVERY_MODEL
def test_a_heavier_patient_of_the_same_dose_has_a_lower_level(model):
    schedule = dose_over("racemic", "35mg", "40min", weight_kg=70)
    analyte = next(iter(model.card.ratings))
    light, heavy = (typical(model.card.model_id, Patient(kg), schedule, [40], analyte)[0] for kg in (50, 110))
    assert heavy < light


def test_women_clear_a_fifth_faster_than_men_and_the_middle_is_the_unstated():
    woman, man, unstated = (
        models.get("pk_rs_default").parameters(Patient(70, None, sex)).values["CL"][0] for sex in ("female", "male", None)
    )
    assert woman / man == pytest.approx(1.2)
    assert woman * man == pytest.approx(unstated**2)


def test_clearance_falls_only_after_sixty():
    clearance = {age: models.get("pk_rs_default").parameters(Patient(70, age)).values["CL"][0] for age in (None, 30, 60, 70, 85)}
    assert clearance[None] == clearance[30] == clearance[60] > clearance[70] > clearance[85] > 0.7 * clearance[60]


def test_esketamine_is_all_s_and_racemate_is_half():
    same_mg = [dose_over(form, "35mg", "40min", weight_kg=70) for form in ("racemic", "esketamine")]
    racemic, esketamine = (forecast(Patient(70), schedule, [40], models.get("pk_rs_default"), n=1).analytes for schedule in same_mg)
    assert esketamine["s_ketamine"].typical[0] == pytest.approx(2 * racemic["s_ketamine"].typical[0])
    assert esketamine["r_ketamine"].typical[0] == esketamine["r_norketamine"].typical[0] == 0


@pytest.mark.parametrize("model_id", ["pk_rac_domino", "pk_rac_clements250", "pk_rac_kamp2020_meta"])
def test_esketamine_in_a_model_of_total_ketamine_is_refused(model_id):
    with pytest.raises(NotAllowed, match="the schedule is esketamine"):
        forecast(Patient(70), Schedule("esketamine", (Segment(0, 40, 0.5),)), [40], models.get(model_id))


@pytest.mark.parametrize(
    ("model_id", "reason"),
    [
        ("pk_s_flint2017_picu", "infants"),
        ("pk_rac_hornik2018", "children"),
        ("pk_rac_herd2007_children", "children"),
        ("pk_rac_sherwin2015_children", "children"),
        ("pk_s_perezruixo2021", "CL/F"),
        ("pk_s_ashraf2018_ddi", "drug-interaction"),
        ("pk_rac_hijazi2003", "intensive care"),
        ("pk_nca_enantiomers", "without compartments"),
        ("pk_thirdparty_l1_digitised_fit", "unreviewed"),
        ("pd_bp_default", "describes an effect"),
    ],
)
def test_a_model_that_must_not_be_run_is_refused_by_name_with_the_reason(model_id, reason):
    with pytest.raises(NotAllowed) as refused:
        models.get(model_id)
    assert model_id in refused.value.because and reason in refused.value.because
    assert "pk_rs_default" in refused.value.way_out


def test_an_unknown_model_is_refused_with_the_known_ones():
    with pytest.raises(UnknownWord, match="pk_rs_default"):
        models.get("pk_guess")


@pytest.mark.parametrize("weight_kg", [0, -70, float("nan"), float("inf"), 1540])
def test_a_weight_that_nobody_has_is_refused(weight_kg):
    with pytest.raises(OutOfRange, match="weight"):
        Patient(weight_kg)

"""Every file of the library: its figures against a separate transcription of the literature, its courses against another solver."""

from __future__ import annotations

import math
from importlib import import_module

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from tests.domain.pharmacology.pharmacology_oracles import pieces, rows
from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.band import forecast
from winddown.domain.pharmacology.cloud import cloud, input_of
from winddown.domain.pharmacology.effects import EVERY, mood, relief
from winddown.domain.pharmacology.model import Patient, by_symbol, guessed, share_of_dose
from winddown.domain.pharmacology.regimen import Schedule, Segment, dose_over, steps
from winddown.domain.refusals import NotAllowed, OutOfRange, UnknownWord

PUBLISHED = rows("published_figures.csv")
EFFECTS = {effect.sheet.effect_id: effect for effect in (*EVERY, relief.RELIEF, mood.MOOD)}
EVERY_FILE = pytest.mark.parametrize("model_id", models.RUNNABLE)
HARD_REGIMEN = steps("racemic", "0.1mg/kg/h:30min,0mg/kg/h:20min,0.5mg/kg/h:45min,0.2mg/kg/h:60min", weight_kg=70).with_bolus(7, 50)


def table_of(model_id: str):
    return by_symbol(EFFECTS[model_id].table if model_id in EFFECTS else models.read(model_id).table)


@pytest.mark.parametrize("row", [row for row in PUBLISHED if row["symbol_in_code"]], ids=lambda row: f"{row['model']}-{row['symbol']}")
def test_every_figure_in_the_code_is_the_one_transcribed_from_the_literature(row):
    found = table_of(row["model"])[row["symbol_in_code"]]
    assert found.value == float(row["value"])
    if row["omega2"]:
        assert found.omega2 == float(row["omega2"])
    if row["cv_percent"]:
        assert math.expm1(found.omega2) ** 0.5 * 100 == pytest.approx(float(row["cv_percent"]))


def test_every_transcribed_figure_is_used_or_says_why_not():
    assert [row for row in PUBLISHED if bool(row["symbol_in_code"]) == bool(row["not_in_code_because"])] == []
    known = {*models.RUNNABLE, *EFFECTS}
    assert {row["model"] for row in PUBLISHED} == known - {"pd_sedation_idvall1979"}


def by_lsoda(system, given, at_min):
    """(d, m): scipy's LSODA, restarted at each change of rate. Another road than the closed form and than Radau."""
    matrix = system.rates[0]
    entry = np.eye(len(system.states))[system.states.index(system.entry)]
    state, found = np.zeros(len(system.states)), np.zeros((len(system.states), at_min.size))
    for begin, end, rate in pieces(given, float(at_min[-1])):
        inside = np.flatnonzero((at_min > begin) & (at_min <= end))
        solved = solve_ivp(
            lambda _t, x, rate=rate: matrix @ x + entry * rate,
            (begin, end),
            state,
            method="LSODA",
            t_eval=np.append(at_min[inside], end) if not inside.size or at_min[inside[-1]] < end else at_min[inside],
            rtol=1e-10,
            atol=1e-12,
        )
        found[:, inside] = solved.y[:, : inside.size]
        state = solved.y[:, -1]
    return found


@EVERY_FILE
def test_every_model_agrees_with_another_solver(model_id):
    model = models.read(model_id)
    sample = model.parameters(Patient(70, 40))
    times = np.array([5.0, 29.0, 30.0, 45.0, 51.0, 60.0, 95.0, 155.0, 200.0, 480.0, 1440.0])
    ours = cloud(sample, HARD_REGIMEN, times, analytes=tuple(model.card.ratings)).levels
    theirs: dict[str, np.ndarray] = {}
    for system in sample.systems:
        states = by_lsoda(system, input_of(HARD_REGIMEN, share_of_dose(system.drug, "racemic")), times)
        for name, output in system.outputs.items():
            theirs[name] = states[system.index(output.state)] * output.ng_per_ml_per_mg[0]
    if "ketamine" in ours and "ketamine" not in theirs:
        theirs["ketamine"] = theirs["s_ketamine"] + theirs["r_ketamine"]
    for name, level in ours.items():
        np.testing.assert_allclose(level[0], theirs[name], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("model_id", "clearance_l_per_h"),
    [
        ("pk_rac_hijazi2003", 151),
        ("pk_rac_herd2007_children", 90),
        ("pk_nk_herd2007_children", 60.2),
        ("pk_rac_hornik2018", 38.9),
        ("pk_s_flint2017_picu", 112),
        ("pk_rac_sherwin2015_children", 87.9),
        ("pk_s_perezruixo2021", 109),
    ],
)
def test_a_steady_infusion_settles_at_rate_over_the_published_clearance(model_id, clearance_l_per_h):
    """70 kg, 40 days at 7 mg/h, where even the slowest compartment of these sets is full."""
    model = models.read(model_id)
    analyte = next(iter(model.card.ratings))
    mg_per_h = 7.0 if analyte == "ketamine" else 3.5
    level = cloud(model.parameters(Patient(70)), steps("racemic", "7mg/h:960h", weight_kg=70), np.array([57600.0]), analytes=(analyte,))
    assert mg_per_h * 1000 / level.levels[analyte][0, 0] == pytest.approx(clearance_l_per_h, rel=0.005)


@pytest.mark.parametrize(("weight_kg", "ng_per_ml"), [(70, 125), (75, 134), (80, 143)])
def test_the_nasal_set_gives_the_low_levels_of_an_independent_simulation(weight_kg, ng_per_ml):
    """Reference section 4: twice the S-ketamine at the end of 0.5 mg/kg racemate over 40 min."""
    schedule = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=weight_kg)
    sample = models.read("pk_s_perezruixo2021").parameters(Patient(weight_kg))
    assert 2 * cloud(sample, schedule, np.array([40.0]), analytes=("s_ketamine",)).levels["s_ketamine"][0, 0] == pytest.approx(
        ng_per_ml, abs=0.5
    )


def test_the_children_of_herd_reach_the_level_of_an_independent_simulation():
    schedule = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=70)
    sample = models.read("pk_rac_herd2007_children").parameters(Patient(70))
    assert cloud(sample, schedule, np.array([40.0]), analytes=("ketamine",)).levels["ketamine"][0, 0] == pytest.approx(253, abs=0.5)


@pytest.mark.parametrize("model_id", models.NOT_FOR_ADULTS_INTRAVENOUSLY)
def test_a_file_for_others_can_be_read_and_refuses_an_adult_infusion_with_reason_and_way_out(model_id):
    assert models.read(model_id).card.model_id == model_id
    with pytest.raises(NotAllowed) as refused:
        models.get(model_id)
    assert models.NOT_FOR_ADULTS_INTRAVENOUSLY[model_id] in refused.value.because
    assert models.DEFAULT in refused.value.way_out


@pytest.mark.parametrize("model_id", models.NOTHING_TO_RUN)
def test_figures_that_make_no_model_are_named_with_the_reason(model_id):
    with pytest.raises(NotAllowed, match=model_id):
        models.read(model_id)


def test_guesses_are_known_as_guesses():
    default = {parameter.symbol for parameter in guessed(models.get("pk_rs_default").table)}
    assert {"R_over_S_CL", "NK_fraction", "CL_cv"} <= default
    assert "CL" not in default
    for model_id in models.RUNNABLE:
        module = import_module(f"winddown.domain.pharmacology.models.{model_id}")
        assert all(parameter.guessed == (parameter.figure.status == "derived" or parameter.level == "D") for parameter in module.TABLE)


@pytest.mark.parametrize(
    ("make", "refusal", "words"),
    [
        (lambda: Patient(900), OutOfRange, "900 kg"),
        (lambda: Patient(-70), OutOfRange, "-70 kg"),
        (lambda: Patient(70, 200), OutOfRange, "200 years"),
        (lambda: Schedule("left-handed"), UnknownWord, "left-handed"),
        (lambda: Segment(0, 40, -1), OutOfRange, "below zero"),
        (
            lambda: forecast(Patient(70), Schedule("esketamine", (Segment(0, 40, 0.5),)), [40], models.get("pk_rac_domino")),
            NotAllowed,
            "esketamine",
        ),
        (lambda: forecast(Patient(70), HARD_REGIMEN, [40], models.get("pk_s_noppers2011"), site="venous"), NotAllowed, "venous"),
    ],
    ids=["900 kg", "negative weight", "200 years", "unknown form", "negative rate", "wrong enantiomer", "wrong site"],
)
def test_what_cannot_be_is_refused_by_name_with_a_way_out(make, refusal, words):
    with pytest.raises(refusal) as refused:
        make()
    assert words in refused.value.because
    assert refused.value.way_out or refusal is OutOfRange

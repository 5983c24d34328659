"""The emulated body follows the dose. Judged by the published sizes (reference figures), not by the emulator's own arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import mean, stdev

import pytest

from winddown.devices.emulators.patient import MODELS, EmulatedPatient, Physiology
from winddown.devices.emulators.program import Program, Step
from winddown.domain.pharmacology import models

START = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
# 0.5 mg/kg over 40 min at 70 kg: 35 mg in 35 mL at 52.5 mL/h
INFUSION = Program(
    weight_kg=Decimal(70),
    started_at=START,
    volume_ml=Decimal(35),
    steps=(Step(Decimal(0), Decimal("52.5")), Step(Decimal(40), Decimal(0))),
)
NOTHING = replace(INFUSION, steps=())
SEEDS = range(60)


def course(program: Program, seed: int, minutes: list[float]) -> list[Physiology]:
    patient = EmulatedPatient(program, seed=seed)
    return [patient.truth(START + timedelta(minutes=minute)) for minute in minutes]


def test_level_at_the_end_is_that_of_the_published_model_for_this_dose() -> None:
    levels = [course(INFUSION, seed, [40])[0].level_ng_per_ml for seed in SEEDS]
    assert mean(levels) == pytest.approx(253, rel=0.1)  # the model's own published-parameter run at 70 kg
    assert stdev(levels) > 10  # people differ


def test_pressure_rises_with_the_dose_as_much_as_was_published_and_falls_again() -> None:
    with_drug = [course(INFUSION, seed, [40, 240]) for seed in SEEDS]
    without = [course(NOTHING, seed, [40, 240]) for seed in SEEDS]
    rise = mean(drug[0].systolic - none[0].systolic for drug, none in zip(with_drug, without, strict=True))
    later = mean(drug[1].systolic - none[1].systolic for drug, none in zip(with_drug, without, strict=True))
    assert 8 < rise < 17  # 12.61 mmHg (10.40-14.82) in 2,252 treatments
    assert 0 <= later < 4


def test_dissociation_comes_with_the_drug_and_goes_after_it() -> None:
    scores = [[state.dissociation for state in course(INFUSION, seed, [0, 40, 180])] for seed in SEEDS]
    assert all(start == 0 and peak > late for start, peak, late in scores)
    assert 3 < mean(peak for _, peak, _ in scores) < 8


def test_effect_lags_behind_the_level_and_never_rises_long_after_the_stop() -> None:
    effects = [state.effect_ng_per_ml for state in course(INFUSION, 3, [5, 40, 70, 100, 200])]
    assert effects[0] < course(INFUSION, 3, [5])[0].level_ng_per_ml
    assert effects[1] > effects[2] > effects[3] > effects[4] > 0


def test_another_drug_does_nothing() -> None:
    saline = course(replace(INFUSION, drug="Saline"), 5, [40])[0]
    assert (saline.level_ng_per_ml, saline.dissociation) == (0.0, 0.0)
    assert saline.systolic == course(NOTHING, 5, [40])[0].systolic


def test_esketamine_runs_through_a_model_of_its_own() -> None:
    state = course(replace(INFUSION, drug="Esketamine", steps=(Step(Decimal(0), Decimal(30)), Step(Decimal(40), Decimal(0)))), 5, [40])[0]
    assert state.dissociation > 1


def test_emulated_patients_never_use_the_model_that_draws_the_chart() -> None:
    assert models.DEFAULT not in MODELS.values()


def test_same_seed_and_moments_give_the_same_person_and_another_seed_another() -> None:
    minutes = [0, 1, 2.5, 40]
    assert course(INFUSION, 7, minutes) == course(INFUSION, 7, minutes)
    assert course(INFUSION, 7, minutes) != course(INFUSION, 8, minutes)


def test_person_stays_the_same_when_the_program_changes_under_them() -> None:
    stayed, changed = EmulatedPatient(INFUSION, seed=9), EmulatedPatient(INFUSION, seed=9)
    at = START + timedelta(minutes=10)
    assert stayed.truth(at) == changed.truth(at)
    changed.follow(replace(INFUSION, steps=(Step(Decimal(0), Decimal("52.5")), Step(Decimal(10), Decimal(0)))))
    later = at + timedelta(minutes=15)
    assert changed.truth(later).level_ng_per_ml < stayed.truth(later).level_ng_per_ml / 2


def test_given_baseline_is_where_the_day_swings_around() -> None:
    program = replace(NOTHING, baseline={"systolic": 150.0})
    days = [EmulatedPatient(program, seed=seed).truth(START + timedelta(hours=hour)).systolic for seed in SEEDS for hour in (0, 6, 12, 18)]
    assert mean(days) == pytest.approx(150, abs=2)


def test_signs_wander_and_stay_plausible_for_a_day() -> None:
    patient = EmulatedPatient(NOTHING, seed=11)
    day = [patient.truth(START + timedelta(minutes=minute)) for minute in range(0, 1440, 5)]
    assert stdev(state.heart_rate for state in day) > 1
    assert all(90 <= state.spo2 <= 100 and 4 <= state.respiratory_rate < 30 and 60 < state.systolic < 200 for state in day)

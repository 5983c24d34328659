"""A plan that holds a level: judged by an ODE solver, by the pump's grid, and by what it must never do."""

from __future__ import annotations

import numpy as np
import pytest
from pharmacology_oracles import by_ode

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.cloud import input_of
from winddown.domain.pharmacology.individual import Observation, Resting, learn
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.regimen import Schedule, dose_over
from winddown.domain.pharmacology.target import Bounds, Chance, Goal, hold
from winddown.domain.refusals import NotAllowed, OutOfRange

MODEL = models.get("pk_rs_default")
PATIENT = Patient(70.0, 45.0, "female")
TYPICAL = learn(MODEL, PATIENT, Schedule("racemic"), ())


def by_solver(schedule: Schedule, minutes: np.ndarray) -> np.ndarray:
    """Total ketamine of the typical patient by Radau."""
    total = np.zeros(minutes.size)
    for system in MODEL.parameters(PATIENT).systems:
        analyte = system.drug
        states = by_ode(system, input_of(schedule, 0.5), minutes)
        output = system.outputs[analyte]
        total += states[system.index(output.state)] * output.ng_per_ml_per_mg[0]
    return total


@pytest.mark.parametrize(("level", "minutes", "cap"), [(150, 40, 70), (150, 40, 30), (100, 240, 70), (70, 60, 25)])
def test_an_ode_solver_finds_the_level_held(level: float, minutes: float, cap: float) -> None:
    plan = hold(TYPICAL, "racemic", Goal(level, minutes), Bounds(cap, 0.1))
    lead = sum(length for length, _ in plan.steps) - minutes
    times = np.arange(lead, lead + minutes + 0.5)
    found = by_solver(plan.schedule("racemic"), times)
    assert np.abs(found / level - 1).max() < 0.16
    assert abs(found.mean() / level - 1) < 0.06


def test_rates_are_steps_of_the_pump_and_never_above_the_cap() -> None:
    plan = hold(TYPICAL, "racemic", Goal(150, 40), Bounds(30, 0.25))
    for _, rate in plan.steps:
        assert rate <= 30 and abs(rate / 0.25 - round(rate / 0.25)) < 1e-6
    assert [each.code for each in plan.binding] == ["rate_cap"]


def test_a_level_out_of_reach_has_no_plan_and_names_the_cap() -> None:
    plan = hold(TYPICAL, "racemic", Goal(150, 40), Bounds(20, 0.1))
    assert not plan.found and plan.binding[0].code == "rate_cap"
    assert 100 < plan.highest < 150


def test_a_higher_cap_gives_no_more_drug_than_the_level_needs() -> None:
    """It never climbs towards a cap."""
    low, high = (hold(TYPICAL, "racemic", Goal(150, 40), Bounds(cap, 0.1)) for cap in (40, 400))
    assert high.total_mg <= low.total_mg * 1.05
    assert np.nanmax(high.line.band.p50) < 150 * 1.2


def test_a_pump_too_coarse_is_named_and_not_the_cap() -> None:
    plan = hold(TYPICAL, "racemic", Goal(30, 40), Bounds(70, 10))
    assert [each.code for each in plan.binding] == ["pump_step"] and not plan.found


def test_too_little_drug_in_the_bag_is_named_with_what_is_needed() -> None:
    plan = hold(TYPICAL, "racemic", Goal(150, 40), Bounds(70, 0.1, most_mg=20))
    assert plan.binding[0].code == "total_cap" and plan.binding[0].numbers["needed_mg"] > 20


def test_a_chance_of_dissociation_above_its_limit_forbids_the_plan() -> None:
    strict = Bounds(70, 0.1, chances=(Chance("dissociation", 0.3, 0.2),))
    plan = hold(TYPICAL, "racemic", Goal(150, 40), strict)
    assert not plan.found and plan.binding[0].code == "chance" and plan.binding[0].numbers["share"] > 0.2
    loose = Bounds(70, 0.1, chances=(Chance("dissociation", 0.8, 0.2),))
    assert hold(TYPICAL, "racemic", Goal(150, 40), loose).found


def test_an_exploratory_effect_may_not_be_a_limit() -> None:
    with pytest.raises(NotAllowed, match="exploratory"):
        Bounds(70, 0.1, chances=(Chance("systolic_rise", 20, 0.1),))


def test_a_person_who_clears_faster_needs_more() -> None:
    given = dose_over("racemic", "0.5mg/kg", "40min", weight_kg=70)
    levels = [Observation("level", minute, value, "ketamine", "arterial") for minute, value in ((20, 150), (40, 170), (90, 30), (160, 12))]
    fast = learn(MODEL, PATIENT, given, levels, resting=Resting())
    typical, own = (hold(each, "racemic", Goal(150, 60), Bounds(100, 0.1)) for each in (TYPICAL, fast))
    assert own.total_mg > 1.15 * typical.total_mg


def test_a_model_without_an_effect_site_refuses_one_and_holds_plasma() -> None:
    domino = learn(models.get("pk_rac_domino"), PATIENT, Schedule("racemic"), ())
    with pytest.raises(NotAllowed, match="no effect site"):
        hold(domino, "racemic", Goal(150, 40, "effect_site"), Bounds(70, 0.1))
    assert hold(domino, "racemic", Goal(150, 40), Bounds(70, 0.1)).found


def test_nothing_to_hold_is_refused() -> None:
    with pytest.raises(OutOfRange):
        Goal(0, 40)
    with pytest.raises(OutOfRange):
        Goal(150, -1)
    with pytest.raises(OutOfRange, match="no rate"):
        Bounds(0.05, 0.1)

"""The kernels and the numpy road against arithmetic without rounding, on purpose where formulas fail, and against each other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pharmacology_oracles import by_ode, in_fifty_digits, in_whole_numbers

from winddown.domain.pharmacology import engine, models
from winddown.domain.pharmacology.compartments import Input, amounts, concentrations
from winddown.domain.pharmacology.linear import Flow, LinearSystem, Output, assemble, pruned, with_follower, with_integral
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.packing import packing_of

TEN_DIGITS = 1e-10
MONTH = 28 * 1440.0
STEPS = Input((3.0, 10.0, 10.5, 60.0, 90.0), (0.4, 20.0, 0.0, 1.1))
GRID = np.array([0.0, 0.5, 3.0, 9.9, 10.0, 10.25, 10.5, 11.0, 30.0, 60.0, 75.0, 90.0, 91.0, 240.0, 241.0, 242.0, 243.0, 600.0])


def every_state(system: LinearSystem) -> LinearSystem:
    """The same system with its amounts as outputs, mg."""
    return LinearSystem(
        system.drug, system.states, system.rates, system.entry, {name: Output(name, np.ones(system.patients)) for name in system.states}
    )


def by_kernel(system: LinearSystem, given: Input, at_min: np.ndarray) -> np.ndarray:
    """(n, d, m) mg."""
    return np.stack(list(engine.compiled_levels(every_state(system), given, at_min).values()), axis=1)


def one_of(random: np.random.Generator, system: LinearSystem) -> LinearSystem:
    """One drawn patient, with an effect site and an area on the first output."""
    name = next(iter(system.outputs))
    patient = int(random.integers(system.patients))
    outputs = {key: Output(output.state, output.ng_per_ml_per_mg[patient : patient + 1]) for key, output in system.outputs.items()}
    alone = LinearSystem(system.drug, system.states, system.rates[patient : patient + 1].copy(), system.entry, outputs)
    lag = float(random.choice([0.25, 0.0835, -alone.rates[0].diagonal().min(), 0.0]))
    return with_integral(with_follower(alone, "site", name, lag), "area", name)


def a_regimen(random: np.random.Generator) -> tuple[Input, float]:
    """Infusions, pauses and pushes in any order, and a time to look."""
    edges, rates = [float(random.choice([0.0, random.uniform(0, 30)]))], []
    for _ in range(random.integers(1, 6)):
        kind = random.integers(3)
        edges.append(edges[-1] + float(random.uniform(*((0.05, 1.0), (1.0, 120.0), (1.0, 60.0))[kind])))
        rates.append(float((random.uniform(5, 60), random.uniform(0.01, 3.0), 0.0)[kind]))
    return Input(tuple(edges), tuple(rates)), float(random.uniform(0.01, edges[-1] + 240.0))


def proven(regimens: int, seed: int) -> float:
    """The largest relative error of both roads over so many random regimens, in turn through every system of every model."""
    random, worst = np.random.default_rng(seed), 0.0
    systems = [system for model in models.all() for system in model.draws(Patient(82, 61, "female"), 40, seed).systems]
    for number in range(regimens):
        system = one_of(random, systems[number % len(systems)])
        given, minute = a_regimen(random)
        exact = np.array(in_whole_numbers(system, given, minute))
        for found in (by_kernel(system, given, np.array([minute]))[0, :, 0], amounts(system, given, np.array([minute]))[0, :, 0]):
            with np.errstate(invalid="ignore"):
                worst = max(worst, float(np.nanmax(np.where(exact > 1e-140, np.abs(found / exact - 1), np.abs(found)))))
    return worst


def test_two_hundred_random_regimens_have_ten_digits():
    assert proven(210, seed=11) < TEN_DIGITS


@pytest.mark.proof
def test_ten_thousand_random_regimens_have_ten_digits():
    assert proven(10_000, seed=12) < TEN_DIGITS


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_whole_numbers_and_fifty_digits_agree_with_each_other(model):
    """Two judges that share nothing."""
    system = model.draws(Patient(70), 1, seed=3).systems[0]
    assert_allclose(in_whole_numbers(system, STEPS, 97.0), in_fifty_digits(system, STEPS, 97.0), rtol=1e-14)


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_four_weeks_later_every_drawn_patient_still_has_ten_digits(model):
    """28 days of decay: the fastest patient of forty, where halving and squaring cost most."""
    system = model.draws(Patient(70), 40, seed=1).systems[0]
    fastest = int(system.rates.diagonal(axis1=1, axis2=2).min(axis=1).argmin())
    at = np.array([91.0, 1440.0, MONTH])
    roads = (by_kernel(system, STEPS, at)[fastest], amounts(system, STEPS, at)[fastest])
    for place, minute in enumerate(at):
        exact = in_fifty_digits(system, STEPS, float(minute), fastest)
        for road in roads:
            assert_allclose(road[:, place], exact, rtol=TEN_DIGITS)


@pytest.mark.parametrize("per_min", [8.1, 11.37, 20.7])
def test_four_weeks_behind_a_very_fast_state_keep_ten_digits(per_min):
    """Nearly half a million times the fastest turnover: a rounding of the fast rate must not reach the slow one."""
    flows = [
        Flow("fast", "slow", 0.61 * per_min), Flow("slow", "fast", 0.0031), Flow("slow", "deep", 1.03e-4), Flow("deep", "slow", 0.97e-4),
        Flow("fast", None, 0.43 * per_min),
    ]  # fmt: skip
    system = assemble("ketamine", "fast", flows, {"ketamine": ("fast", 1.0, 1.0)}, 1)
    exact = in_fifty_digits(system, STEPS, MONTH)
    for road in (by_kernel(system, STEPS, np.array([MONTH]))[0, :, 0], amounts(system, STEPS, np.array([MONTH]))[0, :, 0]):
        assert_allclose(road, exact, rtol=TEN_DIGITS)


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_both_roads_give_the_same_numbers(model):
    for system in model.draws(Patient(92, 48, "female"), 45, seed=5).systems:
        other = concentrations(system, STEPS, GRID)
        for name, found in engine.compiled_levels(system, STEPS, GRID).items():
            assert_allclose(found, other[name], rtol=1e-12, atol=1e-200)


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_the_kernels_agree_with_a_stiff_solver(model):
    for system in model.draws(Patient(70), 2, seed=8).systems:
        found = by_kernel(system, STEPS, GRID[1:])
        for patient in range(2):
            assert_allclose(found[patient], by_ode(system, STEPS, GRID[1:], patient), rtol=2e-8, atol=1e-9)


@pytest.mark.parametrize("gap", [0.0, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3])
def test_rates_that_coincide_or_almost_do_keep_ten_digits(gap):
    """Parent, two transit steps, metabolite and effect site, all with one rate: where the textbook form is wrong by a factor of ten."""
    k = 0.1
    flows = [
        Flow("parent", "step_1", k), Flow("step_1", "step_2", k * (1 + gap)), Flow("step_2", "metabolite", k * (1 - gap)),
        Flow("metabolite", None, k * (1 + 2 * gap)),
    ]  # fmt: skip
    outputs = {"ketamine": ("parent", 10.0, 1.0), "metabolite": ("metabolite", 10.0, 1.0)}
    system = with_follower(assemble("ketamine", "parent", flows, outputs, 1), "site", "metabolite", k * (1 - 2 * gap))
    for minute in (0.001, 1.0, 40.0, 300.0, 2500.0):
        assert_allclose(by_kernel(system, STEPS, np.array([minute]))[0, :, 0], in_fifty_digits(system, STEPS, minute), rtol=TEN_DIGITS)


def test_a_memory_with_a_half_life_of_eleven_days_and_one_that_never_fades():
    """A slow state behind fast ones, followed for 28 days, and a rate of exactly zero."""
    domino = models.get("pk_rac_domino").parameters(Patient(70)).systems[0]
    system = with_integral(with_follower(domino, "memory", "ketamine", np.log(2) / (10.9 * 1440)), "area", "ketamine")
    at = np.array([40.0, 1440.0, 7 * 1440.0, MONTH])
    found = by_kernel(system, STEPS, at)[0]
    for place, minute in enumerate(at):
        assert_allclose(found[:, place], in_fifty_digits(system, STEPS, float(minute)), rtol=TEN_DIGITS)


def test_what_has_faded_beyond_doubles_is_nothing_and_stops_nothing():
    """A rate of 50 per minute leaves e^-1200 after 24 minutes, and denormal numbers on the way; the slow state keeps its digits."""
    flows = [Flow("fast", "slow", 50.0), Flow("slow", None, 0.001)]
    system = assemble("ketamine", "fast", flows, {"ketamine": ("fast", 1.0, 1.0)}, 1)
    pulse = Input((0.0, 1.0), (35.0,))
    at = np.array([5.0, 8.0, 14.0, 15.0, 16.0, 25.0, 4 * 1440.0])
    found = by_kernel(system, pulse, at)[0]
    assert np.all(np.isfinite(found)) and np.all(found >= 0.0) and found[0, -1] == 0.0
    for place, minute in enumerate(at):
        exact = in_fifty_digits(system, pulse, float(minute))
        assert_allclose(found[1, place], exact[1], rtol=TEN_DIGITS)
        assert_allclose(found[0, place], exact[0], rtol=TEN_DIGITS, atol=1e-140)


def test_a_patient_is_the_same_to_the_last_bit_alone_and_among_a_hundred():
    system = models.get("pk_rs_default").draws(Patient(70), 101, seed=4).systems[0]
    together = engine.compiled_levels(system, STEPS, GRID)
    for patient in (0, 31, 32, 64, 100):
        outputs = {key: Output(out.state, out.ng_per_ml_per_mg[patient : patient + 1]) for key, out in system.outputs.items()}
        alone = LinearSystem(system.drug, system.states, system.rates[patient : patient + 1], system.entry, outputs)
        for name, found in engine.compiled_levels(alone, STEPS, GRID).items():
            assert np.array_equal(found[0], together[name][patient])


def test_times_asked_twice_or_out_of_the_grid_are_answered_each():
    system = models.get("pk_rac_domino").parameters(Patient(70)).systems[0]
    at = np.array([0.0, 0.0, 5.0, 5.0, 40.0, 40.0 + 1e-12, 70.0])
    found = engine.compiled_levels(system, STEPS, at)["ketamine"][0]
    assert_allclose(found, concentrations(system, STEPS, at)["ketamine"][0], rtol=1e-13)
    assert found[0] == found[1] == 0.0 and found[2] == found[3]


def test_long_runs_of_points_and_lonely_ones_agree():
    """Tables of 64 points, leaps over pauses, single points: one course."""
    system = models.get("pk_rs_default").draws(Patient(70), 3, seed=6).systems[0]
    long = np.unique(np.concatenate([np.arange(0.0, 700.0), np.arange(700.0, 4000.0, 60.0), [33.3, 555.5]]))
    few = long[[3, 50, 64, 65, 129, 400, 699, 720, -1]]
    assert_allclose(by_kernel(system, STEPS, long)[:, :, np.searchsorted(long, few)], by_kernel(system, STEPS, few), rtol=1e-11, atol=1e-60)


def test_the_area_under_a_level_at_the_end_is_the_dose_over_the_clearance():
    """35 mg through 116 L/h in the end, whatever the rates were on the way."""
    model = models.get("pk_rac_domino")
    sample = model.parameters(Patient(70))
    system = pruned(with_integral(sample.systems[0], "area", "ketamine"), ["area"])
    mg = sum(rate * (end - begin) for begin, end, rate in zip(STEPS.edges_min, STEPS.edges_min[1:], STEPS.rates_mg_per_min, strict=False))
    clearance = float(sample.values["CL"][0])
    assert_allclose(engine.compiled_levels(system, STEPS, np.array([3e5]))["area"][0, 0], 1000 * mg / clearance, rtol=1e-9)


def test_a_metabolite_never_feeds_its_parent():
    system = models.get("pk_rs_default").parameters(Patient(70)).systems[0]
    packing = packing_of(system)
    places = set(zip(packing.rows.tolist(), packing.columns.tolist(), strict=True))
    plasma, norketamine = system.index("plasma"), system.index("norketamine")
    assert (norketamine, plasma) in places and (plasma, norketamine) not in places

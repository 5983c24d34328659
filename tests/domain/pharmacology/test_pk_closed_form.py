"""The closed form against two other roads, on purpose where the textbook formula fails."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pharmacology_oracles import by_ode, in_fifty_digits

from winddown.domain.pharmacology import models
from winddown.domain.pharmacology.compartments import Input, amounts, concentrations
from winddown.domain.pharmacology.linear import Flow, LinearSystem, assemble, pruned, with_follower
from winddown.domain.pharmacology.model import Patient
from winddown.domain.refusals import OutOfRange

INFUSION = Input((0.0, 40.0), (0.875,))
STEPS = Input((3.0, 10.0, 10.5, 60.0, 90.0), (0.4, 20.0, 0.0, 1.1))


def chain(rates: list[float]) -> LinearSystem:
    """Compartments in a row, each emptying into the next."""
    names = [f"c{i}" for i in range(len(rates))]
    flows = [
        Flow(name, names[i + 1] if i + 1 < len(names) else None, rate) for i, (name, rate) in enumerate(zip(names, rates, strict=True))
    ]
    return assemble("ketamine", "c0", flows, {"ketamine": ("c0", 10.0, 1.0)}, 1)


def test_a_chain_of_equal_rates_is_the_gamma_curve():
    """Five equal rates coincide exactly: x_i = dose (kt)^i e^(-kt) / i! after a short push."""
    k, push = 0.1, 1e-5
    at = np.array([1.0, 10.0, 60.0, 240.0])
    found = amounts(chain([k] * 5), Input((0.0, push), (35.0 / push,)), at + push / 2)[0]
    for i in range(5):
        assert_allclose(found[i], 35.0 * (k * at) ** i * np.exp(-k * at) / math.factorial(i), rtol=1e-9)


@pytest.mark.parametrize("gap", [0.0, 1e-12, 1e-9, 1e-6])
def test_rates_that_coincide_or_almost_do_keep_ten_digits(gap):
    system = with_follower(chain([0.1, 0.1 * (1 + gap), 0.1 * (1 - gap)]), "effect", "ketamine", 0.1 * (1 + 2 * gap))
    for minute in (5.0, 40.0, 41.0, 300.0):
        assert_allclose(amounts(system, INFUSION, np.array([minute]))[0, :, 0], in_fifty_digits(system, INFUSION, minute), rtol=1e-10)


def test_an_effect_site_as_fast_as_an_eigenvalue_keeps_ten_digits():
    """The textbook form is wrong by a factor of ten here."""
    domino = models.get("pk_rac_domino").parameters(Patient(70)).systems[0]
    for eigenvalue in -np.linalg.eigvals(domino.rates[0]).real:
        system = with_follower(domino, "effect", "ketamine", eigenvalue)
        for minute in (1.0, 40.0, 200.0):
            assert_allclose(amounts(system, STEPS, np.array([minute]))[0, :, 0], in_fifty_digits(system, STEPS, minute), rtol=1e-10)


def test_a_compartment_that_never_empties_keeps_all_that_went_in():
    system = assemble("ketamine", "store", [Flow("store", None, 0.0), Flow("store", "never", 0.0)], {"ketamine": ("store", 1.0, 1.0)}, 1)
    assert_allclose(amounts(system, INFUSION, np.array([20.0, 40.0, 40320.0]))[0, 0], [17.5, 35.0, 35.0], rtol=1e-14)


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_four_weeks_after_an_infusion_every_level_still_has_ten_digits(model):
    """Relative accuracy, not of the peak: 28 days of decay leave 1e-50 mg and less in the fast compartments."""
    system = model.parameters(Patient(70)).systems[0]
    at = np.array([41.0, 600.0, 28 * 1440.0])
    found = amounts(system, INFUSION, at)[0]
    for place, minute in enumerate(at):
        assert_allclose(found[:, place], in_fifty_digits(system, INFUSION, float(minute)), rtol=1e-10)


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_closed_form_agrees_with_an_ode_solver(model):
    """For drawn patients, every state, through pushes, pauses and steps."""
    at = np.array([1.0, 3.0, 5.0, 10.0, 10.2, 10.5, 30.0, 60.0, 75.0, 90.0, 91.0, 240.0])
    for system in model.draws(Patient(92, 48, "female"), 2, seed=5).systems:
        found = amounts(system, STEPS, at)
        for patient in range(2):
            assert_allclose(found[patient], by_ode(system, STEPS, at, patient), rtol=2e-8, atol=1e-9)


rates = st.floats(0.0, 3.0).filter(lambda rate: rate == 0.0 or rate > 1e-5)


@st.composite
def any_system(draw) -> LinearSystem:
    """Three compartments that exchange as they like, a chain behind them, and a follower."""
    flows = [
        Flow("a", "b", draw(rates)), Flow("b", "a", draw(rates)), Flow("a", "c", draw(rates)), Flow("c", "a", draw(rates)),
        Flow("a", "t", draw(rates), draw(st.floats(0.0, 1.0))), Flow("t", "m", draw(rates)), Flow("m", None, draw(rates)),
    ]  # fmt: skip
    return with_follower(assemble("ketamine", "a", flows, {"ketamine": ("a", 12.0, 1.0)}, 1), "e", "ketamine", draw(rates))


@st.composite
def any_input(draw) -> Input:
    lengths = draw(st.lists(st.floats(0.01, 90.0), min_size=1, max_size=4))
    start = draw(st.floats(0.0, 20.0))
    edges = tuple(float(edge) for edge in np.cumsum([start, *lengths]))
    return Input(edges, tuple(draw(st.floats(0.0, 5.0)) for _ in lengths))


@settings(max_examples=40, deadline=None)
@given(any_system(), any_input(), st.floats(0.001, 600.0))
def test_any_linear_system_agrees_with_fifty_digits(system, course, minute):
    found = amounts(system, course, np.array([minute]))[0, :, 0]
    assert_allclose(found, in_fifty_digits(system, course, minute), rtol=1e-10, atol=1e-250)


@settings(max_examples=40, deadline=None)
@given(any_system(), any_input(), st.lists(st.floats(0.0, 500.0), min_size=1, max_size=6))
def test_a_time_has_one_answer_whatever_else_is_asked(system, course, times):
    """The plan of steps differs, the numbers do not."""
    at = np.array(sorted(times))
    together = amounts(system, course, at)
    fine = amounts(system, course, np.array(sorted([*times, *np.arange(0.0, 500.0, 7.0)])))
    places = np.searchsorted(np.array(sorted([*times, *np.arange(0.0, 500.0, 7.0)])), at)
    assert_allclose(together, fine[:, :, places], rtol=1e-9, atol=1e-200)


@settings(max_examples=40, deadline=None)
@given(any_system(), any_input(), any_input(), st.floats(1.0, 400.0))
def test_two_courses_together_give_the_sum_of_each(system, one, other, minute):
    from winddown.domain.pharmacology.cloud import input_of
    from winddown.domain.pharmacology.regimen import Schedule, Segment

    def course(given: Input) -> Schedule:
        segments = zip(given.edges_min, given.edges_min[1:], given.rates_mg_per_min, strict=False)
        return Schedule("racemic", tuple(Segment(*segment) for segment in segments))

    both = course(one).superposed(course(other).segments)
    at = np.array([minute])
    apart = amounts(system, one, at) + amounts(system, other, at)
    assert_allclose(amounts(system, input_of(both, 1.0), at), apart, rtol=1e-9, atol=1e-200)


@pytest.mark.parametrize("model", models.all(), ids=lambda model: model.card.model_id)
def test_what_went_in_is_in_the_body_or_out_of_it(model):
    """Mass balance to a billionth, with a sink for all that leaves, at every minute of a stepped infusion."""
    for system in model.draws(Patient(70), 20, seed=2).systems:
        size = len(system.states)
        closed = np.zeros((system.patients, size + 1, size + 1))
        closed[:, :size, :size] = system.rates
        closed[:, size, :size] = -system.rates.sum(axis=1)
        with_sink = LinearSystem(system.drug, (*system.states, "out"), closed, system.entry, {})
        at = np.arange(0.0, 400.0, 1.0)
        given_mg = [sum(rate * (min(minute, end) - begin) for begin, end, rate in segments(STEPS) if begin < minute) for minute in at]
        assert np.all(closed[:, size, :size] >= -1e-12)
        assert_allclose(amounts(with_sink, STEPS, at).sum(axis=1), np.tile(given_mg, (20, 1)), rtol=1e-9, atol=1e-12)


def segments(given: Input) -> list[tuple[float, float, float]]:
    return list(zip(given.edges_min, given.edges_min[1:], given.rates_mg_per_min, strict=False))


def test_leaving_out_what_nobody_asked_for_changes_no_number():
    system = models.get("pk_s_simons2022").draws(Patient(70), 5, seed=3).systems[0]
    whole, part = (concentrations(one, STEPS, np.arange(0.0, 200.0)) for one in (system, pruned(system, ["s_norketamine"])))
    assert_allclose(part["s_norketamine"], whole["s_norketamine"], rtol=1e-12)
    assert len(pruned(system, ["s_ketamine"]).states) == 3


def test_times_that_go_backwards_are_refused():
    with pytest.raises(OutOfRange, match="do not go backwards"):
        amounts(chain([0.1]), INFUSION, np.array([10.0, 5.0]))


def test_nothing_is_in_the_body_before_the_first_drop():
    assert np.all(amounts(chain([0.1, 0.2]), STEPS, np.array([0.0, 1.0, 3.0])) == 0.0)

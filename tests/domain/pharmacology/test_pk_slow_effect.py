"""A slow effect by quadrature: a level as drive is a state of the closed form, a curve as drive is judged by a stiff solver."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from winddown.domain.pharmacology import engine, models
from winddown.domain.pharmacology.compartments import Input
from winddown.domain.pharmacology.linear import cut, pruned, with_follower
from winddown.domain.pharmacology.model import Patient
from winddown.domain.pharmacology.slow_effect import FIRST_MIN, panels_of, slow_effect
from winddown.domain.refusals import OutOfRange

DAY = 1440.0
SERIES = Input((0.0, 40.0, 2 * DAY, 2 * DAY + 10.0, 2 * DAY + 100.0, 7 * DAY, 7 * DAY + 240.0), (0.9, 0.0, 2.0, 0.5, 0.0, 0.3))
AT = np.array([0.0, 7.0, 40.0, 300.0, DAY, 2 * DAY + 55.0, 5 * DAY, 8 * DAY, 8 * DAY, 28 * DAY])
SPEED = np.log(2) / (11 * DAY)


def drawn(n: int):
    system = models.get("pk_rac_domino").draws(Patient(70), n, seed=2).systems[0]
    return pruned(with_follower(system, "tolerance", "ketamine", np.full(n, np.log(2) / 600.0)), ("ketamine", "tolerance"))


def curve(levels, _some):
    """50 ng/mL for half the effect, twice that when the body has got used to 100 ng/mL; steepness 2.5."""
    half = 50.0 * (1.0 + levels["tolerance"] / 100.0)
    return 1.0 / (1.0 + (half / np.maximum(levels["ketamine"], 1e-60)) ** 2.5)


def test_an_effect_driven_by_the_level_itself_is_a_state_of_the_closed_form():
    """R' = k (1 + level - R) has an exact solution: the level followed with speed k."""
    system, speed = drawn(3), np.array([SPEED, 0.001, 0.01])
    found = slow_effect(system, SERIES, AT, drive=lambda levels, some: levels["ketamine"], per_min=speed)
    exact = engine.levels(with_follower(system, "slow", "ketamine", speed), SERIES, AT)["slow"]
    assert_allclose(found - 1.0, exact, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("first_min", "within"), [(FIRST_MIN, 1e-7), (0.8, 1e-8)])
def test_a_curve_shifted_by_tolerance_agrees_with_a_stiff_solver(first_min, within):
    system = drawn(1)
    found = slow_effect(system, SERIES, AT, drive=curve, per_min=np.array([SPEED]), first_min=first_min)
    matrix, size = system.rates[0], len(system.states)
    names = [(name, system.index(output.state), output.ng_per_ml_per_mg[0]) for name, output in system.outputs.items()]

    def field(_t, x, push):
        moved = matrix @ x[:size]
        moved[system.index(system.entry)] += push
        drive = curve({name: np.maximum(x[place], 0.0) * scale for name, place, scale in names}, None)
        return [*moved, SPEED * (1.0 + drive - x[size])]

    state, edges = np.append(np.zeros(size), 1.0), [*SERIES.edges_min, 28 * DAY]
    for begin, end, push in zip(edges[:-1], edges[1:], [*SERIES.rates_mg_per_min, 0.0], strict=True):
        inside = np.flatnonzero((begin < AT) & (end >= AT))
        asked = np.unique(np.append(AT[inside], end))
        solved = solve_ivp(field, (begin, end), state, method="LSODA", rtol=1e-11, atol=1e-14, t_eval=asked, args=(push,)).y
        assert_allclose(found[0, inside], solved[size, np.searchsorted(asked, AT[inside])], rtol=0, atol=within)
        state = solved[:, -1]
    assert found[0, 0] == 1.0 and found[0].max() > 1.001


def test_a_patient_has_the_same_slow_effect_alone_and_among_others():
    system, speed = drawn(70), np.linspace(0.5, 2.0, 70) * SPEED
    together = slow_effect(system, SERIES, AT, drive=curve, per_min=speed)
    for patient in (0, 66):
        alone = slow_effect(cut(system, slice(patient, patient + 1)), SERIES, AT, drive=curve, per_min=speed[patient : patient + 1])
        assert_allclose(alone[0], together[patient], rtol=1e-9)


def test_a_patient_has_the_same_bits_in_another_block_and_beside_fewer():
    """The fastest decides how long a panel may be, so all have one speed here; patient 66 stands in the second block of 64."""
    system, speed = drawn(70), np.full(70, SPEED)
    together = slow_effect(system, SERIES, AT, drive=curve, per_min=speed)
    for some in (slice(66, 67), slice(3, 69), slice(0, 2)):
        apart = slow_effect(cut(system, some), SERIES, AT, drive=curve, per_min=speed[some])
        assert np.array_equal(apart, together[some])


def test_an_effect_that_never_goes_is_refused():
    with pytest.raises(OutOfRange, match="speed above 0"):
        slow_effect(drawn(1), SERIES, AT, drive=curve, per_min=np.zeros(1))


def test_a_panel_that_a_change_of_rate_cuts_ends_at_the_change():
    """Whatever the spans, the panels fill them: their ends add up to every change, and the weights to the minutes used."""
    edges = (3.0, 43.0, 50.5, 2 * DAY, 2 * DAY + 0.2, 9 * DAY)
    panels = panels_of(Input(edges, (1.0, 2.0, 0.0, 3.0, 1.0)), np.array([0.0, 12 * DAY]), FIRST_MIN, 5000.0)
    ends = np.cumsum(panels.end_min[panels.end_of])
    assert all(np.abs(ends - edge).min() < 1e-8 for edge in edges)
    assert ends[-1] >= 12 * DAY
    assert_allclose(panels.whole.sum(axis=1), panels.end_min, rtol=1e-12)
    assert_allclose(panels.length_min[1:], 3.0 * panels.length_min[:-1], rtol=1e-12)
    assert panels.rate_mg_per_min[np.searchsorted(ends, 2 * DAY + 0.1)] == 3.0

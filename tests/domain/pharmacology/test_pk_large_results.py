"""What the kernels do for large results and for steps that are multiples of each other: other ways to the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pharmacology_oracles import in_whole_numbers

from winddown.domain.pharmacology import engine, models
from winddown.domain.pharmacology.compartments import Input, concentrations
from winddown.domain.pharmacology.kernels.storing import FAR_BYTES
from winddown.domain.pharmacology.linear import LinearSystem, Output, cut
from winddown.domain.pharmacology.model import Patient

PUSHES = Input((3.0, 10.0, 10.5, 60.0, 90.0), (0.4, 20.0, 0.0, 1.1))
PATIENTS, MINUTES = 1_000, np.arange(0.0, 3_001.0)


@pytest.mark.parametrize("kind", [np.float64, pytest.param(np.float32, marks=pytest.mark.proof)])
@pytest.mark.parametrize("shift", [0, 3])
def test_a_result_too_large_for_the_caches_is_the_same_to_the_last_bit(kind, shift):
    """It is written another way: whole lines of memory past the caches, the ends of each row as ever. No row begins with a line."""
    system = models.get("pk_rs_default").draws(Patient(70), PATIENTS, seed=2).systems[0]
    shape = (len(system.outputs), PATIENTS, MINUTES.size)
    memory = np.full(np.prod(shape) + 8, -1.0, kind)
    far = memory[shift : shift + np.prod(shape)].reshape(shape)
    assert far.nbytes >= FAR_BYTES
    engine.compiled_levels(system, PUSHES, MINUTES, far)
    assert memory[:shift].tolist() == [-1.0] * shift and memory[shift + far.size :].tolist() == [-1.0] * (8 - shift)
    for first in range(0, PATIENTS, 250):
        some = slice(first, first + 250)
        near = np.zeros((shape[0], 250, shape[2]), kind)
        engine.compiled_levels(cut(system, some), PUSHES, MINUTES, near)
        assert near.nbytes < FAR_BYTES and np.array_equal(near, far[:, some])


def test_memory_with_gaps_between_its_numbers_is_not_written_to():
    system = models.get("pk_rac_domino").draws(Patient(70), 2, seed=2).systems[0]
    with pytest.raises(ValueError, match="without gaps"):
        engine.compiled_levels(system, PUSHES, MINUTES[:4], np.zeros((len(system.outputs), 2, 8))[:, :, ::2])


@pytest.mark.parametrize("times", [2, 3, 20, 60, 63, 64, 96, 127, 128, 129, 1440])
def test_a_step_that_is_a_multiple_of_an_earlier_one_keeps_ten_digits(times):
    """Its propagator is a product of the earlier one's powers, up to 127 of them."""
    system = models.get("pk_rs_default").draws(Patient(82, 61, "female"), 3, seed=7).systems[0]
    at = np.concatenate([np.arange(1.0, 6.0), 100.0 + times * np.arange(4.0)])
    found = engine.compiled_levels(system, Input((0.0, 5.0), (0.8,)), at)
    for name, course in concentrations(system, Input((0.0, 5.0), (0.8,)), at).items():
        assert_allclose(found[name], course, rtol=1e-10, atol=1e-60)
    states = {name: Output(name, np.ones(1)) for name in system.states}
    alone = LinearSystem(system.drug, system.states, system.rates[:1], system.entry, states)
    exact = in_whole_numbers(alone, Input((0.0, 5.0), (0.8,)), float(at[-1]))
    last = [course[0, -1] for course in engine.compiled_levels(alone, Input((0.0, 5.0), (0.8,)), at).values()]
    assert_allclose(last, [float(each) for each in exact], rtol=1e-10)

"""Eight numbers side by side have the bits of a plain loop, in rows of doubles and of single floats, and touch nothing beside them."""

import numpy as np
import pytest

pytest.importorskip("numba")

from numba.core.errors import TypingError

from winddown.domain.pharmacology.kernels.compiler import within
from winddown.domain.pharmacology.kernels.eight import EIGHT, eight, put, same


@within
def blended(one, other, by, into, first):
    for place in range(0, one.size, EIGHT):
        put(into, first + place, same(by) * eight(one, place) + eight(other, place))


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_eight_numbers_have_the_bits_of_a_plain_loop(kind):
    drawn = np.random.default_rng(5)
    one, other = drawn.lognormal(sigma=9, size=(2, 4 * EIGHT))
    into = np.full(4 * EIGHT + 8, -1.0, kind)
    blended(one, other, 0.1, into, 3)
    assert into[3 : 3 + one.size].tobytes() == np.array([0.1 * a + b for a, b in zip(one, other, strict=True)], kind).tobytes()
    assert np.all(into[:3] == -1.0) and np.all(into[3 + one.size :] == -1.0)


def test_what_lies_beyond_numbers_stays_so():
    one = np.array([np.inf, -np.inf, np.nan, 0.0, -0.0, 5e-324, 1e307, 1.0])
    into = np.empty(EIGHT)
    blended(one, np.zeros(EIGHT), 10.0, into, 0)
    assert into.tobytes() == (10.0 * one + 0.0).tobytes()


def test_a_column_is_refused_whose_numbers_stand_apart():
    apart = np.ones((EIGHT, 2))[:, 0]
    with pytest.raises(TypingError, match="no row of neighbors"):
        blended(apart, apart, 1.0, np.empty(EIGHT), 0)

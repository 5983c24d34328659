"""When a level falls below a threshold for good."""

from __future__ import annotations

import numpy as np
import pytest

from winddown.domain.pharmacology.clock import predicted_below

TIMES = np.arange(0.0, 101.0)


def decays(half_lives: list[float], start: float = 100.0) -> np.ndarray:
    return np.array([start * 0.5 ** (TIMES / half_life) for half_life in half_lives])


def test_the_middle_patient_and_nine_of_ten():
    """Ten patients who halve in 1 to 10 minutes reach a quarter in 2 to 20."""
    found = predicted_below(25.0, TIMES, decays([float(i) for i in range(1, 11)]))
    assert found.median_min == pytest.approx(10)
    assert found.most_min == pytest.approx(18)
    assert found.caveat == "A predicted level, not a discharge criterion."


def test_a_crossing_between_two_times_is_late_by_less_than_a_step_and_never_early():
    true_minute = 8 * np.log2(100 / 33)
    found = predicted_below(33.0, TIMES, decays([8.0]))
    assert true_minute <= found.median_min < true_minute + 1


def test_a_level_that_comes_back_is_not_below_until_the_last_time():
    course = np.where(TIMES < 50, 10.0, 0.0) + np.where((TIMES >= 60) & (TIMES < 80), 10.0, 0.0)
    assert 79 <= predicted_below(5.0, TIMES, course[np.newaxis]).median_min <= 80


def test_who_is_above_at_the_end_has_no_minute():
    found = predicted_below(25.0, TIMES, decays([5.0, 5.0, 5.0, 1000.0]))
    assert found.median_min == pytest.approx(10)
    assert found.most_min is None


def test_an_unknown_level_is_never_called_below():
    course = np.where(TIMES < 50, 10.0, np.nan)
    assert predicted_below(20.0, TIMES, course[np.newaxis]).median_min is None


def test_the_clock_looks_from_now_on():
    found = predicted_below(25.0, TIMES, decays([5.0]), from_min=40.0)
    assert (found.median_min, found.most_min) == (40, 40)
    assert predicted_below(25.0, TIMES, decays([5.0]), from_min=500.0).median_min is None

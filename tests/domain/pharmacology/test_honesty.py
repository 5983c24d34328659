"""Predictions against what was seen: errors as intervals allow them, shares with their published interval."""

from __future__ import annotations

import pytest

from winddown.domain.pharmacology.honesty import Outcome, Prediction, Score, scored, summed_up, wilson


@pytest.mark.parametrize(
    ("told", "seen", "error", "held"),
    [
        ((50, 70), (45, 60), 0, True),
        ((40, 70), (45, 60), -5, True),
        ((66, 80), (45, 60), 6, True),
        ((30, 44), (45, 60), -15, False),
        ((50, 55), (45, 60), 0, None),
        ((None, None), (45, 60), None, None),
        ((50, 70), (90, None), -40, False),
        ((95, 120), (90, None), None, None),
    ],
)
def test_an_error_is_measured_from_the_interval_that_was_seen(told, seen, error, held):
    assert scored(Prediction(*told), Outcome(*seen)) == Score(error, held)


def test_the_interval_of_a_share_is_the_published_one():
    """Newcombe 1998, Stat Med 17:857, table I: 81 of 263, Wilson without continuity correction."""
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert tuple(round(each, 4) for each in wilson(0, 20)) == (0.0, 0.1611)


def scores(held: int, missed: int, error: float = 3.0) -> list[Score]:
    return [Score(error, True)] * held + [Score(-2 * error, False)] * missed


def test_a_model_drifts_when_the_promise_lies_above_all_that_the_visits_allow():
    assert summed_up(scores(9, 1)).verdict == "too_few"
    assert summed_up(scores(27, 3)).verdict == "as_promised"
    assert summed_up(scores(20, 20)).verdict == "drifted"
    assert summed_up(scores(100, 0)).verdict == "cautious"


def test_visits_without_an_outcome_are_counted_and_judged_nowhere():
    found = summed_up([*scores(3, 1), Score(None, None), Score(None, None)])
    assert (found.visits, found.judged, found.held, found.bias_min, found.error_min) == (6, 4, 3, 3.0, 3.0)
    assert summed_up([]).verdict == "too_few"

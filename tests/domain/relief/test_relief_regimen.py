"""Which treatments the published course over weeks was measured in, and which not."""

from __future__ import annotations

import pytest

from winddown.domain.relief.honesty import Held
from winddown.domain.relief.regimen import may_draw, unstudied


@pytest.mark.parametrize(
    ("icd10", "form", "hours", "because"),
    [
        ("G90.511", "esketamine", [100.0], None),
        ("g90.522", "esketamine", [91.0, 109.0], None),
        ("M79.7", "esketamine", [100.0], "indication"),
        ("G56.41", "esketamine", [100.0], "indication"),
        ("G90.511", "racemic", [100.0], "drug"),
        ("G90.511", "esketamine", [100.0, 4.0], "length"),
        ("G90.511", "esketamine", [None], "length"),
    ],
)
def test_only_a_hundred_hours_of_s_ketamine_in_crps_1_was_studied(icd10, form, hours, because):
    found = unstudied(icd10, form, hours)
    assert (found.because if found else None) == because


def test_outside_it_a_curve_needs_a_record_that_has_held():
    outside = unstudied("M79.7", "racemic", [4.0])
    assert may_draw(None, Held(0, 0))
    assert not may_draw(outside, Held(99, 8, 0.5, 0.9, 0.6, 1.0, 0.9))
    assert may_draw(outside, Held(100, 8, 0.5, 0.9, 0.6, 1.0, 0.9))
    assert not may_draw(outside, Held(100, 8, 0.5, 0.9, 0.9, 1.0, 0.9))
    assert not may_draw(outside, Held(100, 8, 0.5, 0.79, 0.6, 1.0, 0.9))

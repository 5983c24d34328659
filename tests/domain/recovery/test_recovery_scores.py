"""Discharge scores keep their variant; what the vital signs suggest depends on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.recovery.scores import VARIANTS, circulation_points, saturation_points, score, variant_of
from winddown.domain.refusals import Missing, UnknownWord


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=lambda variant: variant.id)
def test_every_variant_is_a_score_of_ten(variant):
    assert variant.highest == 10
    assert score(variant.id, {item.key: "2" for item in variant.items}).total == 10


@pytest.mark.parametrize(
    ("variant_id", "systolic", "points"),
    [
        ("aldrete-percent-92", 192, 2),
        ("aldrete-percent-92", 193, 1),
        ("aldrete-percent-92", 240, 1),
        ("aldrete-percent-92", 241, 0),
        ("aldrete-mmhg-92", 180, 2),
        ("aldrete-mmhg-92", 181, 1),
        ("aldrete-mmhg-92", 210, 1),
        ("aldrete-mmhg-92", 109, 0),
        ("padss-modified", 224, 1),
        ("padss-modified", 225, 0),
    ],
)
def test_the_same_pressure_scores_by_the_variant_against_a_baseline_of_160(variant_id, systolic, points):
    assert circulation_points(variant_of(variant_id), systolic, 160) == points


@pytest.mark.parametrize(
    ("variant_id", "spo2", "on_oxygen", "points"),
    [
        ("aldrete-percent-92", 93, False, 2),
        ("aldrete-percent-92", 92, False, 1),
        ("aldrete-percent-90", 92, False, 2),
        ("aldrete-percent-92", 99, True, 1),
        ("aldrete-percent-92", 89, True, 0),
        ("padss-modified", 99, False, None),
    ],
)
def test_two_points_for_saturation_are_given_on_room_air_only(variant_id, spo2, on_oxygen, points):
    assert saturation_points(variant_of(variant_id), spo2, on_oxygen=on_oxygen) == points


def test_an_unscored_item_is_missing_and_never_zero():
    with pytest.raises(Missing, match="bleeding"):
        score("padss-modified", {"vitals": 2, "walking": 2, "nausea": 2, "pain": 2})


def test_an_item_of_another_variant_is_refused():
    with pytest.raises(UnknownWord):
        score("padss-modified", {"vitals": 2, "walking": 2, "nausea_pain": 2, "pain": 2, "bleeding": 2})
    with pytest.raises(UnknownWord):
        variant_of("aldrete")


@given(st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_the_total_is_the_sum_of_the_points_unless_something_is_as_before(points):
    keys = [item.key for item in variant_of("padss-modified").items]
    found = score("padss-modified", dict(zip(keys, points, strict=True)))
    assert found.total == sum(points)
    assert score("padss-modified", dict(zip(keys, points, strict=True)), at_baseline=["walking", "pain"]).total >= found.total

"""Measures judged from outside: plane geometry, a simulated person, and the table printed in a paper on measurement error."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.refusals import Refusal
from winddown.domain.sensory import norms, repeatability, score, stimuli
from winddown.domain.sensory.threshold import follow

RATINGS = st.lists(st.integers(0, 100), min_size=1, max_size=35)
DISTANCES = st.lists(st.floats(0, 30), min_size=8, max_size=8)
# Four peak flow readings of each of 20 schoolchildren, as printed in the paper, table 1; it reports a within-subject SD of 21.5 L/min.
PEAK_FLOWS = """190 220 200 200 / 220 200 240 230 / 260 260 240 280 / 210 300 280 265 / 270 265 280 270 / 280 280 270 275 / 260 280 280 300
/ 275 275 275 305 / 280 290 300 290 / 320 290 300 290 / 300 300 310 300 / 270 250 330 370 / 320 330 330 330 / 335 320 335 375
/ 350 320 340 365 / 360 320 350 345 / 330 340 380 390 / 335 385 360 370 / 400 420 425 420 / 430 460 480 470"""


def shoelace(distances: list[float]) -> float:
    """The area of a polygon from its corners, the surveyor's way."""
    corners = [(r * math.cos(k * math.pi / 4), r * math.sin(k * math.pi / 4)) for k, r in enumerate(distances)]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True))) / 2


@given(DISTANCES)
def test_the_area_is_that_of_the_polygon_drawn(distances):
    found = score.area([score.Spoke(number, distance) for number, distance in enumerate(distances, start=1)])
    assert found.value == pytest.approx(shoelace(distances), abs=1e-9)


@given(RATINGS)
def test_no_ratings_leave_the_scale(ratings):
    found = score.sensitivity(ratings, of=35)
    assert 0.1 - 1e-9 <= found.value <= 100.1 + 1e-9
    assert found.value <= statistics.fmean(ratings) + 0.1 + 1e-9
    assert found.value == pytest.approx(statistics.geometric_mean([rating + 0.1 for rating in ratings]))
    assert 0 <= score.allodynia(ratings, of=15).value <= 100.1 + 1e-9


@given(RATINGS, RATINGS)
def test_a_wind_up_ratio_is_a_number_or_says_why_not(singles, trains):
    found = score.wind_up(singles, trains, of=5)
    pairs = min(len(singles), len(trains))
    if sum(singles[:pairs]) == 0:
        assert (found.value, found.why) == (None, "Not computed: every single pinprick was rated 0.")
    else:
        assert found.value == pytest.approx(statistics.fmean(trains[:pairs]) / statistics.fmean(singles[:pairs]))


@given(st.lists(st.sampled_from(["sharp", "blunt"]), max_size=150), st.integers(1, 5))
def test_no_answers_make_a_series_leave_the_set_of_pinpricks_or_count_a_turn_too_many(felt, series):
    found = follow(felt, series=series)
    assert found.next_mn is None or found.next_mn in stimuli.PINPRICKS_MN
    assert len(found.turns) <= 2 * series
    assert [turn.direction for turn in found.turns] == (["up", "down"] * series)[: len(found.turns)]
    assert (found.next_mn is None) == (len(found.turns) == 2 * series)


@pytest.mark.parametrize("sharp_from_mn", [10, 20, 50, 100, 200, 400])
def test_a_person_who_feels_sharp_from_a_force_on_has_a_threshold_within_one_step_of_it(sharp_from_mn):
    felt: list[str] = []
    while (here := follow(felt, series=5)).next_mn is not None:
        felt.append("sharp" if here.next_mn >= sharp_from_mn else "blunt")
    found = score.threshold(here.turns, of=10)
    assert found.bound == ""
    assert abs(math.log2(found.value / sharp_from_mn)) < 1


def test_what_comes_after_the_last_series_changes_nothing():
    whole = ["blunt", "sharp", "blunt"] + ["sharp", "blunt"] * 4
    assert follow([*whole, "sharp", "blunt"], series=5) == follow(whole, series=5)
    assert follow(whole, series=5).next_mn is None


def test_the_spread_of_repeated_tests_is_that_of_the_paper():
    groups = [[float(each) for each in line.split()] for line in PEAK_FLOWS.split("/")]
    assert repeatability.within_subject_sd(groups) == pytest.approx(21.5, abs=0.05)
    found = repeatability.spread("area", "same", groups)
    assert (found.n, found.rough) == (20, False)
    assert found.limit == pytest.approx(2.77 * 21.46, abs=0.1)


def test_two_tests_with_a_ratio_of_two_each_way_are_told_as_a_factor():
    groups = [[10.0, 20.0], [40.0, 20.0], [5.0, 10.0]]
    found = repeatability.spread("mps", "other", groups)
    half_squared = math.log10(2) ** 2 / 2
    assert found.sd == pytest.approx(math.sqrt(half_squared))
    assert found.around(10.0) == (pytest.approx(10 / found.limit), pytest.approx(10 * found.limit))
    assert found.rough


def test_one_person_tested_again_is_no_spread_and_a_zero_has_no_logarithm():
    assert repeatability.spread("mps", "same", [[10.0, 20.0], [10.0]]) is None
    assert repeatability.spread("wur", "same", [[10.0, 20.0], [0.0, 20.0]]) is None


NORMS = """site,sex,age_low,age_high,parameter,mean_log10,sd_log10,source
hand,female,20,39,MPT,2.0,0.3,invented for a test
hand,female,40,120,MPT,1.9,0.3,invented for a test
hand,female,40,120,MPS,0.1,0.4,invented for a test
"""
WHO = {"form": "full", "region": "back-right-hand", "sex": "female", "age_years": 45}


def test_z_is_plus_for_a_gain_so_a_low_threshold_is_plus():
    rows = norms.read_norms(NORMS)
    low = score.Result(10**1.3, "mN", 10, 10)
    found = norms.z_of("mpt", low, rows, **WHO)
    assert (found.value, found.source, found.outside) == (pytest.approx(2.0), "invented for a test", True)
    high = score.Result(10**0.5, "rating", 35, 35)
    assert norms.z_of("mps", high, rows, **WHO).value == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"form": "bedside"}, "A short form: published norms belong to the full test."),
        ({"region": "front-right-forearm"}, "No licensed norm is loaded for this site, sex and age."),
        ({"sex": "male"}, "No licensed norm is loaded for this site, sex and age."),
        ({"age_years": 19}, "No licensed norm is loaded for this site, sex and age."),
    ],
)
def test_without_a_fitting_row_there_is_a_reason_and_no_z(changed, why):
    found = norms.z_of("mpt", score.Result(20.0, "mN", 10, 10), norms.read_norms(NORMS), **(WHO | changed))
    assert (found.value, found.why) == (None, why)


def test_an_unfinished_measure_has_no_z():
    assert norms.z_of("mps", score.Result(20.0, "rating", 30, 35), norms.read_norms(NORMS), **WHO).value is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "norms_columns"),
        ("site,sex\nhand,female\n", "norms_columns"),
        (NORMS.splitlines()[0], "norms_empty"),
        (NORMS.replace("hand,female,20", "elbow,female,20"), "norms_word"),
        (NORMS.replace("2.0,0.3", "2.0,nothing"), "norms_number"),
        (NORMS.replace("2.0,0.3", "2.0,0"), "norms_range"),
        (NORMS.replace("2.0,0.3", "nan,0.3"), "norms_range"),
        (NORMS.replace("20,39", "20,40"), "norms_overlap"),
        (NORMS.replace("MPT,2.0,0.3,invented for a test", "MPT,2.0,0.3,"), "norms_source"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_whole(text, code):
    with pytest.raises(Refusal) as refused:
        norms.read_norms(text)
    assert (refused.value.code, refused.value.where) == (code, "file")

"""The drawn order, what stands of a test, and the regions of the body."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winddown.domain.refusals import Refusal
from winddown.domain.sensory import body
from winddown.domain.sensory.answers import Entry, checked, standing
from winddown.domain.sensory.plan import FORMS, Plan, draw
from winddown.domain.sensory.results import results_of
from winddown.domain.sensory.stimuli import PINPRICKS_MN

TEN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CONTROL, AFFECTED = "back-left-hand", "back-right-hand"


def plan(form: str = "bedside", seed: int = 7, **sites: str) -> Plan:
    return draw(form, **({"control": CONTROL, "affected": AFFECTED} | sites), seed=seed)


def entry(number: int, kind: str = "answer", step: int = 0, *, takes_back: int | None = None, **data) -> Entry:
    gone = f"e{takes_back}" if takes_back is not None else None
    return Entry(f"e{number}", number, kind, step, data, TEN + timedelta(seconds=number), gone)


def rated(number: int, step: int, rating: int, **more) -> Entry:
    return entry(number, step=step, rating=rating, way="tap", **more)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_seed_draws_the_same_order_and_the_record_keeps_it_whole(form):
    drawn = plan(form)
    assert drawn == plan(form)
    assert Plan.from_data(json.loads(json.dumps(drawn.as_data()))) == drawn
    assert [step.number for step in drawn.steps] == list(range(1, len(drawn.steps) + 1))


@given(st.sampled_from(sorted(FORMS)), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_whatever_is_drawn_both_sites_get_the_same_and_every_force_equally_often(form, seed):
    drawn = plan(form, seed)
    told = {site: Counter((s.kind, s.force_mn, s.tool) for s in drawn.steps if s.site == site) for site in ("control", "affected")}
    ratings = {site: {what: n for what, n in found.items() if what[0] != "spoke"} for site, found in told.items()}
    assert ratings["control"] == ratings["affected"]
    assert {ratings["affected"][("pinprick", force, "")] for force in PINPRICKS_MN} == {FORMS[form].runs}


def test_a_train_follows_its_single_pinprick_at_the_same_place():
    steps = plan("full").steps
    for before, after in pairwise(steps):
        if after.kind == "train":
            assert (before.kind, before.site, before.run, before.force_mn) == ("single", after.site, after.run, after.force_mn)


def test_the_first_site_and_the_first_force_differ_from_draw_to_draw():
    firsts = Counter((plan(seed=seed).steps[0].site, plan(seed=seed).steps[0].force_mn) for seed in range(200))
    assert len(firsts) > 12
    control_first = sum(n for (site, _), n in firsts.items() if site == "control")
    assert 70 <= control_first <= 130


def test_the_face_gets_the_lighter_pinprick_for_wind_up():
    steps = plan("full", control="front-left-face", affected="front-right-face").steps
    assert {step.force_mn for step in steps if step.kind == "train"} == {128}
    assert {step.force_mn for step in plan("full").steps if step.kind == "train"} == {256}


def test_one_place_cannot_be_both_sites():
    with pytest.raises(Refusal) as refused:
        plan(control=AFFECTED)
    assert refused.value.code == "sites_equal"


def test_what_was_taken_back_is_asked_again_and_a_repeat_counts_once():
    drawn = plan("pinprick")
    first = rated(1, 1, 30)
    told = standing(drawn, [first, first, rated(2, 2, 40)])
    assert (told.done_count, told.next_step.number, told.last.id) == (2, 3, "e2")
    again = standing(drawn, [first, rated(2, 2, 40), entry(3, "taken_back", 2, takes_back=2)])
    assert (again.done_count, again.next_step.number, again.last.id) == (1, 2, "e1")
    assert standing(drawn, [first, rated(2, 2, 40), entry(3, "taken_back", 2, takes_back=2), rated(4, 2, 50)]).rating(drawn.steps[1]) == 50


def test_pause_resume_and_the_end_are_read_from_the_entries():
    drawn = plan("pinprick")
    assert standing(drawn, [entry(1, "paused")]).status == "paused"
    assert standing(drawn, [entry(1, "paused"), entry(2, "resumed")]).status == "running"
    assert standing(drawn, [entry(1, "stopped", because="too painful")]).status == "stopped"


def test_an_answer_that_comes_late_still_counts():
    drawn = plan("pinprick")
    late = Entry("late", 99, "answer", 1, {"rating": 20, "way": "tap"}, TEN, None)
    assert standing(drawn, [entry(5, "stopped", because="tired"), late]).rating(drawn.steps[0]) == 20


def test_a_step_left_out_is_done_and_lowers_the_count_not_the_mean():
    drawn = plan("pinprick")
    given_ = [rated(step.number, step.number, 10) for step in drawn.steps if step.site == "affected"]
    left_out = next(step for step in drawn.steps if step.site == "affected")
    told = standing(drawn, [*given_[1:], entry(50, "skipped", left_out.number, because="moved")])
    found = results_of(told).by_site["mps"]["affected"]
    assert told.done(left_out)
    assert (round(found.value, 2), found.n, found.of) == (10.1, 6, 7)


def test_two_or_three_of_ten_against_eight_of_ten_is_what_the_curves_say():
    drawn = plan("bedside")
    entries = [
        rated(step.number, step.number, 80 if step.site == "affected" else 25) for step in drawn.steps if step.kind in ("pinprick", "touch")
    ]
    found = results_of(standing(drawn, entries))
    assert found.curves == {"control": dict.fromkeys(PINPRICKS_MN, 25.0), "affected": dict.fromkeys(PINPRICKS_MN, 80.0)}
    assert found.ratio["mps"].value == pytest.approx(80.1 / 25.1)
    assert found.by_site["wur"]["affected"].why == "Not tested."


@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(FORMS)))
@settings(max_examples=60)
def test_no_answers_crash_a_test_or_leave_the_scale(seed, form):
    rng = random.Random(seed)
    drawn = plan(form, seed)
    entries = []
    for number in range(rng.randrange(200)):
        step = rng.choice(drawn.steps)
        entries.append(entry(number, rng.choice(["answer", "answer", "skipped"]), step.number, **_some_answer(step, rng)))
    told = standing(drawn, entries)
    found = results_of(told)
    assert 0 <= told.done_count <= len(drawn.steps)
    for by_site in found.by_site.values():
        assert all(result.value is None or result.value >= 0 for result in by_site.values())
        assert all(result.value is not None or result.why for result in by_site.values())
    assert all(0 <= mean <= 100 for curve in found.curves.values() for mean in curve.values())


def _some_answer(step, rng) -> dict:
    if step.kind == "series":
        return checked(step, {"felt": rng.choice(["sharp", "blunt"]), "force_mn": rng.choice(PINPRICKS_MN)})
    if step.kind == "spoke":
        return checked(step, {"distance_cm": rng.choice(["0", "2.5", "30"]), "to_the_edge": rng.choice(["", "1"])})
    return checked(step, {"rating": rng.randrange(101), "way": rng.choice(["tap", "slider"])})


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("pinprick", {"rating": "101", "way": "tap"}, "rating_range"),
        ("pinprick", {"rating": "-1", "way": "tap"}, "rating_range"),
        ("pinprick", {"rating": "", "way": "tap"}, "answer_missing"),
        ("pinprick", {"rating": "4.5", "way": "tap"}, "answer_not_a_number"),
        ("pinprick", {"rating": "40", "way": "guess"}, "unknown_way"),
        ("series", {"felt": "maybe", "force_mn": "8"}, "unknown_felt"),
        ("series", {"felt": "sharp", "force_mn": "9"}, "unknown_force"),
        ("spoke", {"distance_cm": "31"}, "distance_range"),
        ("spoke", {"distance_cm": "nan"}, "distance_range"),
        ("spoke", {"distance_cm": "far"}, "answer_missing"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_name(kind, data, code):
    step = next(step for step in plan("full").steps if step.kind == kind)
    with pytest.raises(Refusal) as refused:
        checked(step, data)
    assert refused.value.code == code


def test_regions_have_stable_keys_and_a_mirror_on_the_other_side():
    assert len(body.REGIONS) == 70
    for key, region in body.REGIONS.items():
        other = body.mirror_of(key)
        assert (other.view, other.part, other.side != region.side) == (region.view, region.part, True)
        assert body.mirror_of(other.key) == region
    assert {"front-left-hand", "back-right-hand", "back-left-lower-back", "front-right-foot"} <= set(body.REGIONS)


def test_two_maps_are_compared_by_region():
    found = body.change_between(["front-left-hand", "front-left-wrist", "front-left-forearm"], ["front-left-hand", "front-left-elbow"])
    assert (found.stayed, found.came, found.went) == (
        ("front-left-hand",),
        ("front-left-elbow",),
        ("front-left-forearm", "front-left-wrist"),
    )
    assert (found.then, found.now) == (3, 2)

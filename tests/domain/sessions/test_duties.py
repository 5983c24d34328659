"""What is due at the chair follows the protocol, and every change of rate asks for a closer look again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from visit_words import ARRIVED, STARTED, minute, tell

from winddown.domain.sessions.duties import cuff_overdue_at, due, next_duty, next_set
from winddown.domain.sessions.phase import card
from winddown.domain.sessions.supervision import default_supervision, read_supervision

SUPERVISION = read_supervision(default_supervision("pain"))
RULES = SUPERVISION.observations
SET, SITE = "observation_set_taken", "iv_site_checked"


def duty(story, at, key="observation_set"):
    return {each.key: each for each in due(RULES, tell(*story), at=minute(at))}.get(key)


def due_minute(story, at):
    return (duty(story, at).due_at - minute(0)).total_seconds() / 60


@pytest.mark.parametrize("story", [(), ARRIVED, (*STARTED, (40, "infusion_completed"), (110, "discharged"))])
def test_nothing_is_due_before_the_start_or_after_the_end(story):
    assert due(RULES, tell(*story), at=minute(200)) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), 5),
        (((5, SET),), 10),
        (((5, SET), (10, SET)), 15),
        (((14, SET),), 19),
        (((15, SET),), 25),
        (((25, SET),), 35),
        (((25, SET), (28, "rate_changed", {"rate_ml_per_h": "60"})), 33),
        (((25, SET), (34, "bolus_given", {"volume_ml": "2"})), 35),
        (((25, SET), (28, "rate_reported", {"rate_ml_per_h": "52.5"})), 35),
        (((25, SET), (28, "rate_reported", {"rate_ml_per_h": "60"})), 33),
        (((25, SET), (30, "held")), 35),
        (((25, SET), (30, "held"), (35, SET)), 40),
        (((25, SET), (30, "held"), (35, SET), (38, "resumed", {"rate_ml_per_h": "52.5"})), 43),
        (((39, SET), (40, "infusion_completed")), 49),
        (((39, SET), (40, "infusion_completed"), (49, SET)), 64),
    ],
)
def test_the_next_set_is_due_by_the_protocol(more, expected):
    assert due_minute((*STARTED, *more), 49.5) == expected


@pytest.mark.parametrize(
    ("late", "state"), [(-0.1, "upcoming"), (0, "due"), (1.9, "due"), (2, "amber"), (4.9, "amber"), (5, "red"), (30, "red")]
)
def test_a_missed_set_turns_amber_at_two_minutes_and_red_at_five(late, state):
    found = duty(STARTED, 5 + late)
    assert (found.state, found.minutes) == (state, pytest.approx(-late))


def test_a_set_with_gaps_asks_to_be_completed_by_name():
    found = duty((*STARTED, (5, SET, {"missing": ["respiratory_rate", "moaas"]})), 6, "complete_set")
    assert found.words == "Complete the last set: respiratory rate, moaas"


def test_every_set_owes_a_look_at_the_line():
    assert duty((*STARTED, (5, SET)), 6, "site_check").due_at == minute(5)
    assert duty((*STARTED, (4, SITE, {"finding": "clear"}), (5, SET)), 6, "site_check") is None
    assert duty((*STARTED, (4, SITE, {"finding": "clear"}), (15, SET)), 16, "site_check").due_at == minute(15)
    assert duty((*STARTED, (5, SET), (6, "iv_removed")), 7, "site_check") is None


def test_scores_are_due_every_quarter_of_an_hour_and_named():
    assert duty(STARTED, 1, "scores").words == ("Scores: Dissociation (CADSS-6 total), Nausea, Pain now, Distress, Perception")
    taken = [(10, "score_taken", {"scale": scale, "value": "0"}) for scale in ("cadss6", "nausea", "pain", "distress")]
    late = duty((*STARTED, *taken), 11, "scores")
    assert (late.words, late.due_at) == ("Scores: Perception", minute(15))


def test_a_bag_near_its_use_by_time_is_a_duty():
    hung = (-10, "bag_hung", {"bag": "B-7", "use_by": minute(50).isoformat()})
    assert duty((hung, *STARTED), 19, "bag_use_by") is None
    assert duty((hung, *STARTED), 20, "bag_use_by").minutes == 30


def test_a_supervisor_who_leaves_must_be_replaced():
    duties = due(RULES, tell(*STARTED), at=minute(1), supervisor_until=minute(3))
    assert next_duty(duties).words == "Name the next supervising prescriber"


def test_the_cuff_is_an_alarm_at_one_and_a_half_intervals():
    late = next_set(RULES, tell(*STARTED), last_at=minute(25), at=minute(26))
    assert cuff_overdue_at(late, SUPERVISION.alarms.cuff_overdue.intervals) == minute(40)
    changed = tell(*STARTED, (28, "rate_changed", {"rate_ml_per_h": "60"}))
    assert cuff_overdue_at(
        next_set(RULES, changed, last_at=minute(25), at=minute(29)), SUPERVISION.alarms.cuff_overdue.intervals
    ) == minute(35.5)


@given(st.lists(st.floats(0.5, 60), max_size=8), st.lists(st.floats(0.5, 60), max_size=4), st.floats(60, 90))
def test_no_change_of_rate_ever_waits_longer_than_five_minutes_for_a_set(sets, changes, at):
    story = [(when, SET) for when in sets] + [
        (when, "rate_changed", {"rate_ml_per_h": f"{40 + place}"}) for place, when in enumerate(changes)
    ]
    found = duty((*STARTED, *sorted(story, key=lambda fact: fact[0])), at)
    last_set = max(sets, default=0)
    assert all((found.due_at - minute(change)).total_seconds() <= 300.001 for change in changes if change > last_set)


def test_the_card_counts_running_time_only_and_names_the_next_duty():
    events = tell(*STARTED, (5, SET), (10, "held"), (15, SET), (20, "resumed", {"rate_ml_per_h": "52.5"}))
    shown = card(events, due(RULES, events, at=minute(24)), at=minute(24), planned_infusion_min=40)
    assert (shown.phase, shown.minutes_in_phase, shown.infused_min, shown.fraction) == ("Infusing", 4, 14, 0.35)
    assert (shown.next_words[:6], shown.minutes_to_next, shown.next_state) == ("Scores", -9, "red")


def test_before_anything_has_happened_there_is_a_card_and_nothing_has_run():
    """Also when everything that is told lies ahead: a clock that is behind, a fact typed for later."""
    for events in (tell(), tell(*STARTED)):
        shown = card(events, [], at=minute(-60), planned_infusion_min=40)
        assert (shown.status, shown.since, shown.infused_min, shown.fraction) == ("planned", None, 0.0, None)


def test_the_ring_of_recovery_fills_over_the_minimum_stay_and_says_when_it_is_over():
    events = tell(*STARTED, (40, "infusion_completed"))
    assert card(events, [], at=minute(70), minimum_stay_min=60).fraction == 0.5
    over = card(events, [], at=minute(130), minimum_stay_min=60)
    assert (over.fraction, over.overtime) == (1.0, True)


def test_an_odd_fact_is_on_the_card():
    assert card(tell((0, "started")), [], at=minute(1)).odd == ("started, but neither check-in nor the start gate was recorded",)

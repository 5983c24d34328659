"""An alarm is raised, acknowledged and cleared; one that cleared unseen stays until somebody sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from winddown.domain.alarms.defaults import default_limits
from winddown.domain.alarms.lifecycle import VISIBLE, answer, next_status, unanswered
from winddown.domain.refusals import NotAllowed, UnknownWord

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def run(*happenings: str) -> str:
    status = "raised"
    for happening in happenings:
        status = next_status(status, happening)
    return status


@pytest.mark.parametrize(
    ("happenings", "status"),
    [
        (("acknowledged", "cleared"), "cleared"),
        (("cleared",), "cleared_unacknowledged"),
        (("cleared", "acknowledged"), "cleared"),
        (("acknowledged", "worsened"), "raised"),
        (("worsened", "acknowledged", "worsened", "cleared"), "cleared_unacknowledged"),
    ],
)
def test_an_alarm_lives_by_the_table(happenings, status):
    assert run(*happenings) == status


def test_an_alarm_that_cleared_unseen_is_still_on_the_screen():
    assert run("cleared") in VISIBLE
    assert run("acknowledged", "cleared") not in VISIBLE


@pytest.mark.parametrize("happening", ["worsened", "acknowledged", "cleared"])
def test_a_closed_alarm_is_closed(happening):
    with pytest.raises(NotAllowed):
        next_status("cleared", happening)


def test_an_unknown_status_is_refused_by_name():
    with pytest.raises(UnknownWord):
        next_status("silenced", "cleared")


def test_time_to_action_counts_the_first_act_of_the_protocol_after_the_alarm():
    acts = [(at(95), "held"), (at(30), "note_written"), (at(-10), "rate_changed"), (at(200), "stopped")]
    found = answer(at(0), acknowledged_at=at(20), acts=acts)
    assert (found.acknowledged_after_s, found.acted_after_s, found.act) == (20, 95, "held")


def test_an_alarm_nobody_answered_has_no_times():
    found = answer(at(0), acknowledged_at=None, acts=[])
    assert (found.acknowledged_after_s, found.acted_after_s, found.act) == (None, None, "")


@pytest.mark.parametrize(
    ("status", "severity", "seconds", "goes_up"),
    [("raised", "high", 61, True), ("raised", "high", 60, False), ("acknowledged", "high", 600, False), ("raised", "low", 600, False)],
)
def test_an_alarm_unanswered_for_a_minute_goes_to_the_supervisor(status, severity, seconds, goes_up):
    assert unanswered(status, severity, at(0), default_limits(), at(seconds)) is goes_up

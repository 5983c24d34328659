"""The life of a session is one table, drawn from itself; a fact is never refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.refusals import UnknownWord
from winddown.domain.sessions.lifecycle import MOVING, STATUSES, UNDER_WATCH, as_mermaid, as_page, next_status, status_of, walk
from winddown.domain.sessions.story import Event

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[3] / "docs/generated/session-lifecycle.md"


def story(*kinds: str) -> list[Event]:
    return [
        Event(str(place), place, kind, NOON + timedelta(minutes=place), NOON + timedelta(minutes=place), "nurse")
        for place, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ((), "planned"),
        (("checked_in", "made_ready", "started", "held", "resumed", "infusion_completed", "discharged"), "discharged"),
        (("checked_in", "made_ready", "started", "held", "stopped", "recovery_started", "discharged"), "discharged"),
        (("checked_in", "abandoned"), "abandoned"),
        (("checked_in", "weight_measured", "made_ready", "started", "rate_changed", "score_taken"), "running"),
    ],
)
def test_a_plain_visit_walks_the_table_without_an_odd_step(kinds, status):
    assert status_of(story(*kinds)) == status
    assert [place.moved.because for place in walk(story(*kinds)) if place.moved.odd] == []


@pytest.mark.parametrize("status", STATUSES)
def test_a_pump_that_starts_is_watched_whatever_was_forgotten(status):
    moved = next_status(status, "started")
    assert moved.status == "running"
    assert moved.odd == (status != "ready")


@pytest.mark.parametrize("status", sorted(UNDER_WATCH - {"recovering", "stopped"}))
@pytest.mark.parametrize("kind", ["discharged", "abandoned", "checked_in", "made_ready", "recovery_started"])
def test_a_running_infusion_leaves_the_watch_only_by_its_end(status, kind):
    moved = next_status(status, kind)
    assert (moved.status, moved.odd) == (status, True)
    assert moved.because.endswith("the status stays")


def test_a_rate_reported_by_the_pump_after_the_stop_is_kept_and_marked():
    places = walk(story("checked_in", "made_ready", "started", "stopped", "rate_reported"))
    assert places[-1].moved == ("stopped", True, "rate reported while the session is stopped: look at the pump")


def test_a_corrected_event_takes_its_own_place_in_the_story():
    wrong = story("checked_in", "made_ready", "started", "stopped")
    hold = Event("9", 9, "held", wrong[3].happened_at, NOON + timedelta(minutes=20), "nurse", supersedes="3")
    assert status_of([*wrong, hold]) == "held"


def test_a_late_written_hold_before_a_resume_does_not_hold_the_session_now():
    events = story("checked_in", "made_ready", "started")
    resumed = Event("7", 7, "resumed", NOON + timedelta(minutes=12), NOON + timedelta(minutes=12), "nurse")
    held_late = Event("8", 8, "held", NOON + timedelta(minutes=10), NOON + timedelta(minutes=30), "nurse")
    assert status_of([*events, resumed, held_late]) == "running"


def test_an_unknown_status_is_refused():
    with pytest.raises(UnknownWord):
        next_status("paused", "started")


@given(st.lists(st.sampled_from([*sorted(MOVING), "rate_changed", "note_written"]), max_size=12))
def test_every_event_of_any_story_is_kept_and_every_change_of_status_has_a_cause(kinds):
    places = walk(story(*kinds))
    assert [place.event.kind for place in places] == kinds
    for before, after in pairwise(places):
        assert before.moved.status == after.moved.status or after.event.kind in MOVING


def test_every_status_is_on_the_picture():
    drawn = as_mermaid()
    assert [status for status in STATUSES if f"--> {status}" not in drawn] == []


def test_the_page_of_the_manual_is_current():
    assert PAGE.read_text(encoding="utf-8") == as_page(), "write lifecycle.as_page() to docs/generated/session-lifecycle.md"

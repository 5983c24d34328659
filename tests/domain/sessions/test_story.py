"""The story of a session: repeats, corrections, retractions and late entries, in any order of arrival."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winddown.domain.sessions.story import Event, as_known_at, contested, effective, history_of, latest

TEN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def event(
    id: str, sequence: int, minute: int = 0, *, kind: str = "rate_changed", supersedes: str | None = None, written: int | None = None
) -> Event:
    happened = TEN + timedelta(minutes=minute)
    wrote = happened if written is None else TEN + timedelta(minutes=written)
    return Event(id, sequence, kind, happened, wrote, "nurse", {"rate_ml_per_h": str(sequence)}, supersedes)


def ids(events: tuple[Event, ...]) -> list[str]:
    return [each.id for each in events]


def test_the_same_id_twice_is_one_event():
    assert ids(effective([event("a", 1), event("b", 2, 1), event("a", 1)])) == ["a", "b"]


def test_events_stand_in_the_order_they_happened_then_arrived():
    story = [event("late", 3, 5, written=20), event("second", 2, 10), event("first", 1, 0), event("same minute", 4, 5)]
    assert ids(effective(story)) == ["first", "late", "same minute", "second"]


def test_a_correction_takes_the_place_of_what_it_corrects():
    story = [event("wrong", 1, 0), event("right", 2, 3, supersedes="wrong")]
    assert ids(effective(story)) == ["right"]


def test_a_correction_of_a_correction_stands_alone():
    story = [event("a", 1), event("b", 2, supersedes="a"), event("c", 3, supersedes="b")]
    assert ids(effective(story)) == ["c"]
    assert ids(history_of(story, "a")) == ["a", "b", "c"]


def test_a_retracted_event_is_gone_and_the_retraction_is_no_event():
    story = [event("a", 1), event("keep", 2), event("gone", 3, kind="retracted", supersedes="a")]
    assert ids(effective(story)) == ["keep"]


def test_retracting_a_correction_does_not_bring_the_first_version_back():
    story = [event("a", 1), event("b", 2, supersedes="a"), event("r", 3, kind="retracted", supersedes="b")]
    assert effective(story) == ()


def test_of_two_rival_corrections_the_last_written_stands_and_both_are_named():
    story = [event("a", 1), event("b", 2, supersedes="a"), event("c", 3, supersedes="a")]
    assert ids(effective(story)) == ["c"]
    assert [ids(rivals) for rivals in contested(story)] == [["b", "c"]]


def test_a_correction_that_arrives_before_its_target_still_wins():
    story = [event("right", 1, supersedes="wrong"), event("wrong", 2)]
    assert ids(effective(story)) == ["right"]
    assert ids(effective(story[:1])) == ["right"]


def test_a_ring_of_corrections_does_not_hang():
    story = [event("a", 1, supersedes="b"), event("b", 2, supersedes="a")]
    assert ids(effective(story)) == ["b"]


@pytest.mark.parametrize(("written_after_s", "late"), [(0, False), (120, False), (121, True)])
def test_an_entry_is_late_when_written_more_than_two_minutes_after_it_happened(written_after_s: int, late: bool):
    entry = Event("a", 1, "started", TEN, TEN + timedelta(seconds=written_after_s), "nurse")
    assert entry.late is late
    assert (entry.happened_at, entry.written_at) == (TEN, TEN + timedelta(seconds=written_after_s))


def test_an_event_said_to_happen_after_it_was_written_is_marked():
    assert Event("a", 1, "started", TEN, TEN - timedelta(minutes=5), "nurse").ahead
    assert not Event("a", 1, "started", TEN, TEN - timedelta(minutes=1), "nurse").ahead


def test_the_story_as_known_at_an_instant_leaves_out_what_was_written_later():
    story = [event("a", 1, 0), event("fix", 2, 0, supersedes="a", written=10), event("late", 3, 5, written=12)]
    assert ids(as_known_at(story, TEN + timedelta(minutes=9))) == ["a"]
    assert ids(as_known_at(story, TEN + timedelta(minutes=10))) == ["fix"]
    assert ids(as_known_at(story, TEN + timedelta(minutes=12))) == ["fix", "late"]


def test_a_number_that_cannot_be_read_is_nothing_and_never_zero():
    entry = Event("a", 1, "rate_reported", TEN, TEN, "pump", {"rate_ml_per_h": "fast", "flag": True, "score": "-2", "nan": "NaN"})
    assert [entry.number(key) for key in ("rate_ml_per_h", "flag", "missing", "nan")] == [None] * 4
    assert entry.number("score") == Decimal(-2)


def test_an_event_without_a_time_zone_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError):
        Event("a", 1, "started", datetime(2026, 5, 4, 10, 0), TEN, "nurse")


def test_the_latest_of_a_kind_by_an_instant():
    story = effective([event("a", 1, 0), event("b", 2, 10), event("other", 3, 5, kind="held")])
    assert latest(story, "rate_changed", at=TEN + timedelta(minutes=9)) == story[0]
    assert latest(story, "rate_changed") == story[2]
    assert latest(story, "stopped") is None


@st.composite
def tangled_stories(draw: st.DrawFn) -> list[Event]:
    count = draw(st.integers(1, 9))
    story = []
    for sequence in range(count):
        target = draw(st.none() | st.integers(0, count)) if sequence else None
        kind = draw(st.sampled_from(["rate_changed", "retracted"])) if target is not None else "rate_changed"
        story.append(
            event(f"e{sequence}", sequence, draw(st.integers(0, 5)), kind=kind, supersedes=None if target is None else f"e{target}")
        )
    return story


@given(story=tangled_stories(), data=st.data())
def test_no_order_of_arrival_and_no_repeat_changes_what_stands(story: list[Event], data: st.DataObject):
    shuffled = data.draw(st.permutations(story + data.draw(st.lists(st.sampled_from(story)))))
    assert effective(shuffled) == effective(story)
    assert contested(shuffled) == contested(story)


@given(story=tangled_stories())
def test_each_fact_speaks_at_most_once_and_an_untouched_one_always(story: list[Event]):
    standing = {each.id for each in effective(story)}
    targets = {each.supersedes for each in story}
    for each in story:
        if each.supersedes is None and each.id not in targets:
            assert each.id in standing
        if each.kind == "retracted":
            assert each.id not in standing

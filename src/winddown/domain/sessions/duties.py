"""What is due at the chair, and when. Every interval comes from the protocol and starts anew after each change of rate or bolus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from winddown.domain.figures import Figure
from winddown.domain.sessions.blocks import Observations
from winddown.domain.sessions.lifecycle import UNDER_WATCH, Status, since, walk
from winddown.domain.sessions.scores import SCALES
from winddown.domain.sessions.start_facts import instant
from winddown.domain.sessions.story import Event, latest, of_kind, up_to

DutyState = Literal["upcoming", "due", "amber", "red"]


@dataclass(frozen=True)
class Duty:
    """One thing to do. `minutes` counts down to it and is negative when it is late."""

    key: str
    words: str
    due_at: datetime
    state: DutyState
    minutes: float


@dataclass(frozen=True)
class Due:
    """When something is due next, and the interval that made it so."""

    at: datetime
    interval: timedelta


def due(rules: Observations, events: Iterable[Event], *, at: datetime, supervisor_until: datetime | None = None) -> list[Duty]:
    """Everything that is due at a session under watch, soonest first; nothing before the start or after the end.

    supervisor_until  when the supervising prescriber leaves, for the handover
    """
    told = up_to(events, at)
    spell = _spell(told)
    if spell is None:
        return []
    found = [
        _observation_set(rules, told, spell),
        *_incomplete_set(told, spell),
        _scores(rules, told, spell),
        *_site_check(rules, told, spell),
        *_bag(rules, told, spell, at),
        *_handover(supervisor_until),
    ]
    return sorted((_duty(rules, key, words, when, at) for key, words, when in found), key=lambda duty: duty.due_at)


def next_duty(duties: Sequence[Duty]) -> Duty | None:
    """The one for the large type on the card."""
    return duties[0] if duties else None


def next_set(rules: Observations, events: Iterable[Event], *, last_at: datetime | None, at: datetime) -> Due | None:
    """When the next set, or the next cuff pressure taken last at `last_at`, is due. None when the session is not under watch."""
    spell = _spell(up_to(events, at))
    return _next(rules, spell, last_at) if spell else None


def cuff_overdue_at(due_next: Due, intervals: Figure) -> datetime:
    """When the missing cuff pressure becomes an alarm: `intervals` of its interval, counted as the protocol counts."""
    return due_next.at + due_next.interval * (intervals.value - 1)


@dataclass(frozen=True)
class _Spell:
    """The part of the visit under watch: since when, the changes that restart the early interval, and the phase now."""

    started_at: datetime
    changes: tuple[datetime, ...]
    status: Status
    phase_since: datetime


def _spell(told: Sequence[Event]) -> _Spell | None:
    places = walk(told)
    running = [place.event.happened_at for place in places if place.moved.status == "running"]
    if not running or places[-1].moved.status not in UNDER_WATCH:
        return None
    return _Spell(running[0], tuple(_changes(told)), places[-1].moved.status, since(places) or running[0])


def _changes(told: Sequence[Event]) -> Iterable[datetime]:
    """Starts, resumes, boluses, and every rate that differs from the one before; a pump that repeats its rate changes nothing."""
    rate = None
    for event in told:
        now = event.number("rate_ml_per_h")
        if event.kind in ("started", "resumed", "bolus_given") or (
            event.kind in ("rate_changed", "rate_reported") and now is not None and now != rate
        ):
            yield event.happened_at
        if event.kind in ("started", "resumed", "rate_changed", "rate_reported") and now is not None:
            rate = now


def _next(rules: Observations, spell: _Spell, last_at: datetime | None) -> Due:
    """The earliest of: the running interval since the last set, the early interval since each later change, the interval of the phase."""
    basis = max(last_at or spell.started_at, spell.started_at)
    early, early_for = _minutes(rules.early_interval_min), _minutes(rules.early_for_min)
    in_early = any(change <= basis < change + early_for for change in spell.changes)
    choices = [early if in_early else _minutes(rules.interval_min)]
    found = [Due(basis + each, each) for each in choices]
    found += [Due(change + early, early) for change in spell.changes if change > basis]
    if spell.status == "running":
        return min(found, key=lambda each: each.at)
    own = _minutes(rules.recovery_interval_min if spell.status == "recovering" else rules.held_interval_min)
    if basis >= spell.phase_since:
        return Due(basis + own, own)
    return min([*found, Due(spell.phase_since + own, own)], key=lambda each: each.at)


def _observation_set(rules: Observations, told: Sequence[Event], spell: _Spell) -> tuple[str, str, datetime]:
    last = latest(told, "observation_set_taken")
    words = {"held": "Recheck during the hold", "recovering": "Recovery observations"}.get(spell.status, "Observations")
    return "observation_set", words, _next(rules, spell, last.happened_at if last else None).at


def _incomplete_set(told: Sequence[Event], spell: _Spell) -> list[tuple[str, str, datetime]]:
    last = latest(told, "observation_set_taken")
    lacking = last.data.get("missing") if last else None
    if last is None or not lacking or last.happened_at < spell.started_at:
        return []
    return [("complete_set", f"Complete the last set: {', '.join(str(item).replace('_', ' ') for item in lacking)}", last.happened_at)]


def _scores(rules: Observations, told: Sequence[Event], spell: _Spell) -> tuple[str, str, datetime]:
    last = {event.text("scale"): event.happened_at for event in of_kind(told, "score_taken")}
    when = {scale: max(last.get(scale, spell.started_at), spell.started_at) for scale in rules.scores}
    earliest = min(when.values())
    names = [SCALES[scale].words if scale in SCALES else scale for scale, taken in when.items() if taken - earliest < timedelta(minutes=1)]
    return "scores", f"Scores: {', '.join(names)}", earliest + _minutes(rules.scores_interval_min)


def _site_check(rules: Observations, told: Sequence[Event], spell: _Spell) -> list[tuple[str, str, datetime]]:
    """With every set: one that has no look at the line around it is owed."""
    if latest(told, "iv_removed"):
        return []
    last_set, looked = latest(told, "observation_set_taken"), latest(told, "iv_site_checked")
    if last_set is None or last_set.happened_at < spell.started_at:
        return []
    if looked and looked.happened_at >= last_set.happened_at - _minutes(rules.amber_after_min):
        return []
    return [("site_check", "Look at the IV site", last_set.happened_at)]


def _bag(rules: Observations, told: Sequence[Event], spell: _Spell, at: datetime) -> list[tuple[str, str, datetime]]:
    use_by = instant(latest(told, "bag_hung"), "use_by")
    if use_by is None or spell.status not in ("running", "held") or use_by - at > _minutes(rules.bag_warning_min):
        return []
    return [("bag_use_by", "The bag reaches its use-by time", use_by)]


def _handover(supervisor_until: datetime | None) -> list[tuple[str, str, datetime]]:
    return [("supervisor_handover", "Name the next supervising prescriber", supervisor_until)] if supervisor_until else []


def _duty(rules: Observations, key: str, words: str, due_at: datetime, at: datetime) -> Duty:
    return Duty(key, words, due_at, _state(rules, due_at, at), (due_at - at).total_seconds() / 60)


def _state(rules: Observations, due_at: datetime, at: datetime) -> DutyState:
    late = at - due_at
    if late >= _minutes(rules.red_after_min):
        return "red"
    if late >= _minutes(rules.amber_after_min):
        return "amber"
    return "due" if late >= timedelta() else "upcoming"


def _minutes(figure: Figure) -> timedelta:
    return timedelta(minutes=figure.value)

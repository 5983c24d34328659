"""Silence: what ought to be heard and is not. Only a clock can raise it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from winddown.domain.alarms.condition import Limits, Silence
from winddown.domain.alarms.steps import Reached
from winddown.domain.alarms.window import Window

CUFF_KEY = "cuff_overdue"


def judge_silence(
    limits: Limits,
    window: Window,
    since: Mapping[str, datetime],
    every_s: Mapping[str, float],
    cuff_overdue_at: datetime | None,
    cuff_interval_s: float | None,
    at: datetime,
) -> Iterator[tuple[str, str, Reached | None]]:
    """(key, the words that close an open alarm, what is reached or None) for every silence; one that is not watched reaches nothing."""
    for silence in limits.silences:
        watched = [kind for kind in silence.kinds if kind in since]
        if not watched:
            yield silence.key, f"{silence.words}: no longer watched", None
            continue
        heard_at = max(_heard(window, kind, since[kind]) for kind in watched)
        slowest_s = max(every_s.get(kind, 0.0) for kind in watched)
        yield silence.key, f"{silence.words}: heard again", _reached(silence, limits, heard_at, slowest_s, at)
    overdue = _cuff(limits, cuff_overdue_at, cuff_interval_s, at) if cuff_overdue_at is not None else None
    yield CUFF_KEY, "Cuff pressure: no longer overdue", overdue


def _heard(window: Window, kind: str, since: datetime) -> datetime:
    samples = window.of_kind(kind)
    return max(samples[-1].at, since) if samples else since


def _reached(silence: Silence, limits: Limits, heard_at: datetime, every_s: float, at: datetime) -> Reached | None:
    """The gravest step reached; a device that sends seldom is given `slow_feed_factor` of its own interval before it counts as silent."""
    silent_s = (at - heard_at).total_seconds()
    for step in reversed(silence.steps):
        limit_s = max(step.after_s.value, every_s * limits.slow_feed_factor.value)
        if silent_s > limit_s:
            because = f"{silence.words}: no usable reading for {silent_s:.0f} s, limit {limit_s:.0f} s"
            return Reached(step.tier, step.severity, because, step.do, silence.kinds[0], None, limit_s, heard_at)
    return None


def _cuff(limits: Limits, overdue_at: datetime, interval_s: float | None, at: datetime) -> Reached | None:
    if at <= overdue_at:
        return None
    late_min = (at - overdue_at).total_seconds() / 60
    every = f", every {interval_s / 60:.0f} min by the protocol" if interval_s else ""
    because = f"Cuff pressure overdue by {late_min:.0f} min beyond {limits.cuff_overdue.intervals.value:g} intervals{every}"
    return Reached("notify", limits.cuff_overdue.severity, because, limits.cuff_overdue.do, "systolic", None, None, overdue_at)

"""Judge one session's window of readings: what is newly wrong, what got worse, what is over.

Pure and incremental: the same call serves every arrival and every tick of the clock. Sentences carry the value and the limit; the time
of the reading travels beside them, because only the edge knows the location's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from winddown.domain.alarms.condition import RANK, Baseline, Condition, Limits, Severity, Step, Tier
from winddown.domain.alarms.silence import judge_silence
from winddown.domain.alarms.steps import Reached, newest_is_clear, reached, show
from winddown.domain.alarms.window import Sample, Window


@dataclass(frozen=True)
class News:
    """One thing to tell.

    key          the condition's key: one open alarm per key and session
    because      value and limit in words
    do           what the protocol says to do next
    kind, value, limit, observed_at   the reading that made it; None where silence did
    """

    key: str
    tier: Tier
    severity: Severity
    because: str
    do: str
    at: datetime
    kind: str = ""
    value: float | None = None
    limit: float | None = None
    observed_at: datetime | None = None


class Raised(News):
    """A new alarm."""


class Worsened(News):
    """An open alarm reached a graver tier, or its first reading was confirmed; it must be seen again."""


class Cleared(News):
    """The condition is over. An alarm nobody acknowledged stays visible all the same."""


@dataclass(frozen=True)
class OpenAlarm:
    """An alarm not yet cleared, acknowledged or not."""

    key: str
    tier: Tier
    severity: Severity
    raised_at: datetime
    acknowledged: bool = False


@dataclass(frozen=True)
class Watching:
    """What ought to be heard: kinds and since when, how often their device sends, and when the cuff is overdue."""

    since: Mapping[str, datetime] = field(default_factory=dict)
    every_s: Mapping[str, float] = field(default_factory=dict)
    cuff_overdue_at: datetime | None = None
    cuff_interval_s: float | None = None


def evaluate(
    limits: Limits,
    baseline: Baseline,
    window: Window,
    open_alarms: Iterable[OpenAlarm],
    at: datetime,
    *,
    watching: Watching | None = None,
    forecast: Sequence[Sample] | None = None,
) -> list[Raised | Worsened | Cleared]:
    """Everything that changes at `at`. An empty list is the common answer.

    watching  None judges values only
    forecast  predicted systolic pressures; they may add a notice and touch nothing else. None: not asked this time
    """
    is_open = {alarm.key: alarm for alarm in open_alarms}
    news: list[Raised | Worsened | Cleared] = []
    for condition in limits.conditions:
        if any(kind in window.samples for kind in condition.kinds):
            news += _judge(condition, limits, baseline, window, is_open.get(condition.key), at)
    if watching is not None:
        news += _silences(limits, window, is_open, watching, at)
    return news if forecast is None else news + _foreseen(limits, is_open, forecast, at)


def apply(open_alarms: Iterable[OpenAlarm], news: Iterable[Raised | Worsened | Cleared]) -> tuple[OpenAlarm, ...]:
    """The alarms open after the news; a worsened one has to be acknowledged again."""
    state = {alarm.key: alarm for alarm in open_alarms}
    for each in news:
        if isinstance(each, Cleared):
            state.pop(each.key, None)
        elif isinstance(each, Raised):
            state[each.key] = OpenAlarm(each.key, each.tier, each.severity, each.at)
        else:
            state[each.key] = replace(state[each.key], tier=each.tier, severity=each.severity, acknowledged=False)
    return tuple(state.values())


def _judge(
    condition: Condition, limits: Limits, baseline: Baseline, window: Window, alarm: OpenAlarm | None, at: datetime
) -> list[Raised | Worsened | Cleared]:
    worst = _worst(condition, limits, baseline, window, at)
    if alarm is None:
        return [_news(Raised, condition.key, worst, at)] if worst else []
    if worst and RANK[worst.tier] > RANK[alarm.tier]:
        return [_news(Worsened, condition.key, worst, at)]
    if (worst and worst.tier == alarm.tier) or not _is_over(condition, limits, baseline, window, alarm, at):
        return []
    over = _news(Cleared, condition.key, _back(condition, limits, window, alarm, at), at)
    return [over, _news(Raised, condition.key, worst, at)] if worst else [over]


def _worst(condition: Condition, limits: Limits, baseline: Baseline, window: Window, at: datetime) -> Reached | None:
    worst: Reached | None = None
    for kind, samples in _heard(condition, limits, window, at).items():
        found = reached(condition, kind, samples, baseline, at)
        if found and (worst is None or RANK[found.tier] > RANK[worst.tier]):
            worst = found
    return worst


def _is_over(condition: Condition, limits: Limits, baseline: Baseline, window: Window, alarm: OpenAlarm, at: datetime) -> bool:
    """Every kind that we still hear is back inside the limit of the alarm's own tier, for long enough. With none heard it is not over."""
    step = _step_of(condition, alarm.tier)
    heard = _heard(condition, limits, window, at)
    return bool(heard) and all(newest_is_clear(condition, step, kind, samples, baseline) for kind, samples in heard.items())


def _heard(condition: Condition, limits: Limits, window: Window, at: datetime) -> dict[str, tuple[Sample, ...]]:
    """The samples of each kind whose newest is not older than the horizon."""
    oldest = at - timedelta(minutes=limits.reading_horizon_min.value)
    found = {kind: window.of_kind(kind) for kind in condition.kinds}
    return {kind: samples for kind, samples in found.items() if samples and samples[-1].at >= oldest}


def _step_of(condition: Condition, tier: Tier) -> Step:
    """The step of a tier; a `recheck` belongs to the mildest step, which asked for it."""
    return next((step for step in condition.steps if step.tier == tier), condition.steps[0])


def _back(condition: Condition, limits: Limits, window: Window, alarm: OpenAlarm, at: datetime) -> Reached:
    kind, samples = max(_heard(condition, limits, window, at).items(), key=lambda pair: pair[1][-1].at)
    newest = samples[-1]
    because = f"{condition.words} back to {show(kind, newest.value)}"
    return Reached(alarm.tier, alarm.severity, because, "", kind, newest.value, None, newest.at)


def _news(sort: type[Raised] | type[Worsened] | type[Cleared], key: str, found: Reached, at: datetime) -> Raised | Worsened | Cleared:
    return sort(key, found.tier, found.severity, found.because, found.do, at, found.kind, found.value, found.limit, found.observed_at)


def _silences(
    limits: Limits, window: Window, is_open: Mapping[str, OpenAlarm], watching: Watching, at: datetime
) -> list[Raised | Worsened | Cleared]:
    news: list[Raised | Worsened | Cleared] = []
    for key, over, found in judge_silence(
        limits, window, watching.since, watching.every_s, watching.cuff_overdue_at, watching.cuff_interval_s, at
    ):
        alarm = is_open.get(key)
        if alarm is None:
            news += [_news(Raised, key, found, at)] if found else []
        elif found is None:
            news.append(Cleared(key, alarm.tier, alarm.severity, over, "", at))
        elif RANK[found.tier] > RANK[alarm.tier]:
            news.append(_news(Worsened, key, found, at))
    return news


FORECAST_KEY = "systolic_forecast"


def _foreseen(
    limits: Limits, is_open: Mapping[str, OpenAlarm], forecast: Sequence[Sample], at: datetime
) -> list[Raised | Worsened | Cleared]:
    """A notice, of low severity, that the predicted pressure reaches the hold limit; cleared when the prediction no longer does."""
    hold = next((step for each in limits.conditions if each.key == "systolic_high" for step in each.steps if step.tier == "hold"), None)
    ahead = at + timedelta(minutes=limits.forecast.ahead_min.value)
    crossing = next((s for s in forecast if hold and at <= s.at <= ahead and s.value >= hold.limit.value), None)
    alarm = is_open.get(FORECAST_KEY)
    if hold and crossing and alarm is None:
        minutes = (crossing.at - at).total_seconds() / 60
        because = f"predicted systolic pressure reaches {crossing.value:.0f} mmHg, limit {hold.limit.value:.0f}, in {minutes:.0f} min"
        return [
            Raised(
                FORECAST_KEY, "notify", "low", because, limits.forecast.do, at, "systolic", crossing.value, hold.limit.value, crossing.at
            )
        ]
    if alarm and not crossing:
        return [Cleared(FORECAST_KEY, alarm.tier, alarm.severity, "the prediction no longer reaches the limit", "", at)]
    return []

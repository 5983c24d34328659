"""The pressure that this patient's model expects may add a notice. It touches no other alarm: it is judged on its own, without readings.

Off unless the protocol's director has signed a share above zero. Judged when a person writes: start, rate change, a set or a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from winddown.domain.alarms.evaluate import FORECAST_KEY, evaluate
from winddown.domain.alarms.window import Sample, Window
from winddown.domain.pharmacology.band import PERCENTS, Band
from winddown.domain.refusals import Refusal
from winddown.domain.sessions.story import Event, effective
from winddown.record.models import Session
from winddown.record.queries.stories import events_of
from winddown.services import alarms, orders, picture, vitals
from winddown.services.announcements import News

LIVE = ("running",)


def judge(session: Session, *, now: datetime) -> list[News]:
    """What the forecast adds or takes back at this moment; nothing where the protocol has it off."""
    limits = orders.supervision_of(session.order.course.protocol).alarms
    share = limits.forecast.share_percent.value
    if share <= 0:
        return []
    story = effective(events_of(session))
    baseline = vitals.baseline_of(story)
    ahead = limits.forecast.ahead_min.value
    predicted = _predicted(session, story, baseline.systolic, share, now=now, ahead_min=ahead) if session.status in LIVE else []
    standing = [one for one in alarms.uncleared([session.pk])[session.pk] if one.alarm.condition == FORECAST_KEY]
    verdicts = evaluate(limits, baseline, Window(), [one.as_open() for one in standing], now, forecast=predicted)
    return alarms.apply(session, verdicts, standing, now=now)


def _predicted(
    session: Session, story: Sequence[Event], resting: float | None, share: float, *, now: datetime, ahead_min: float
) -> list[Sample]:
    """The systolic pressure that `share` percent of the equally likely courses reach or pass, minute by minute."""
    if resting is None:
        return []
    try:
        found = picture.forecast(session, orders.checked(session.order), story, picture.dose_of(session, now=now, events=story), now=now)
    except Refusal:
        return []
    if found is None:
        return []
    drawn, start_at, _plan = found
    line = drawn.personal.lines.get("systolic_rise") if drawn.personal else drawn.effects.get("systolic_rise")
    if line is None:
        return []
    rise = reached_by(line.band, share)
    times = [start_at + timedelta(minutes=float(minute)) for minute in drawn.times_min]
    until = now + timedelta(minutes=ahead_min)
    return [
        Sample(at, resting + float(value), "monitor")
        for at, value in zip(times, rise, strict=True)
        if now <= at <= until and np.isfinite(value)
    ]


def reached_by(band: Band, share_percent: float) -> np.ndarray:
    """(m,) the value that this share of the courses reaches, straight between the band's percentiles; never outside them."""
    rows = np.stack([band.p05, band.p25, band.p50, band.p75, band.p95])
    wanted = float(np.clip(100.0 - share_percent, PERCENTS[0], PERCENTS[-1]))
    place = float(np.interp(wanted, PERCENTS, range(len(PERCENTS))))
    below = int(place)
    above = min(below + 1, len(PERCENTS) - 1)
    return np.asarray(rows[below] + (place - below) * (rows[above] - rows[below]))

"""What is drawn over the curve of pain: the weeks ahead as a fan, the date of fading with its interval, episodes along the foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from winddown.domain.instruments.pain_nrs import PAIN_NRS
from winddown.domain.outcomes.episodes import Episode
from winddown.services.relief import Forecast
from winddown.web.scores.curve import Course, Drawing, Frame, Point, Size, draw, frame_of

DAY = timedelta(days=1)
WEEKS_BEHIND, STEP = 180, 2
# For the screens of the staff, and for a patient's phone, where it is drawn narrow so that it can be read without turning or scrolling.
WIDE, PAST = Size(width=860, height=340, top=56, banded=False), Size(width=860, height=312, top=28, banded=False)
NARROW = Size(width=420, height=290, days=3, banded=False)


@dataclass
class Fan:
    """Shapes in the units of the view box, beside those of the curve.

    half, most    outlines of the bands of evenings; expected the course beneath
    now           where today lies; fade the middle and both intervals of the date
    held          stretches in which a response held, lost those between whose ends it was lost
    """

    now: float
    half: str = ""
    most: str = ""
    expected: str = ""
    fade: dict[str, Any] | None = None
    held: list[dict[str, Any]] = field(default_factory=list)


def drawn(found: Forecast, *, missed: tuple[datetime, ...], language: str, ahead: bool = True) -> tuple[Drawing, Fan]:
    """The curve of pain with everything over it. Without `ahead` it is the patient's own: narrow, and the axis ends today."""
    base = found.episodes[0].baseline.value if found.episodes and found.episodes[0].baseline else None
    first = min((each.at for each in found.scores), default=found.at)
    course = Course(
        form=PAIN_NRS,
        points=[Point(score.at, score.value) for score in found.scores],
        missed=[at for at in missed if at >= first],
        infusions=[each.started_at for each in found.given],
        baseline=base,
    )
    until = _until(found) if ahead else found.at
    has_date = found.ahead is not None and found.ahead.fade is not None
    since, size = found.at - WEEKS_BEHIND * DAY, (WIDE if has_date else PAST) if ahead else NARROW
    drawing = draw(course, since=since, until=until, language=language, size=size)
    frame = frame_of(course, since=since, until=until, size=size)
    fan = Fan(now=frame.x(found.at))
    if ahead:
        fan.held = [bar for each in found.episodes for bar in _bars(each, frame)]
        _fan(fan, found, frame)
    return drawing, fan


def _until(found: Forecast) -> datetime:
    last = found.moment(float(found.ahead.days[-1])) if found.ahead is not None and found.ahead.has_curve else None
    return last or found.at


def _fan(fan: Fan, found: Forecast, frame: Frame) -> None:
    ahead = found.ahead
    if ahead is None or not ahead.has_curve:
        return
    places = [*range(0, ahead.days.size, STEP)]
    moments = [found.moment(float(ahead.days[place])) or found.at for place in places]

    def line(values: Any) -> list[str]:
        return [f"{frame.x(at)},{frame.y(float(values[place]))}" for place, at in zip(places, moments, strict=True)]

    fan.most = " ".join([*line(ahead.at_level(0.95)), *reversed(line(ahead.at_level(0.05)))])
    fan.half = " ".join([*line(ahead.at_level(0.75)), *reversed(line(ahead.at_level(0.25)))])
    fan.expected = " ".join(line(ahead.expected))
    if ahead.fade is not None:
        fan.fade = _fade(found, frame)


def _fade(found: Forecast, frame: Frame) -> dict[str, Any]:
    fade = found.ahead.fade  # type: ignore[union-attr]
    assert fade is not None
    x = {name: _x(found, frame, day) for name, day in (("median", fade.median), ("from", fade.most[0]), ("to", fade.most[1]))}
    middle = found.moment(fade.median)
    half_from, half_to = (_x(found, frame, day) for day in fade.half)
    return {
        **x,
        "width": round(x["to"] - x["from"], 1),
        "half_from": half_from,
        "half_width": round(half_to - half_from, 1),
        "y": frame.size.top - 18,
        "label_x": min(max(x["median"], frame.x(frame.first) + 50), frame.x(frame.first + frame.span) - 50),
        "label_y": frame.size.top - 26,
        "words": day_words(middle) if middle else "",
        "label": date_format(localtime(middle), "MONTH_DAY_FORMAT") if middle else "",
    }


def _x(found: Forecast, frame: Frame, day: float) -> float:
    at = found.moment(day) or found.at
    return frame.x(min(max(at, frame.first), frame.first + frame.span))


def _bars(episode: Episode, frame: Frame) -> list[dict[str, Any]]:
    """Along the foot: filled while the response was seen to hold, open where it was lost in between."""
    if episode.responded is None or episode.watched_until is None:
        return []
    held_until = episode.relapse.after if episode.relapse else episode.watched_until
    spans = [("held", episode.responded.by, held_until)]
    if episode.relapse:
        spans.append(("lost", episode.relapse.after, episode.relapse.by))
    return [_bar(kind, start, end, frame) for kind, start, end in spans if end >= frame.first]


def _bar(kind: str, start: datetime, end: datetime, frame: Frame) -> dict[str, Any]:
    left, right = frame.x(max(start, frame.first)), frame.x(max(end, frame.first))
    return {
        "kind": kind,
        "x": left,
        "y": frame.bottom + 4,
        "width": max(2.0, round(right - left, 1)),
        "from": day_words(start),
        "to": day_words(end),
    }


def day_words(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATE_FORMAT")

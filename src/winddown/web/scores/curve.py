"""A score drawn over time: its bands, what counts as a change from the baseline, infusions as marks, missing answers as gaps.

Everything is worked out here, in the units of the drawing; the template only places it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from winddown.domain.instruments.instrument import Instrument, said

LEFT, RIGHT, BOTTOM = 40.0, 12.0, 44.0
TICKS = 5
LEAST_SPAN = timedelta(days=14)
# A line is not drawn across a longer silence than this, whether or not an answer was asked for meanwhile.
LONGEST_JOIN = timedelta(days=45)


@dataclass(frozen=True)
class Size:
    """The view box. `top`: room above the plot; days: dates along the bottom; banded: whether the bands of severity are drawn."""

    width: float = 720.0
    height: float = 250.0
    top: float = 24.0
    days: int = TICKS
    banded: bool = True


PLAIN = Size()


@dataclass(frozen=True)
class Point:
    """One answer: its score, or None where there is no score."""

    at: datetime
    value: float | None
    prorated: bool = False


@dataclass(frozen=True)
class Course:
    """What is drawn of one instrument."""

    form: Instrument
    points: Sequence[Point]
    missed: Sequence[datetime] = ()
    infusions: Sequence[datetime] = ()
    baseline: float | None = None


@dataclass
class Drawing:
    """Shapes in the units of the view box."""

    width: float = PLAIN.width
    height: float = PLAIN.height
    bands: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    infusions: list[dict[str, Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)
    unscored: list[dict[str, Any]] = field(default_factory=list)
    same: dict[str, Any] | None = None
    reliable: list[dict[str, Any]] = field(default_factory=list)
    baseline: dict[str, Any] | None = None
    plot: dict[str, float] = field(default_factory=dict)


class Frame:
    """Where a time and a score lie on the drawing."""

    def __init__(self, first: datetime, last: datetime, low: float, high: float, size: Size = PLAIN) -> None:
        self.size, self.bottom = size, size.height - BOTTOM
        self.first, self.span = first, max(last - first, LEAST_SPAN)
        self.low, self.high = low, high if high > low else low + 1

    def x(self, at: datetime) -> float:
        part = (at - self.first) / self.span
        return round(LEFT + part * (self.size.width - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return round(self.size.top + (self.high - inside) / (self.high - self.low) * (self.bottom - self.size.top), 1)

    def holds(self, at: datetime) -> bool:
        return self.first <= at <= self.first + self.span


def draw(course: Course, *, since: datetime, until: datetime, language: str, size: Size = PLAIN) -> Drawing:
    """The drawing of one span of time."""
    low, high = _range(course)
    frame = frame_of(course, since=since, until=until, size=size)
    right = size.width - RIGHT
    plot = {"left": LEFT, "right": right, "top": size.top, "bottom": frame.bottom, "width": right - LEFT}
    drawing = Drawing(width=size.width, height=size.height, plot=plot)
    drawing.bands = _bands(course.form, frame, language) if size.banded else []
    drawing.steps = [{"y": frame.y(value), "words": f"{value:g}"} for value in _steps(low, high)]
    drawing.days = _days(frame)
    drawing.infusions = [{"x": frame.x(at), "y": size.top - 2, "words": _day(at)} for at in course.infusions if frame.holds(at)]
    _place_points(drawing, course, frame)
    drawing.missed = [{"x": frame.x(at), "y": frame.bottom, "words": _day(at)} for at in course.missed if frame.holds(at)]
    drawing.lines = _lines(course, frame)
    _place_change(drawing, course, frame)
    return drawing


def frame_of(course: Course, *, since: datetime, until: datetime, size: Size = PLAIN) -> Frame:
    """Where times and scores of this span lie, for what is drawn on top."""
    low, high = _range(course)
    return Frame(_start(course, since, until), until, low, high, size)


def _range(course: Course) -> tuple[float, float]:
    """The instrument's own range; where that is so wide that a score would be a dot at the floor, what was answered."""
    form = course.form
    if form.high - form.low <= 200:
        return form.low, form.high
    highest = max((point.value for point in course.points if point.value is not None), default=1.0)
    return form.low, max(1.0, highest * 1.2)


def _start(course: Course, since: datetime, until: datetime) -> datetime:
    """The first thing worth showing within the span, with a little air before it."""
    moments = [*(point.at for point in course.points), *course.infusions, *course.missed]
    inside = [at for at in moments if since <= at <= until]
    return max(since, min(inside) - timedelta(days=1)) if inside else max(since, until - LEAST_SPAN)


def _bands(form: Instrument, frame: Frame, language: str) -> list[dict[str, Any]]:
    found = []
    for place, band in enumerate(form.bands):
        top = form.bands[place + 1].start.value if place + 1 < len(form.bands) else frame.high
        upper, lower = frame.y(min(top, frame.high)), frame.y(band.start.value)
        found.append(
            {
                "y": upper,
                "height": round(lower - upper, 1),
                "words": said(band.words, language),
                "level": band.level,
                "place": place,
                "text_y": upper + 13,
            }
        )
    return found


def _steps(low: float, high: float) -> list[float]:
    """About five round numbers from low to high."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000):
        if (high - low) / step <= TICKS + 1:
            first = -(-low // step) * step
            return [first + step * n for n in range(int((high - first) // step) + 1)]
    return [low, high]


def _days(frame: Frame) -> list[dict[str, Any]]:
    """A few dates along the bottom."""
    number = frame.size.days
    moments = [frame.first + frame.span * n / number for n in range(number)]
    return [{"x": frame.x(at), "words": date_format(localtime(at), "MONTH_DAY_FORMAT")} for at in moments]


def _place_points(drawing: Drawing, course: Course, frame: Frame) -> None:
    for point in course.points:
        if not frame.holds(point.at):
            continue
        if point.value is None:
            drawing.unscored.append({"x": frame.x(point.at), "y": frame.bottom - 8, "words": _day(point.at)})
        else:
            told = _("%(day)s: %(score)s") % {"day": _day(point.at), "score": f"{point.value:g}"}
            drawing.points.append({"x": frame.x(point.at), "y": frame.y(point.value), "words": told, "hollow": point.prorated})


def _lines(course: Course, frame: Frame) -> list[str]:
    """The points joined, never across an answer that was asked for and is missing, one without a score, or a long silence."""
    found: list[list[str]] = []
    road: list[str] = []
    last: datetime | None = None
    for point in [point for point in course.points if frame.holds(point.at)]:
        gap = last is None or point.at - last > LONGEST_JOIN or any(last < at < point.at for at in course.missed)
        if point.value is None or gap:
            found.append(road)
            road = []
        if point.value is not None:
            road.append(f"{frame.x(point.at)},{frame.y(point.value)}")
        last = point.at
    return [" ".join(each) for each in [*found, road] if len(each) > 1]


def _place_change(drawing: Drawing, course: Course, frame: Frame) -> None:
    """The baseline, the zone in which a change is too small to be important, and the lines beyond which it is more than error."""
    base, change = course.baseline, course.form.change
    if base is None:
        return
    drawing.baseline = {"y": frame.y(base), "words": f"{base:g}"}
    important = [change.important.value] if change.important else []
    if change.important_percent and base > 0 and (change.percent_from is None or base >= change.percent_from.value):
        important.append(base * change.important_percent.value / 100)
    if important:
        size = min(important)
        upper, lower = frame.y(base + size), frame.y(base - size)
        drawing.same = {"y": upper, "height": round(lower - upper, 1), "words": f"{size:g}"}
    if change.reliable:
        drawing.reliable = [
            {"y": frame.y(value)}
            for value in (base - change.reliable.value, base + change.reliable.value)
            if frame.low <= value <= frame.high
        ]


def _day(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATE_FORMAT")

"""Hyperalgesia over the weeks: each measure, the opioid dose, the ketamine given and the pain, one lane under the other on one time axis.

Lanes instead of two scales on one picture: no line is stretched against another, and what lies above what is the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from winddown.domain.sensory.repeatability import Spread
from winddown.record.queries.sensory import Point
from winddown.web.sensory.drawing import dot, line, points_of, svg, words
from winddown.web.sensory.words import number, spread_words

WIDTH, LEFT, RIGHT = 720.0, 46.0, 70.0
LANE, GAP, TOP, FOOT, EMPTY = 84.0, 36.0, 26.0, 26.0, -14.0
Style = Literal["measure", "dose", "step", "pain"]
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Lane:
    """One lane. `spread` draws what repeats of the first point would show if nothing had changed; `reference` is a line to compare with."""

    key: str
    name: Any
    unit: str
    style: Style
    points: Sequence[Point]
    spread: Spread | None = None
    reference: float | None = None
    highest: float | None = None

    @property
    def words(self) -> str:
        """The lane as a sentence: every point with its day."""
        if not self.points:
            return _("%(name)s: none recorded.") % {"name": self.name}
        told = ", ".join(f"{day(point.at)} {number(point.value)}" for point in self.points)
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.name}{unit}: {told}."

    @property
    def change(self) -> str:
        """First to last, and whether that lies within what repeating alone would show."""
        if len(self.points) < 2:
            return ""
        first, last = self.points[0].value, self.points[-1].value
        told = f"{number(first)} → {number(last)}{f' {self.unit}' if self.unit else ''}"
        if self.spread is None:
            return told
        low, high = self.spread.around(first)
        inside = _("within what repeating alone shows here")
        beyond = _("beyond the few repeats so far") if self.spread.rough else _("more than repeating alone shows here")
        return f"{told}: {inside if low <= last <= high else beyond} ({spread_words(self.spread)}, n {self.spread.n})"


def day(at: datetime) -> str:
    return date_format(localtime(at), "SHORT_DATE_FORMAT")


def weeks_picture(lanes: Sequence[Lane], marks: Sequence[datetime], sentence: str) -> SafeString:
    """All lanes over one time axis; a broken upright line is an infusion."""
    times = [point.at for lane in lanes for point in lane.points] + list(marks)
    if not times:
        return mark_safe("")
    across = _across(min(times), max(times))
    height = TOP + sum(_height(lane) + GAP for lane in lanes) - GAP + FOOT
    parts: list[str] = [line("ws-mark", across(at), TOP - 6, across(at), height - FOOT) for at in marks]
    top = TOP
    for lane in lanes:
        parts += _lane(lane, top, across)
        top += _height(lane) + GAP
    parts += _days(across, min(times), max(times), height - 8)
    return svg(WIDTH, height, parts, sentence)


def _height(lane: Lane) -> float:
    """A lane without a point takes no room but its title's."""
    return LANE if lane.points else EMPTY


def _across(first: datetime, last: datetime) -> Callable[[datetime], float]:
    """Time to pixels, with a day on either side so that no point sits on the edge."""
    begin = first - timedelta(days=1)
    whole = (last + timedelta(days=1) - begin).total_seconds()
    return lambda at: LEFT + (WIDTH - LEFT - RIGHT) * (at - begin).total_seconds() / whole


def _most(lane: Lane) -> float:
    """The top of a lane: a round number at or above everything drawn in it."""
    if lane.highest is not None:
        return lane.highest
    highest = max([point.value for point in lane.points] + [lane.reference or 0.0, 1e-9])
    power = 10.0 ** len(str(int(highest))) / 10 if highest >= 1 else 1.0
    return next(step * power for step in NICE if step * power >= highest)


def _lane(lane: Lane, top: float, across: Callable[[datetime], float]) -> list[str]:
    most = _most(lane)

    def up(value: float) -> float:
        return top + LANE * (1 - min(value, most) / most)

    title = f"{lane.name}, {lane.unit}" if lane.unit else str(lane.name)
    if not lane.points:
        return [words(4, top - 12, f"{title}: {_('none recorded')}")]
    parts: list[str] = [words(4, top - 12, title, name="ws-strong")]
    for value in (0.0, most / 2, most):
        parts += [line("ws-grid", LEFT, up(value), WIDTH - RIGHT, up(value)), words(LEFT - 6, up(value) + 4, f"{value:g}", anchor="end")]
    if lane.spread is not None:
        parts.append(_band(lane, up))
    if lane.reference is not None:
        parts.append(line("ws-axis", LEFT, up(lane.reference), WIDTH - RIGHT, up(lane.reference)))
    placed = [(across(point.at), up(point.value)) for point in lane.points]
    last = words(WIDTH - RIGHT + 8, placed[-1][1] + 4, number(lane.points[-1].value), name="ws-strong")
    return [*parts, *_STYLES[lane.style](placed, up(0)), last]


def _band(lane: Lane, up: Callable[[float], float]) -> SafeString:
    assert lane.spread is not None
    low, high = lane.spread.around(lane.points[0].value)
    y = up(high)
    told = (f"{LEFT:.1f}", f"{y:.1f}", f"{WIDTH - LEFT - RIGHT:.1f}", f"{max(up(low) - y, 0):.1f}")
    return format_html('<rect class="ws-band" x="{}" y="{}" width="{}" height="{}"/>', *told)


Placed = Sequence[tuple[float, float]]


def _measured(placed: Placed, ground: float) -> list[str]:
    return [_road("ws-lane-line", placed), *(dot("ws-lane-dot", x, y) for x, y in placed)]


def _pained(placed: Placed, ground: float) -> list[str]:
    return [_road("ws-lane-pain", placed), *(dot("ws-lane-pain-dot", x, y, 3.5) for x, y in placed)]


def _dosed(placed: Placed, ground: float) -> list[str]:
    bar = '<rect class="ws-lane-bar" x="{}" y="{}" width="8" height="{}"/>'
    return [format_html(bar, f"{x - 4:.1f}", f"{y:.1f}", f"{max(ground - y, 0):.1f}") for x, y in placed]


def _stepped(placed: Placed, ground: float) -> list[str]:
    """A daily dose holds until the next one is recorded; it is not drawn past the last."""
    corners = [placed[0]]
    for (_x, before), (x, y) in pairwise(placed):
        corners += [(x, before), (x, y)]
    return [_road("ws-lane-step", corners), *(dot("ws-lane-hollow", x, y, 3) for x, y in placed)]


def _road(name: str, placed: Placed) -> SafeString:
    return format_html('<polyline class="{}" points="{}"/>', name, points_of(placed))


_STYLES: dict[Style, Callable[[Placed, float], list[str]]] = {"measure": _measured, "pain": _pained, "dose": _dosed, "step": _stepped}


def _days(across: Callable[[datetime], float], first: datetime, last: datetime, y: float) -> list[str]:
    """At most five days under the axis, the first and the last among them."""
    count = min(5, max(2, (last - first).days // 3 + 1)) if last - first > timedelta(days=1) else 1
    moments = [first + (last - first) * place / max(count - 1, 1) for place in range(count)]
    return [words(across(at), y, day(at), anchor="middle") for at in moments]

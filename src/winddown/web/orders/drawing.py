"""The forecast of an order as a small picture made on the server: levels as bands, the infusion beneath, two effects on their own axes.

Nothing is computed here but pixels: the lines come from the domain as plain data, the same data that is kept when the order is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

WIDTH, LEFT, RIGHT = 720.0, 46.0, 12.0
LEVEL_TOP, LEVEL_HEIGHT = 14.0, 170.0
SMALL_HEIGHT, GAP = 74.0, 34.0
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
Numbers = Sequence[float | None]


class Axis:
    """One panel: minutes across, a value up, from 0 to a round number."""

    def __init__(self, top: float, height: float, minutes: float, highest: float, ticks: int = 3) -> None:
        self.top, self.height, self.minutes = top, height, minutes
        self.step = _nice(highest / ticks) if highest > 0 else 1.0
        self.most = self.step * max(1, -(-highest // self.step))

    def x(self, minute: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * minute / self.minutes

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.most)

    def ticks(self) -> list[float]:
        return [self.step * place for place in range(round(self.most / self.step) + 1)]


def _nice(value: float) -> float:
    """The next step that reads well on an axis."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(step * power for step in NICE if step * power >= value)


def forecast_picture(data: Mapping[str, Any], finish_min: float, sentence: str) -> SafeString:
    """The whole picture. `data` is a chart forecast as plain data; `sentence` is what a screen reader says."""
    times = [float(minute) for minute in data["times_min"]]
    end = times[-1]
    level = Axis(
        LEVEL_TOP, LEVEL_HEIGHT, end, _highest(data["plasma"]["p95"], data["second"]["median"] if data.get("second") else [], *_edges(data))
    )
    parts = [_frame(level, _("ng/mL"), _("Plasma"), marks=True), *_bands(level, times, data["plasma"])]
    parts += [_line(level, times, data["plasma"]["median"], "wd-fc-plasma")]
    own = (data.get("personal") or {}).get("lines", {})
    parts += _own(level, times, own.get(data["model"]["analyte"])) if own else []
    if data.get("effect_site"):
        parts.append(_line(level, times, data["effect_site"]["median"], "wd-fc-effect"))
    if data.get("second") and data["second"]["differs"]:
        parts.append(_line(level, times, data["second"]["median"], "wd-fc-second"))
    parts += [_threshold(level, below) for below in data.get("clock", {}).values()]
    top = LEVEL_TOP + LEVEL_HEIGHT + GAP
    other = data.get("norketamine")
    if other and "p95" in other:
        parts.append(_effect(other, times, top, 1.0, _("ng/mL"), _("S-norketamine"), end, own.get("s_norketamine")))
        top += SMALL_HEIGHT + GAP
    for key, title, scale, unit in (
        ("dissociation", _("Dissociation"), 100.0, "%"),
        ("systolic_rise", _("Systolic rise"), 1.0, "mmHg"),
    ):
        effect = data["effects"].get(key)
        if effect:
            parts.append(_effect(effect, times, top, scale, unit, title, end, own.get(key)))
            top += SMALL_HEIGHT + GAP
    bottom = top - GAP + 16
    parts.append(_infusion(level, finish_min, bottom - 16))
    body = mark_safe("".join(parts))
    return format_html(
        '<svg class="wd-fc" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', f"{WIDTH:.0f}", f"{bottom + 4:.0f}", sentence, body
    )


def _edges(data: Mapping[str, Any]) -> list[Numbers]:
    own = data.get("personal")
    return [own["lines"][data["model"]["analyte"]]["p95"]] if own else []


def _highest(*lines: Numbers) -> float:
    return max((value for line in lines for value in line if value is not None), default=0.0)


def _frame(axis: Axis, unit: str, title: str, *, marks: bool = False) -> SafeString:
    lines = "".join(_rung(axis, value) for value in axis.ticks())
    head = format_html('<text class="wd-fc-title" x="{}" y="{}">{}, {}</text>', f"{LEFT + 4:.0f}", f"{axis.top - 4:.1f}", title, unit)
    return mark_safe(lines + head + (_minutes(axis) if marks else ""))


def _rung(axis: Axis, value: float) -> SafeString:
    y = axis.y(value)
    line = _across("wd-fc-grid", y)
    return line + format_html(
        '<text class="wd-fc-tick" x="{}" y="{}" text-anchor="end">{}</text>', f"{LEFT - 5:.0f}", f"{y + 4:.1f}", f"{value:g}"
    )


def _across(name: str, y: float) -> SafeString:
    ends = (f"{LEFT:.0f}", f"{WIDTH - RIGHT:.0f}", f"{y:.1f}", f"{y:.1f}")
    return format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', name, *ends)


def _minutes(axis: Axis) -> SafeString:
    step = next(each for each in (10, 15, 20, 30, 60, 120, 240) if axis.minutes / each <= 9 or each == 240)
    ticks = range(0, int(axis.minutes) + 1, step)
    return format_html_join(
        "",
        '<text class="wd-fc-tick" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((f"{axis.x(minute):.1f}", f"{axis.top + axis.height + 14:.1f}", f"{minute} min" if minute == 0 else minute) for minute in ticks),
    )


def _bands(axis: Axis, times: Sequence[float], line: Mapping[str, Numbers]) -> list[SafeString]:
    return [
        format_html('<polygon class="wd-fc-band {}" points="{}"/>', name, mark_safe(_around(axis, times, line[low], line[high])))
        for name, low, high in (("wd-fc-wide", "p05", "p95"), ("wd-fc-narrow", "p25", "p75"))
    ]


def _around(axis: Axis, times: Sequence[float], low: Numbers, high: Numbers) -> str:
    return " ".join([*_points(axis, times, high), *reversed(_points(axis, times, low))])


def _points(axis: Axis, times: Sequence[float], values: Numbers) -> list[str]:
    """Where the values that are known lie, in tenths of a pixel. Thousands for one picture: the sums are made all at once."""
    known = [(minute, value) for minute, value in zip(times, values, strict=True) if value is not None]
    return [f"{x:.1f},{y:.1f}" for x, y in zip(*_places(axis, known), strict=True)] if known else []


def _places(axis: Axis, known: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    minutes, values = np.asarray(known, dtype=np.float64).T
    across = LEFT + (WIDTH - LEFT - RIGHT) * minutes / axis.minutes
    return across.tolist(), (axis.top + axis.height * (1 - values / axis.most)).tolist()


def _line(axis: Axis, times: Sequence[float], values: Numbers, name: str) -> SafeString:
    return format_html('<polyline class="{}" points="{}"/>', name, mark_safe(" ".join(_points(axis, times, values))))


def _threshold(axis: Axis, below: Mapping[str, Any]) -> SafeString:
    level = float(below["threshold_ng_per_ml"])
    return mark_safe("") if level >= axis.most else _across("wd-fc-limit", axis.y(level))


def _effect(
    line: Mapping[str, Any],
    times: Sequence[float],
    top: float,
    scale: float,
    unit: str,
    title: str,
    minutes: float,
    own: Mapping[str, Any] | None = None,
) -> SafeString:
    told, mine = _scaled(line, scale), _scaled(own, scale) if own else None
    axis = Axis(top, SMALL_HEIGHT, minutes, _highest(told["p95"], mine["p95"] if mine else []), ticks=2)
    drawn = [
        _frame(axis, unit, title),
        *_bands(axis, times, told),
        _line(axis, times, told["median"], "wd-fc-plasma"),
        *_own(axis, times, mine),
    ]
    return mark_safe("".join(drawn))


def _scaled(line: Mapping[str, Any], scale: float) -> dict[str, Numbers]:
    keys = ("median", "p05", "p25", "p75", "p95")
    return {key: [None if value is None else max(value, 0.0) * scale for value in line[key]] for key in keys}


def _own(axis: Axis, times: Sequence[float], line: Mapping[str, Numbers] | None) -> list[SafeString]:
    """This patient over the typical one: the middle as a thick line, nine of ten as dashed edges."""
    if line is None:
        return []
    edges = [_line(axis, times, line[key], "wd-fc-own-edge") for key in ("p05", "p95")]
    return [*edges, _line(axis, times, line["median"], "wd-fc-own")]


def _infusion(axis: Axis, finish_min: float, bottom: float) -> SafeString:
    """The planned infusion as a bar under the first panel's axis, and its end through every panel."""
    x = f"{axis.x(finish_min):.1f}"
    bar = format_html(
        '<rect class="wd-fc-pump" x="{}" y="{}" width="{}" height="5"/>',
        f"{LEFT:.0f}",
        f"{axis.top + axis.height - 2:.1f}",
        f"{axis.x(finish_min) - LEFT:.1f}",
    )
    end = format_html('<line class="wd-fc-end" x1="{}" x2="{}" y1="{}" y2="{}"/>', x, x, f"{LEVEL_TOP:.0f}", f"{bottom:.1f}")
    words = format_html(
        '<text class="wd-fc-end-words" x="{}" y="{}">{}</text>',
        f"{axis.x(finish_min) + 4:.1f}",
        f"{LEVEL_TOP + 10:.1f}",
        _("infusion ends"),
    )
    return mark_safe(bar + end + words)

"""Figures of outcomes as SVG: step curves with bands, bars of shares, a dose curve, a control chart, a funnel.

Drawn here, as the pictures of models are (docs/adr/0027): a page takes no time to draw, colors are classes of the page's own style sheet
and so follow light and dark, and every part of a bar can be a link. Beside each figure stands a table with the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

WIDTH, HEIGHT = 640.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 14.0, 14.0, 36.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LETTERS = "abcdef"
FEW = 10


@dataclass(frozen=True)
class Axes:
    """Where a value lies on the paper."""

    x0: float
    x1: float
    y0: float
    y1: float
    height: float = HEIGHT

    def x(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - self.x0) / ((self.x1 - self.x0) or 1)

    def y(self, value: float) -> float:
        inside = min(max(value, self.y0), self.y1)
        return TOP + (self.height - TOP - BOTTOM) * (1 - (inside - self.y0) / ((self.y1 - self.y0) or 1))


def svg(body: str, sentence: str, height: float = HEIGHT) -> str:
    """sentence: what a screen reader says."""
    return f'<svg class="wpr-fig" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="{escape(sentence)}">{body}</svg>'


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values from low to high, at most so many steps."""
    least = (high - low) / most or 1.0
    power = 10.0 ** math.floor(math.log10(least))
    step = next(each * power for each in STEPS if each * power >= least * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [place * step for place in range(first, math.floor(high / step + 1e-9) + 1)]


def line(name: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def text(name: str, x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def rect(name: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def level_line(axes: Axes, name: str, level: float) -> str:
    return line(name, LEFT, axes.y(level), WIDTH - RIGHT, axes.y(level))


def frame(axes: Axes, across: str, *, percent: bool = True, x_marks: Iterable[tuple[float, str]] | None = None) -> str:
    """Grid, ticks and what the axis across counts."""
    levels = ticks(axes.y0, axes.y1)
    lines = "".join(
        level_line(axes, "wpr-grid", level) + text("wpr-tick", LEFT - 6, axes.y(level) + 4, _level(level, percent), "end")
        for level in levels
    )
    marks = x_marks if x_marks is not None else [(value, f"{value:g}") for value in ticks(axes.x0, axes.x1, 8)]
    bottom = axes.height - BOTTOM
    below = "".join(text("wpr-tick", axes.x(value), bottom + 15, words, "middle") for value, words in marks)
    return lines + below + text("wpr-tick", WIDTH - RIGHT, axes.height - 5, across, "end")


def _level(level: float, percent: bool) -> str:
    return f"{100 * level:.0f} %" if percent else f"{level:g}"


def curves(drawn: Sequence[dict[str, Any]], sentence: str, across: str) -> str:
    """Step curves with their bands, up to the last day anybody was followed; who left without an event is a tick on the line."""
    last = max((each["times"][-1] for each in drawn if each["times"]), default=1.0)
    axes = Axes(0, max(28.0, math.ceil(last / 28) * 28.0), 0, 1)
    marks = [(day, f"{day:.0f}") for day in range(0, int(axes.x1) + 1, 28 if axes.x1 <= 224 else 56)]
    parts = [frame(axes, across, x_marks=[(float(day), words) for day, words in marks])]
    parts += [_band(axes, each, letter) for each, letter in zip(drawn, LETTERS, strict=False)]
    parts += [_steps(axes, each, letter) for each, letter in zip(drawn, LETTERS, strict=False)]
    return svg("".join(parts), sentence)


def _steps(axes: Axes, curve: dict[str, Any], letter: str) -> str:
    points, level = [(0.0, 1.0)], 1.0
    for at, value in zip(curve["times"], curve["survival"], strict=True):
        points += [(at, level), (at, value if value is not None else level)]
        level = value if value is not None else level
    return f'<polyline class="wpr-line wpr-{letter}" points="{_points(axes, points)}"/>'


def _band(axes: Axes, curve: dict[str, Any], letter: str) -> str:
    low, high = _edge(curve, "low"), _edge(curve, "high")
    if len(low) < 3:
        return ""
    return f'<polygon class="wpr-band wpr-{letter}" points="{_points(axes, high)} {_points(axes, list(reversed(low)))}"/>'


def _edge(curve: dict[str, Any], name: str) -> list[tuple[float, float]]:
    """The edge as steps, up to where it is known."""
    points, level = [(0.0, 1.0)], 1.0
    for at, value in zip(curve["times"], curve[name], strict=True):
        if value is None:
            break
        points += [(at, level), (at, value)]
        level = value
    return points


def _points(axes: Axes, points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{axes.x(at):.1f},{axes.y(level):.1f}" for at, level in points)


BAR, GAP = 26.0, 14.0


def bars(rows: Sequence[dict[str, Any]], sentence: str) -> str:
    """One bar for each group, all its series from end to end; each part is a link to its list. Parts differ by pattern, not by color alone.

    rows   {"name", "parts": [{"kind", "count", "url", "words"}]}
    """
    height = TOP + len(rows) * (BAR + GAP + 16) + 4
    most = max((sum(part["count"] for part in row["parts"]) for row in rows), default=1) or 1
    wide = WIDTH - RIGHT - 4
    shapes = [_PATTERNS]
    for number, row in enumerate(rows):
        top, left = TOP + number * (BAR + GAP + 16), 4.0
        shapes.append(text("wpr-name", 4, top + 11, row["name"]))
        for part in row["parts"]:
            width = wide * part["count"] / most
            shapes.append(_part(row["name"], part, left, top, width) if part["count"] else "")
            left += width
    body = "".join(shapes)
    return f'<svg class="wpr-fig" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="group" aria-label="{escape(sentence)}">{body}</svg>'


def _part(name: str, part: dict[str, Any], left: float, top: float, width: float) -> str:
    inside = text("wpr-in", left + width / 2, top + 36, str(part["count"]), "middle") if width > 18 else ""
    told = escape(f"{name}: {part['words']}, {part['count']}")
    shape = rect(f"wpr-part wpr-is-{part['kind']}", left, top + 18, width, BAR)
    return f'<a href="{escape(part["url"])}" aria-label="{told}">{shape}{inside}</a>'


_PATTERNS = (
    '<defs><pattern id="wpr-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="wpr-hatch-ground" width="7" height="7"/><line class="wpr-hatch-line" x1="0" y1="0" x2="0" y2="7"/></pattern></defs>'
)


def dose(found: dict[str, Any], sentence: str, across: str) -> str:
    """The adjusted curve with its band; counted spans of doses as points with intervals; those not known as hollow squares at the foot."""
    bins, course = found["bins"], found["line"]
    doses = [each["low"] for each in bins] + [each["high"] for each in bins] + [point[0] for point in course]
    low, high = (min(doses), max(doses)) if doses else (0.0, 1.0)
    room = (high - low) * 0.06 or 0.1
    axes = Axes(max(low - room, 0), high + room, 0, 1)
    parts = [frame(axes, across)]
    if course:
        band = [(point[0], point[3]) for point in course] + [(point[0], point[2]) for point in reversed(course)]
        parts.append(f'<polygon class="wpr-band wpr-a" points="{_points(axes, band)}"/>')
        parts.append(f'<polyline class="wpr-line wpr-a" points="{_points(axes, [(point[0], point[1]) for point in course])}"/>')
    for each in bins:
        share, middle = each["response"], (each["low"] + each["high"]) / 2
        x = axes.x(middle)
        if share["value"] is not None:
            parts.append(line("wpr-whisker", x, axes.y(share["low"]), x, axes.y(share["high"])))
            parts.append(_dot(x, axes.y(share["value"]), 3 + min(math.sqrt(share["of"]), 9)))
        missing = each["unknown"] + each["waiting"]
        if missing:
            size = 4 + min(math.sqrt(missing) * 2, 12)
            parts.append(rect("wpr-missing", x - size / 2, axes.y(0) - size, size, size))
    return svg("".join(parts), sentence)


def control(months: Sequence[dict[str, Any]], center: float, sentence: str, across: str) -> str:
    """Rates by month with the limits of chance as steps; a month beyond them is a diamond, one without an infusion a gap.

    The upper limit of a month with few infusions may lie above the paper; the table has it.
    """
    drawn = [(place, each) for place, each in enumerate(months) if each["rate"] is not None]
    usual = [each["high"] for _, each in drawn if each["infusions"] >= FEW] or [each["high"] for _, each in drawn]
    top = max([each["rate"] for _, each in drawn] + usual + [1.0]) * 1.08
    axes = Axes(-0.5, len(months) - 0.5, 0, top)
    every = max(1, math.ceil(len(months) / 6))
    marks = [(float(place), each["label"]) for place, each in enumerate(months) if place % every == 0]
    parts = [frame(axes, across, percent=False, x_marks=marks)]
    for place, each in drawn:
        x0, x1 = axes.x(place - 0.5), axes.x(place + 0.5)
        edges = [each[edge] for edge in ("low", "high") if each[edge] <= top]
        parts += [line("wpr-limit", x0, axes.y(level), x1, axes.y(level)) for level in edges]
    parts.append(level_line(axes, "wpr-center", center))
    run: list[tuple[float, float]] = []
    for place, each in enumerate(months):
        if each["rate"] is None:
            parts.append(_run(axes, run))
            run = []
        else:
            run.append((place, each["rate"]))
    parts.append(_run(axes, run))
    parts += [_month(axes.x(place), axes.y(each["rate"]), bool(each["signal"])) for place, each in drawn]
    return svg("".join(parts), sentence)


def _run(axes: Axes, run: Sequence[tuple[float, float]]) -> str:
    return f'<polyline class="wpr-line wpr-a" points="{_points(axes, run)}"/>' if len(run) > 1 else ""


def _month(x: float, y: float, signal: bool) -> str:
    if signal:
        return f'<path class="wpr-signal" d="M{x:.1f} {y - 8:.1f}l8 8-8 8-8-8z"/>'
    return _dot(x, y, 4)


def _dot(x: float, y: float, radius: float) -> str:
    return f'<circle class="wpr-dot" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def funnel(found: dict[str, Any], names: dict[str, str], sentence: str, across: str) -> str:
    """Each unit's adjusted share by its size, inside the limits of chance for units like all."""
    limits, units = found["limits"], [each for each in found["units"] if each["adjusted"] is not None]
    most = max([row[0] for row in limits] + [each["of"] for each in units] + [10])
    axes = Axes(0, most * 1.02, 0, 1)
    parts = [frame(axes, across)]
    for name, low, high in (("wpr-far", 3, 4), ("wpr-near", 1, 2)):
        for edge in (low, high):
            parts.append(f'<polyline class="{name}" points="{_points(axes, [(row[0], row[edge]) for row in limits])}"/>')
    parts.append(level_line(axes, "wpr-center", found["overall"] or 0))
    for each in units:
        x, y = axes.x(each["of"]), axes.y(each["adjusted"])
        parts.append(_month(x, y, each["inside"] in ("99.8", "out")))
        anchor, shift = ("end", -10) if x > WIDTH * 0.6 else ("start", 10)
        parts.append(text("wpr-name", x + shift, y - 8, names.get(each["key"], each["key"]), anchor))
    return svg("".join(parts), sentence)

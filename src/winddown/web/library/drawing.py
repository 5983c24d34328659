"""Small pictures of a model beside what was measured, as SVG: the same shapes on the page and in the manual.

Written here and not by a charting library, so that the bytes are the same on every machine, whatever fonts it has, and a page takes no
time to draw. No Django: the manual is made without it. Colors are classes; the page's own style sheet or `sheet` gives them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from winddown.domain.pharmacology.evidence.panels import Axis, Panel, Point
from winddown.domain.pharmacology.linear import Array

WIDTH, HEIGHT = 360.0, 214.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 36.0, 34.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MINUTE_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 720, 1440)
LEVEL_STEPS = (50, 100, 200, 500, 1000)
DAY_STEPS = (2, 7, 14, 28)
ALONG: Mapping[Axis, tuple[int, ...]] = {"minutes": MINUTE_STEPS, "level": LEVEL_STEPS, "days": DAY_STEPS}
SHEET_STYLE = """
text{font:11px system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif;fill:#4a5763}
.wd-ev-title{font-size:12px;font-weight:600;fill:#18232d}
.wd-ev-grid{stroke:#e8e6df}.wd-ev-band{fill:#11697f;fill-opacity:.18}.wd-ev-line{fill:none;stroke:#11697f;stroke-width:2}
.wd-ev-counts{fill:#a01a20}.wd-ev-built{fill:#fff;stroke:#4a5763;stroke-width:1.5}.wd-ev-paper{fill:#fff}
.wd-ev-interval{stroke:#4a5763;stroke-width:1.5}
@media(prefers-color-scheme:dark){text{fill:#b7c2cc}.wd-ev-title{fill:#eef2f5}.wd-ev-grid{stroke:#2f3a44}.wd-ev-paper{fill:#151c22}
.wd-ev-band{fill:#58b8cf;fill-opacity:.25}.wd-ev-line{stroke:#58b8cf}.wd-ev-counts{fill:#ff8a8a}.wd-ev-built{fill:#151c22;stroke:#b7c2cc}
.wd-ev-interval{stroke:#b7c2cc}}
"""


@dataclass(frozen=True)
class Axes:
    """Minutes across and a level up, from 0 to a round number."""

    minutes: float
    most: float
    step: float

    def x(self, minute: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * minute / self.minutes

    def y(self, level: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(level, self.most) / self.most)


def picture(panel: Panel, title: str, subtitle: str, sentence: str) -> str:
    """One panel as an SVG for a page. sentence: what a screen reader says."""
    return (
        f'<svg class="wd-ev" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(sentence)}">'
        f"{_shapes(panel, title, subtitle)}</svg>"
    )


def sheet(panels: Sequence[tuple[Panel, str, str]], sentence: str, columns: int = 2) -> str:
    """All panels of a model in one file for the manual: (panel, title, subtitle)."""
    rows = -(-len(panels) // columns)
    width, height = WIDTH * min(columns, len(panels)), HEIGHT * rows
    placed = "\n".join(
        f'<g transform="translate({place % columns * WIDTH:.0f} {place // columns * HEIGHT:.0f})">{_shapes(*panel)}</g>'
        for place, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(sentence)}"><style>{SHEET_STYLE}</style>'
        f'<rect class="wd-ev-paper" width="{width:.0f}" height="{height:.0f}"/>\n{placed}\n</svg>\n'
    )


def _shapes(panel: Panel, title: str, subtitle: str) -> str:
    axes = _axes(panel)
    words = (
        f'<text class="wd-ev-title" x="4" y="14">{escape(title)}</text><text class="wd-ev-tick" x="4" y="28">{escape(subtitle)}</text>'
        f'<text class="wd-ev-tick" x="{WIDTH - RIGHT:.0f}" y="{HEIGHT - 4:.0f}" text-anchor="end">{escape(panel.across)}</text>'
        f'<text class="wd-ev-tick" x="4" y="{HEIGHT - 4:.0f}">{escape(panel.unit)}</text>'
    )
    around = f"{_path(axes, panel.minutes, panel.high)} {_path(axes, panel.minutes, panel.low, back=True)}"
    band = f'<polygon class="wd-ev-band" points="{around}"/>'
    line = f'<polyline class="wd-ev-line" points="{_path(axes, panel.minutes, panel.typical)}"/>'
    return _grid(axes, ALONG[panel.axis]) + words + band + line + _points(axes, panel)


def _axes(panel: Panel) -> Axes:
    highest = max(float(panel.high.max()), *(point.high or point.ng_per_ml for point in panel.points), 1e-6)
    least = highest / 4
    power = 10.0 ** math.floor(math.log10(least))
    step = next(each * power for each in STEPS if each * power >= least * (1 - 1e-9))
    return Axes(float(panel.minutes[-1]), step * -(-highest // step), step)


def _grid(axes: Axes, steps: Sequence[int]) -> str:
    levels = [axes.step * place for place in range(round(axes.most / axes.step) + 1)]
    across = "".join(
        f'<line class="wd-ev-grid" x1="{LEFT:.0f}" x2="{WIDTH - RIGHT:.0f}" y1="{axes.y(level):.1f}" y2="{axes.y(level):.1f}"/>'
        f'<text class="wd-ev-tick" x="{LEFT - 5:.0f}" y="{axes.y(level) + 4:.1f}" text-anchor="end">{level:g}</text>'
        for level in levels
    )
    step = next((each for each in steps if axes.minutes / each <= 7), steps[-1])
    along = "".join(
        f'<text class="wd-ev-tick" x="{axes.x(minute):.1f}" y="{HEIGHT - BOTTOM + 15:.0f}" text-anchor="middle">{minute}</text>'
        for minute in range(0, int(axes.minutes) + 1, step)
    )
    return across + along


def _path(axes: Axes, minutes: Array, levels: Array, *, back: bool = False) -> str:
    points = [f"{axes.x(minute):.1f},{axes.y(level):.1f}" for minute, level in zip(minutes.tolist(), levels.tolist(), strict=True)]
    return " ".join(reversed(points) if back else points)


def _points(axes: Axes, panel: Panel) -> str:
    """A full dot judges the model; a ring helped to build it: the shape says it without color."""
    return "".join(
        f'{_whisker(axes, point)}<circle class="wd-ev-{"counts" if point.counts else "built"}" '
        f'cx="{axes.x(point.minute):.1f}" cy="{axes.y(point.ng_per_ml):.1f}" r="{3.5 if point.counts else 4}"/>'
        for point in panel.points
    )


def _whisker(axes: Axes, point: Point) -> str:
    """The published interval of a mean, behind its dot."""
    if point.low is None or point.high is None:
        return ""
    x = f"{axes.x(point.minute):.1f}"
    return f'<line class="wd-ev-interval" x1="{x}" x2="{x}" y1="{axes.y(point.low):.1f}" y2="{axes.y(point.high):.1f}"/>'

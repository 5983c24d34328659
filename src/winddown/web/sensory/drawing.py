"""Two pictures of one test, made on the server: what each force felt like on both sites, and the eight lines with their area.

Nothing is computed here but pixels. Every picture has its numbers in words beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from winddown.domain.sensory.plan import SITES, Site
from winddown.domain.sensory.score import Spoke
from winddown.domain.sensory.stimuli import PINPRICKS_MN

WIDTH, HEIGHT = 480.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 92.0, 24.0, 44.0
SPOKES_BOX = 240.0


def svg(width: float, height: float, parts: Iterable[str], sentence: str) -> SafeString:
    return format_html(
        '<svg class="ws-picture" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        f"{width:.0f}",
        f"{height:.0f}",
        sentence,
        mark_safe("".join(parts)),
    )


def line(name: str, x1: float, y1: float, x2: float, y2: float) -> SafeString:
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', name, *(f"{each:.1f}" for each in (x1, y1, x2, y2)))


def words(x: float, y: float, text: object, *, anchor: str = "start", name: str = "") -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', name, f"{x:.1f}", f"{y:.1f}", anchor, text)


def dot(name: str, x: float, y: float, radius: float = 4.5) -> SafeString:
    return format_html('<circle class="{}" cx="{}" cy="{}" r="{}"/>', name, f"{x:.1f}", f"{y:.1f}", f"{radius:g}")


def diamond(name: str, x: float, y: float, radius: float = 6.0) -> SafeString:
    points = points_of([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)])
    return format_html('<polygon class="{}" points="{}"/>', name, points)


def points_of(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _x(force_mn: float) -> float:
    """Force on a logarithmic axis from the lightest to the strongest pinprick."""
    low, high = math.log2(PINPRICKS_MN[0]), math.log2(PINPRICKS_MN[-1])
    return LEFT + 10 + (WIDTH - LEFT - RIGHT - 20) * (math.log2(force_mn) - low) / (high - low)


def _y(rating: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - rating / 100)


def curve_picture(curves: Mapping[Site, Mapping[int, float]], sentence: str, names: Mapping[str, object]) -> SafeString:
    """Mean rating at each force: the affected site with diamonds and a whole line, the control with rings and a broken one."""
    parts: list[str] = [_between(curves)]
    for of_ten in range(0, 11, 2):
        y = _y(of_ten * 10)
        parts += [line("ws-grid", LEFT, y, WIDTH - RIGHT, y), words(LEFT - 6, y + 4, of_ten, anchor="end")]
    for force in PINPRICKS_MN:
        parts.append(words(_x(force), HEIGHT - BOTTOM + 16, force, anchor="middle"))
    parts.append(words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, _("force of the pinprick, mN"), anchor="middle"))
    parts.append(words(4, 12, _("pain, of 10"), name="ws-strong"))
    parts += [_curve(site, curves.get(site, {})) for site in SITES]
    return svg(WIDTH, HEIGHT, [*parts, *_ends(curves, names)], sentence)


def _between(curves: Mapping[Site, Mapping[int, float]]) -> str:
    """The space between the two lines, where both were tested."""
    both = [force for force in PINPRICKS_MN if all(force in curves.get(site, {}) for site in SITES)]
    if len(both) < 2:
        return ""
    there = [(_x(force), _y(curves["affected"][force])) for force in both]
    back = [(_x(force), _y(curves["control"][force])) for force in reversed(both)]
    return format_html('<polygon class="ws-gap" points="{}"/>', points_of([*there, *back]))


def _curve(site: Site, curve: Mapping[int, float]) -> str:
    points = [(_x(force), _y(mean)) for force, mean in curve.items()]
    road = format_html('<polyline class="ws-line ws-line-{}" points="{}"/>', site, points_of(points))
    shape = diamond if site == "affected" else dot
    return mark_safe(road + "".join(shape(f"ws-dot-{site}", x, y) for x, y in points))


def _ends(curves: Mapping[Site, Mapping[int, float]], names: Mapping[str, object]) -> list[str]:
    """Each line is named at its right end; two ends that would touch are moved apart."""
    ends = [(_y(curve[max(curve)]), site, _x(max(curve))) for site in SITES if (curve := curves.get(site))]
    ends.sort()
    if len(ends) == 2 and ends[1][0] - ends[0][0] < 16:
        middle = (ends[0][0] + ends[1][0]) / 2
        ends = [(middle - 8, *ends[0][1:]), (middle + 8, *ends[1][1:])]
    return [words(x + 10, y + 4, names[site], name=f"ws-end-{site}") for y, site, x in ends]


def spokes_picture(spokes: Sequence[Spoke], sentence: str) -> SafeString:
    """Eight lines from the middle of the site, head upward, rings every few centimeters, the area between the ends."""
    furthest = max([spoke.distance_cm for spoke in spokes] or [1.0])
    step = next(each for each in (1, 2, 5, 10) if furthest / each <= 4 or each == 10)
    rings = max(1, math.ceil(furthest / step))
    middle, reach = SPOKES_BOX / 2, SPOKES_BOX / 2 - 40
    scale = reach / (rings * step)
    parts = [
        format_html('<circle class="ws-ring" cx="{0}" cy="{0}" r="{1}"/>', middle, f"{ring * step * scale:.1f}")
        for ring in range(1, rings + 1)
    ]
    parts += [line("ws-ray", middle, middle, *_end(middle, number, reach)) for number in range(1, 9)]
    ends = [_end(middle, spoke.number, spoke.distance_cm * scale) for spoke in sorted(spokes, key=lambda each: each.number)]
    shape = "polygon" if len(ends) == 8 else "polyline"
    parts.append(format_html('<{} class="ws-area" fill-opacity=".7" points="{}"/>', mark_safe(shape), points_of(ends)))
    parts += [diamond("ws-dot-affected", x, y, 4.5) for x, y in ends]
    parts += [_distance(middle, spoke, scale) for spoke in spokes]
    parts += [dot("ws-centre", middle, middle, 4), words(middle, 10, _("head"), anchor="middle")]
    parts.append(words(4, SPOKES_BOX - 4, _("one ring: %(cm)s cm") % {"cm": step}))
    return svg(SPOKES_BOX, SPOKES_BOX, parts, sentence)


def _end(middle: float, number: int, length: float) -> tuple[float, float]:
    """Where a line ends: line 1 points to the head, the others follow clockwise."""
    angle = math.radians(45 * (number - 1))
    return middle + length * math.sin(angle), middle - length * math.cos(angle)


def _distance(middle: float, spoke: Spoke, scale: float) -> SafeString:
    x, y = _end(middle, spoke.number, spoke.distance_cm * scale + 13)
    edge = "+" if spoke.to_the_edge else ""
    return words(x, y + 4, f"{spoke.distance_cm:g}{edge}", anchor="middle", name="ws-strong")


def numbered(rows: Iterable[tuple[object, object]]) -> SafeString:
    return format_html_join("", "<li>{}: {}</li>", rows)

"""A small writer of SVG: shapes and words at coordinates, in points, with y growing downward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

FONT = "DejaVu Sans"


class Drawing:
    """Collects shapes; `text()` gives the SVG. Colors are named by the caller and must differ in gray too."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, **look: object) -> None:
        self._add("rect", x=x, y=y, width=max(0.0, width), height=max(0.0, height), **look)

    def line(self, x1: float, y1: float, x2: float, y2: float, **look: object) -> None:
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, **({"stroke": "#000", "stroke-width": 0.5} | _dashed(look)))

    def circle(self, x: float, y: float, radius: float, **look: object) -> None:
        self._add("circle", cx=x, cy=y, r=radius, **look)

    def path(self, points: Sequence[tuple[float, float] | None], **look: object) -> None:
        """A line through the points, broken where a point is None."""
        words = _road(points)
        if words:
            self._add(
                "path", d=words, **({"fill": "none", "stroke": "#000", "stroke-width": 0.75, "stroke-linejoin": "round"} | _dashed(look))
            )

    def area(self, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], **look: object) -> None:
        """Filled between two lines."""
        if upper and lower:
            self._add("path", d=f"{_road([*upper, *reversed(lower)])}Z", **({"stroke": "none"} | look))

    def words(
        self, x: float, y: float, text: str, *, size: float = 6.0, anchor: str = "start", bold: bool = False, fill: str = "#222"
    ) -> None:
        weight = ' font-weight="bold"' if bold else ""
        place = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}" fill="{fill}"{weight}'
        self._parts.append(f"<text {place}>{escape(text)}</text>")

    def text(self) -> str:
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}" height="{_n(self.height)}" '
            f'viewBox="0 0 {_n(self.width)} {_n(self.height)}" font-family="{FONT}" font-stretch="semi-condensed">'
        )
        hatch = (
            '<defs><pattern id="hatch" width="3" height="3" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="3" height="3" fill="#fff"/><line x1="0" y1="0" x2="0" y2="3" stroke="#555" stroke-width="0.8"/></pattern></defs>'
        )
        return f"{head}{hatch}{''.join(self._parts)}</svg>"

    def _add(self, name: str, **look: object) -> None:
        told = " ".join(f"{key.replace('_', '-')}={quoteattr(_n(value))}" for key, value in look.items())
        self._parts.append(f"<{name} {told}/>")


def _dashed(look: dict[str, object]) -> dict[str, object]:
    return {key.replace("_", "-"): value for key, value in look.items()}


def _road(points: Iterable[tuple[float, float] | None]) -> str:
    words, pen_up = [], True
    for point in points:
        if point is None:
            pen_up = True
            continue
        words.append(f"{'M' if pen_up else 'L'}{_n(point[0])} {_n(point[1])}")
        pen_up = False
    return "".join(words)


def _n(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)

"""A signature drawn on the device: strokes in a box of 600 by 200, kept as lines and never as somebody else's picture."""

from __future__ import annotations

import re

from winddown.domain.refusals import OutOfRange

WIDTH, HEIGHT = 600, 200
FEWEST_POINTS, MOST_SIGNS = 8, 200_000
_PATH = re.compile(r"(?:[ML] ?\d{1,3}(?:\.\d)? \d{1,3}(?:\.\d)? ?)+")


def drawing(path: str) -> str:
    """The strokes as an SVG. `path`: "M x y L x y ..." as the page drew it. Refuses what is no drawing, or only a dot."""
    told = path.strip()
    if len(told) > MOST_SIGNS or not _PATH.fullmatch(told + " ") or told.count("L") + told.count("M") < FEWEST_POINTS:
        raise OutOfRange(
            because="The drawn signature could not be read, or is only a dot.",
            way_out="Draw it again, or sign by typing your name.",
            code="signature_unreadable",
            where="signature",
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<path d="{told}" fill="none" stroke="#16202a" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )

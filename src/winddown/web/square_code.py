"""A square code to point a phone at: always dark on light, whatever the theme, or no camera reads it."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe


def square_code(text: str) -> SafeString:
    """The code of this text as SVG to stand in a page; the page's style gives its size."""
    import segno  # slow import

    code = segno.make(text, micro=False, error="m")
    return mark_safe(code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True, svgclass="wd-square-code"))

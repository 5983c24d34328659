"""The press: a template of ours and plain data in, a PDF out. The same fonts everywhere, so that one page stays one page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).resolve().parent.parent / "typst"
FONTS = SOURCES / "fonts"


def print_pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `typst/<template>.typ` with `data`, dated `at`. Nothing of it is kept on disk.

    data  plain values only; a drawing is the text of an SVG. What a person typed is data here and never source: it cannot run.
    """
    import typst  # slow import

    pdf: bytes = typst.compile(
        str(SOURCES / f"{template}.typ"),
        root=str(SOURCES),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    return pdf


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Ours first; the system's stand in for a script that ours lack. Searched once for each process."""
    import typst  # slow import

    return typst.Fonts(font_paths=[str(FONTS)])

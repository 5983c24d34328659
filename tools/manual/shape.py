"""The shape of a generated page: its heading, its tables, and how a figure is read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from winddown.domain.figures import Figure

STATUS_WORDS = (
    "`published`: read in the source. `derived`: our own arithmetic or engineering. `unverified`: confirm before use. "
    "The sources are in [sources.md](../sources.md)."
)
APPROVED = "Every number is a default that the clinic's medical director approves and signs with the protocol's version."


def page(title: str, source: str, *parts: str) -> str:
    heading = f"# {title}\n\nGenerated from {source}; never edited by hand.\n"
    return "\n".join([heading, *parts]).rstrip() + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def words(name: object) -> str:
    return str(name).replace("_", " ")


def amount(figure: Figure | Mapping[str, Any] | None) -> str:
    """A figure as it is read aloud; empty where there is none."""
    if figure is None:
        return ""
    told = figure.as_data() if isinstance(figure, Figure) else figure
    return f"{told['value']:g} {'' if told['unit'] == '1' else told['unit']}".strip()

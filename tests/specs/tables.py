"""Reads the tables of a manual page, so that the page itself is the test."""

from __future__ import annotations

from pathlib import Path


def rows(page: Path, section: str = "") -> list[dict[str, str]]:
    """Every row of every table on a Markdown page (or of one section), by column heading."""
    found: list[dict[str, str]] = []
    heading: list[str] = []
    here = not section
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            here, heading = not section or line.lstrip("# ") == section, []
        elif not line.startswith("|"):
            heading = []
        elif here:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not heading:
                heading = cells
            elif not set("".join(cells)) <= set("-: "):
                found.append(dict(zip(heading, cells, strict=True)))
    if not found:
        raise AssertionError(f"no table rows on {page.name} {section}")
    return found

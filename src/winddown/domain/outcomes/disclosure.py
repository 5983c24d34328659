"""Small counts stay inside the practice: what leaves it hides them, and hides enough beside them that they cannot be worked out."""

from __future__ import annotations

from collections.abc import Sequence

from winddown.domain.figures import Figure

LEAST_SHOWN = Figure(11, "1", "the rule of the US Medicare agency that counts from 1 to 10 are not shown", "unverified")
HIDDEN = None


def table(rows: Sequence[Sequence[int]], least: int = int(LEAST_SHOWN.value)) -> list[list[int | None]]:
    """Rows and columns whose totals are both known: rounds of hiding along both until no hidden count stands alone in its row or column."""
    shown: list[list[int | None]] = [[HIDDEN if 0 < count < least else count for count in row] for row in rows]
    moved = True
    while moved:
        moved = _guard(shown) or _guard_columns(shown)
    return shown


def _guard(rows: list[list[int | None]]) -> bool:
    for row in rows:
        if sum(count is HIDDEN for count in row) == 1 and len(row) > 1:
            rest = [(count == 0, count, place) for place, count in enumerate(row) if count is not None]
            row[min(rest)[2]] = HIDDEN
            return True
    return False


def _guard_columns(rows: list[list[int | None]]) -> bool:
    turned = [list(column) for column in zip(*rows, strict=True)]
    moved = len(rows) > 1 and _guard(turned)
    if moved:
        for place, column in enumerate(turned):
            for number, count in enumerate(column):
                rows[number][place] = count
    return moved

"""The day as a table: a row each quarter of an hour, a column each chair; a visit spans the rows it lasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from winddown.domain.booking.hours import Span

STEP = timedelta(minutes=15)


@dataclass(frozen=True)
class Block:
    """One visit as the calendar draws it."""

    chair: int
    span: Span
    title: str
    detail: str
    status: str
    level: str
    url: str
    movable: str = ""
    version: int = 0


@dataclass
class Cell:
    """Rows of one column: visits, or free, or shut."""

    start: datetime
    chair: str
    rows: int = 1
    blocks: list[Block] = field(default_factory=list)
    shut: bool = False


@dataclass(frozen=True)
class Row:
    """A quarter of an hour. `cells` has None where a visit reaches down from above."""

    start: datetime
    cells: tuple[Cell | None, ...]

    @property
    def on_the_hour(self) -> bool:
        return self.start.minute == 0


def rows_of(spans: Sequence[Span], chairs: Mapping[int, str], blocks: Iterable[Block]) -> list[Row]:
    """The table from the first opening, or the first visit, to the last end. Visits that share a quarter of an hour share a cell.

    chairs  the columns in floor-plan order: key of a chair, as its visits name it, to its reference
    """
    placed = sorted(blocks, key=lambda block: block.span)
    edges = [*spans, *(block.span for block in placed)]
    if not edges:
        return []
    first, last = _floor(min(start for start, _ in edges)), _ceil(max(end for _, end in edges))
    starts = [first + STEP * place for place in range((last - first) // STEP)]
    columns = [_column(starts, ref, [block for block in placed if block.chair == chair], spans) for chair, ref in chairs.items()]
    return [Row(start, tuple(column.get(start) for column in columns)) for start in starts]


def _column(starts: Sequence[datetime], chair: str, blocks: Sequence[Block], spans: Sequence[Span]) -> Mapping[datetime, Cell | None]:
    cells: dict[datetime, Cell | None] = {start: Cell(start, chair, shut=not _open(start, spans)) for start in starts}
    for group in _groups(blocks):
        begin, end = _floor(group[0].span[0]), _ceil(max(block.span[1] for block in group))
        covered = [start for start in starts if begin <= start < end]
        for start in covered:
            cells[start] = None
        cells[covered[0]] = Cell(covered[0], chair, len(covered), list(group))
    return cells


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Neighbors that share a row are one group."""
    found: list[list[Block]] = []
    for block in blocks:
        if found and _floor(block.span[0]) < _ceil(max(each.span[1] for each in found[-1])):
            found[-1].append(block)
        else:
            found.append([block])
    return found


def _open(start: datetime, spans: Sequence[Span]) -> bool:
    return any(opens <= start < closes for opens, closes in spans)


def _floor(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)


def _ceil(at: datetime) -> datetime:
    floor = _floor(at)
    return floor if floor == at else floor + STEP

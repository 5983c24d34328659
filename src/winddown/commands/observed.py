"""What was seen in one patient, from the file of `--individual`: JSON, or a table as a spreadsheet saves it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from winddown.domain.refusals import Missing, Refusal, UnknownWord

if TYPE_CHECKING:
    from winddown.domain.pharmacology.individual import Seen

KEYS = frozenset({"observations", "resting", "other_drugs", "prior"})
NEEDED, ALLOWED = ("kind", "at_min", "value"), ("kind", "at_min", "value", "analyte", "site", "below", "ref")
RESTING = {"resting_systolic": "systolic", "resting_pain": "pain", "resting_cadss6": "cadss6"}
TRUTHS = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}
EXAMPLE = """Write {"resting": {"systolic": 124}, "observations": [{"kind": "systolic", "at_min": 10, "value": 132}]}, or a .csv \
with the columns kind,at_min,value."""


def seen_in(file: Path) -> Seen:
    """The observations of one patient. They may stand in any order of time.

    refuses  Missing for a file that cannot be read; UnknownWord for a key or column it does not know; what an observation refuses
    """
    from winddown.domain.pharmacology.individual import Seen  # slow import

    told = _table(file) if file.suffix.lower() == ".csv" else _object(file)
    for key in told:
        if key not in KEYS:
            raise UnknownWord("key of an observations file", key, KEYS)
    try:
        return Seen.from_data(told)
    except (KeyError, TypeError, ValueError, AttributeError) as why:
        if isinstance(why, Refusal):
            raise
        raise Missing(
            because=f"An entry of {file} is incomplete: {why}.",
            way_out="Each observation has kind, at_min and value; a level also analyte and site.",
            code="observation_incomplete",
            where="individual",
        ) from why


def _text(file: Path) -> str:
    """A byte-order mark, which spreadsheets write, is no part of it."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as why:
        raise _unreadable(file, f"{why.strerror}") from why
    except UnicodeDecodeError as why:
        raise _unreadable(file, "it is not text in UTF-8") from why
    if not text.strip():
        raise _unreadable(file, "it is empty")
    return text


def _unreadable(file: Path, because: str) -> Missing:
    return Missing(
        because=f"The observations in {file} cannot be read: {because}.",
        way_out=EXAMPLE,
        code="observations_unreadable",
        where="individual",
    )


def _object(file: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(_text(file))
    except json.JSONDecodeError as why:
        raise _unreadable(file, f"it is not JSON, line {why.lineno}, column {why.colno}: {why.msg}") from why
    if not isinstance(told, dict):
        raise _unreadable(file, "it holds no object")
    return told


def _table(file: Path) -> Mapping[str, Any]:
    """Rows of observations; a kind that begins with `resting_` is the value before the first drop and needs no minute."""
    observations: list[dict[str, Any]] = []
    resting: dict[str, float] = {}
    for row, cells in _rows(file):
        if cells["kind"] in RESTING:
            resting[RESTING[cells["kind"]]] = _number(cells["value"], "value", row)
            continue
        numbers = {name: _number(cells[name], name, row) for name in ("at_min", "value")}
        below = cells.get("below", "").lower()
        if below not in TRUTHS:
            raise UnknownWord(f"answer in column below, row {row}", below, ("yes", "no"))
        observations.append({**cells, **numbers, "below": TRUTHS[below]})
    return {"observations": observations, "resting": resting}


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row as a spreadsheet counts it, its cells). refuses  a column nobody knows, one that is missing, and semicolons"""
    reader = csv.reader(io.StringIO(_text(file)))
    heads = [head.strip().lower() for head in next(reader)]
    if len(heads) == 1 and ";" in heads[0]:
        raise _unreadable(file, "its columns are parted by semicolons; save it with commas between columns and points in numbers")
    for head in heads:
        if head not in ALLOWED:
            raise UnknownWord("column of an observations file", head, ALLOWED)
    missing = next((name for name in NEEDED if name not in heads), None)
    if missing is not None:
        raise _unreadable(file, f"the column {missing} is missing")
    for row, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(heads):
            raise _unreadable(file, f"row {row} has more cells than the first row has names; write a point in numbers, not a comma")
        yield row, {head: cell.strip() for head, cell in zip(heads, cells, strict=False)} | dict.fromkeys(heads[len(cells) :], "")


def _number(text: str, column: str, row: int) -> float:
    try:
        return float(text)
    except ValueError:
        point = f" Write {text.replace(',', '.')}." if text.count(",") == 1 else " Write digits, with a point."
        raise Missing(
            because=f"Row {row}: {column} {text!r} is not a number.", way_out=point.strip(), code="cell_not_a_number", where="individual"
        ) from None

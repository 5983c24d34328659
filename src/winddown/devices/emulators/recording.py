"""A recorded bed played back: real numerics of an intensive-care monitor, one row a minute, with zeros for what was not connected."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from winddown.domain.refusals import Missing, OutOfRange, UnknownWord
from winddown.domain.wire.hl7v2.write import Sign

COLUMNS = {
    "HR (bpm)": "heart_rate",
    "PULSE (bpm)": "pulse_rate",
    "RESP (pm)": "respiratory_rate",
    "SpO2 (%)": "spo2",
    "NBPSys (mmHg)": "systolic",
    "NBPDias (mmHg)": "diastolic",
    "NBPMean (mmHg)": "mean_pressure",
    "ABPSys (mmHg)": "arterial_systolic",
    "ABPDias (mmHg)": "arterial_diastolic",
    "ABPMean (mmHg)": "arterial_mean",
}
_TIME = "t_min"
Row = tuple[float, tuple[tuple[str, float], ...]]


def packaged() -> dict[str, Path]:
    """The recordings that come with the program, by name."""
    folder = Path(str(files("winddown.devices.emulators"))) / "recordings"
    return {path.stem: path for path in sorted(folder.glob("*.csv"))}


def rows(name: str) -> tuple[Row, ...]:
    """Minute and values of every row; a cell that is empty was not measured, a zero stays a zero.

    name     one of `packaged`, or a path to a CSV with the same columns
    refuses  Missing for no such file, UnknownWord for a column, OutOfRange for a cell that is no number
    """
    path = packaged().get(name, Path(name))
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as why:
        known = ", ".join(packaged())
        raise Missing(because=f"No recording {name!r}.", way_out=f"Packaged: {known}; or give a path.", code="recording_missing") from why
    reader = csv.DictReader(text.splitlines())
    for column in reader.fieldnames or ():
        if column not in COLUMNS and column != _TIME:
            raise UnknownWord("recording column", column, COLUMNS)
    try:
        return tuple(_row(cells) for cells in reader)
    except (ValueError, TypeError, KeyError) as why:
        raise OutOfRange(because=f"The recording {name!r} holds a cell that is no number ({why}).", code="recording_cell") from why


def _row(cells: dict[str, str]) -> Row:
    signs = tuple((kind, float(cells[column])) for column, kind in COLUMNS.items() if cells.get(column))
    return float(cells[_TIME]), signs


class Recording:
    """Plays the rows in order, one for each time it is asked; the times are those of the playing, not of the recording."""

    def __init__(self, name: str, *, again: bool = False) -> None:
        self._rows, self._again = rows(name), again
        self._next: Iterator[Row] = iter(self._rows)
        self.finished = False

    def observe(self, at: datetime) -> Sequence[Sign] | None:
        row = next(self._next, None)
        if row is None and self._again and self._rows:
            self._next = iter(self._rows)
            row = next(self._next)
        if row is None:
            self.finished = True
            return None
        return [Sign(kind, value, at) for kind, value in row[1]]

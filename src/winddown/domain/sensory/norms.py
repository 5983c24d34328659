"""Published norms, where a clinic holds a license to them: read from its own file, laid beside a result, never invented.

The numeric tables are not ours to ship. Without a row that fits site, sex and age there is no z, only the number itself and the other
side of the same person.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from winddown.domain.refusals import Missing, OutOfRange, Refusal, UnknownWord
from winddown.domain.sensory.body import region_of
from winddown.domain.sensory.plan import form_of
from winddown.domain.sensory.score import NORMAL_Z, Measure, Result

COLUMNS = ("site", "sex", "age_low", "age_high", "parameter", "mean_log10", "sd_log10", "source")
SITES = ("face", "hand", "foot", "trunk")
SEXES = ("female", "male")
PARAMETERS: Mapping[str, Measure] = {"MPT": "mpt", "MPS": "mps", "WUR": "wur"}
LOWER_IS_MORE: frozenset[Measure] = frozenset(["mpt"])
OLDEST_YEARS = 120


@dataclass(frozen=True)
class NormRow:
    """Mean and SD of log10 of a measure in healthy people of one sex and an age span in full years, both ends included."""

    site: str
    sex: str
    age_low: int
    age_high: int
    parameter: str
    mean_log10: float
    sd_log10: float
    source: str

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    def fits(self, *, site: str, sex: str, age_years: int, measure: Measure) -> bool:
        return (self.site, self.sex, PARAMETERS[self.parameter]) == (site, sex, measure) and self.age_low <= age_years <= self.age_high


def read_norms(text: str) -> tuple[NormRow, ...]:
    """A CSV file with the columns of COLUMNS in its first line. Refuses by line what it cannot read, and two rows that claim one person."""
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
    if missing:
        raise Missing(
            because=f"The file has no column {', '.join(missing)}.",
            way_out=f"The first line must read {','.join(COLUMNS)}.",
            code="norms_columns",
            where="file",
        )
    rows = tuple(_row(number, line) for number, line in enumerate(lines, start=2))
    if not rows:
        raise Missing(because="The file has no rows.", way_out="Export the table again.", code="norms_empty", where="file")
    _refuse_overlap(rows)
    return rows


def _row(number: int, line: Mapping[str, str | None]) -> NormRow:
    told = {name: (line.get(name) or "").strip() for name in COLUMNS}
    try:
        for name, known in (("site", SITES), ("sex", SEXES), ("parameter", tuple(PARAMETERS))):
            if told[name] not in known:
                raise UnknownWord(name, told[name], known)
        row = NormRow(
            site=told["site"],
            sex=told["sex"],
            age_low=int(told["age_low"]),
            age_high=int(told["age_high"]),
            parameter=told["parameter"],
            mean_log10=float(told["mean_log10"]),
            sd_log10=float(told["sd_log10"]),
            source=told["source"],
        )
    except UnknownWord as unknown:
        raise Refusal(f"Line {number}: {unknown.because}", unknown.way_out, "norms_word", "file") from None
    except ValueError:
        raise Refusal(f"Line {number}: a number cannot be read.", "Use a point for decimals.", "norms_number", "file") from None
    _refuse_odd(number, row)
    return row


def _refuse_odd(number: int, row: NormRow) -> None:
    finite = math.isfinite(row.mean_log10) and math.isfinite(row.sd_log10)
    if not finite or row.sd_log10 <= 0 or not 0 <= row.age_low <= row.age_high <= OLDEST_YEARS:
        raise OutOfRange(
            because=f"Line {number}: ages {row.age_low} to {row.age_high}, SD {row.sd_log10:g} cannot be.",
            way_out="Ages rise, at most 120; an SD is above 0.",
            code="norms_range",
            where="file",
        )
    if not row.source:
        raise Missing(because=f"Line {number} names no source.", way_out="Say where the row comes from.", code="norms_source", where="file")


def _refuse_overlap(rows: Iterable[NormRow]) -> None:
    seen: dict[tuple[str, str, str], list[NormRow]] = {}
    for row in rows:
        for other in seen.setdefault((row.site, row.sex, row.parameter), []):
            if row.age_low <= other.age_high and other.age_low <= row.age_high:
                raise Refusal(
                    because=f"Two rows for {row.parameter}, {row.site}, {row.sex} share ages {max(row.age_low, other.age_low)} and up.",
                    way_out="One age belongs to one row.",
                    code="norms_overlap",
                    where="file",
                )
        seen[(row.site, row.sex, row.parameter)].append(row)


NO_NORMS = "No norms exist for this measure here."
SHORT_FORM = "A short form: published norms belong to the full test."
NO_ROW = "No licensed norm is loaded for this site, sex and age."
UNFINISHED = "The measure is not complete."
REASONS = (NO_NORMS, SHORT_FORM, NO_ROW, UNFINISHED)


@dataclass(frozen=True)
class Z:
    """How far from healthy people of the same age, sex and site; plus is more sensitive. `why` when there is none."""

    value: float | None
    source: str = ""
    why: str = ""

    @property
    def outside(self) -> bool:
        return self.value is not None and abs(self.value) > NORMAL_Z.value


def z_of(measure: Measure, found: Result, rows: Iterable[NormRow], *, form: str, region: str, sex: str, age_years: int) -> Z:
    """z = (log10 x - mean) / SD, with its sign turned for thresholds so that plus is a gain of function (ROL06).

    None, with the reason: a short form, skin without norms, no fitting row, an unfinished measure, or a result at the floor.
    """
    if measure not in PARAMETERS.values():
        return Z(None, why=NO_NORMS)
    if not form_of(form).norms:
        return Z(None, why=SHORT_FORM)
    site = region_of(region).skin
    row = next((row for row in rows if row.fits(site=site, sex=sex, age_years=age_years, measure=measure)), None)
    if row is None:
        return Z(None, why=NO_ROW)
    if found.value is None or found.value <= 0 or not found.complete:
        return Z(None, why=UNFINISHED)
    away = (math.log10(found.value) - row.mean_log10) / row.sd_log10
    return Z(-away if measure in LOWER_IS_MORE else away, row.source)

"""The two-dimensional code on a vial: GS1 element strings, as a camera, a reader or a person gives them.

A code carries which product it is (01), until when (17), which lot (10) and which single thing (21). Elements of fixed length follow each
other; one of variable length ends at the separator (FNC1, sent as the group separator) or at the end of the code. What cannot be read with
certainty is refused: a wrong strength that was scanned would be believed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from winddown.domain.refusals import Missing, Refusal, UnknownWord

SEPARATOR = "\x1d"
SYMBOLOGIES = ("]d2", "]C1", "]Q3", "]e0", "]J1")
GTIN, LOT, MADE, BEST_BEFORE, EXPIRES, SERIAL = "01", "10", "11", "15", "17", "21"
_FIXED: Mapping[str, int] = {GTIN: 14, "02": 14, MADE: 6, "13": 6, BEST_BEFORE: 6, "16": 6, EXPIRES: 6, "20": 2}
_VARIABLE: Mapping[str, int] = {
    LOT: 20,
    SERIAL: 20,
    "22": 20,
    "30": 8,
    "37": 8,
    "240": 30,
    "241": 30,
    "250": 30,
    "710": 20,
    "711": 20,
    "714": 20,
}
_SPOKEN = re.compile(r"\((\d{2,4})\)")
_ALLOWED = re.compile(r"[!-\"%-?A-Z_a-z]+")
_LOOK_BACK_YEARS = 49


@dataclass(frozen=True)
class Scan:
    """What one code says. Empty where it says nothing."""

    gtin: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None

    @property
    def ndc_digits(self) -> str:
        """The ten digits of a US national drug code inside the GTIN, without its hyphens; empty where the GTIN holds none."""
        return self.gtin[3:13] if self.gtin[1:3] == "03" else ""


def read(text: str, *, today: date) -> Scan:
    """The elements of one code.

    text     as a reader sends it (with or without its symbology identifier), or as printed under the code, with brackets
    today    decides the century of a year of two digits: at most 49 years back and 50 ahead
    refuses  an unknown element, a wrong check digit, a date that is none, a code without an end between two variable elements
    """
    code = text.strip().removeprefix("\ufeff")
    code = code.replace("<GS>", SEPARATOR).replace("{GS}", SEPARATOR).replace("\u241d", SEPARATOR)
    if not code:
        raise Missing(
            because="Nothing was scanned.", way_out="Scan the square code on the vial or its box.", code="scan_empty", where="scan"
        )
    code = next((code[3:] for mark in SYMBOLOGIES if code.startswith(mark)), code).lstrip(SEPARATOR)
    elements: dict[str, str] = {}
    for identifier, value in _spoken(code) if code.startswith("(") else _sent(code):
        if elements.get(identifier, value) != value:
            raise _unreadable(f"The code says ({identifier}) twice, differently")
        elements[identifier] = value
    gtin = elements.get(GTIN, "")
    if gtin and not check_digit_holds(gtin):
        raise Refusal(
            because=f"The product number {gtin} fails its check digit.",
            way_out="Scan again; do not type it from memory.",
            code="scan_check_digit",
            where="scan",
        )
    expires = elements.get(EXPIRES)
    return Scan(gtin, elements.get(LOT, ""), elements.get(SERIAL, ""), _day(expires, today) if expires else None)


def check_digit_holds(digits: str) -> bool:
    """The last digit of a GTIN: weights 3 and 1 from the right, the sum a multiple of ten."""
    body = [int(each) for each in reversed(digits[:-1])]
    total = sum(each * (3 if place % 2 == 0 else 1) for place, each in enumerate(body))
    return (total + int(digits[-1])) % 10 == 0


def _spoken(code: str) -> Iterator[tuple[str, str]]:
    pieces = _SPOKEN.split(code)
    if pieces[0].strip():
        raise _unreadable(f"{code[:20]!r} does not begin with an element")
    for identifier, value in zip(pieces[1::2], pieces[2::2], strict=True):
        yield identifier, _checked(identifier, value.strip().strip(SEPARATOR))


def _sent(code: str) -> Iterator[tuple[str, str]]:
    rest = code
    while rest:
        identifier = next((each for each in (*_FIXED, *_VARIABLE) if rest.startswith(each)), None)
        if identifier is None:
            raise UnknownWord("element of the code", rest[:4], [*_FIXED, *_VARIABLE])
        rest = rest[len(identifier) :]
        if identifier in _FIXED:
            value, rest = rest[: _FIXED[identifier]], rest[_FIXED[identifier] :].removeprefix(SEPARATOR)
        else:
            value, _, rest = rest.partition(SEPARATOR)
        yield identifier, _checked(identifier, value)


def _checked(identifier: str, value: str) -> str:
    if identifier in _FIXED:
        if len(value) != _FIXED[identifier] or not value.isascii() or not value.isdigit():
            raise _unreadable(f"({identifier}) needs {_FIXED[identifier]} digits and has {value!r}")
        return value
    if identifier not in _VARIABLE:
        raise UnknownWord("element of the code", identifier, [*_FIXED, *_VARIABLE])
    if not 0 < len(value) <= _VARIABLE[identifier] or not _ALLOWED.fullmatch(value):
        raise _unreadable(
            f"({identifier}) {value!r} is not 1 to {_VARIABLE[identifier]} characters of a code; the separator may be missing"
        )
    return value


def _day(text: str, today: date) -> date:
    """YYMMDD. A day of 00 means the last day of the month."""
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    year += today.year - today.year % 100
    year += 100 if year < today.year - _LOOK_BACK_YEARS else -100 if year > today.year + 100 - _LOOK_BACK_YEARS - 1 else 0
    if not 1 <= month <= 12:
        raise _unreadable(f"The date {text} has no such month")
    last = monthrange(year, month)[1]
    if day > last:
        raise _unreadable(f"The date {text} has no such day")
    return date(year, month, day or last)


def _unreadable(because: str) -> Refusal:
    return Refusal(
        because=f"{because}.",
        way_out="Scan again. If the reader drops the separator, type the lot and the date from the label.",
        code="scan_unreadable",
        where="scan",
    )

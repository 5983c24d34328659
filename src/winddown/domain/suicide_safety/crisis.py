"""Crisis lines by country, as data. What is shown to a patient before and after a question about suicide.

Numbers change: each carries where it was read and whether that was checked, and the clinic confirms those of its own country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winddown.domain.figures import Status
from winddown.domain.refusals import UnknownWord


@dataclass(frozen=True)
class CrisisLine:
    """One way to reach a person now.

    number   as it is dialed; digits only reach a telephone
    ways     how it can be used: call, text
    """

    name: str
    number: str
    ways: tuple[str, ...]
    source: str
    status: Status

    @property
    def dial(self) -> str:
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Country:
    code: str
    name: str
    emergency: CrisisLine
    lines: tuple[CrisisLine, ...]


def _emergency(number: str, source: str, status: Status = "unverified") -> CrisisLine:
    return CrisisLine("Emergency services", number, ("call",), source, status)


COUNTRIES: Mapping[str, Country] = {
    country.code: country
    for country in (
        Country(
            "US",
            "United States",
            _emergency("911", "fcc.gov 911", "published"),
            (CrisisLine("988 Suicide & Crisis Lifeline", "988", ("call", "text"), "988lifeline.org", "published"),),
        ),
        Country(
            "CA",
            "Canada",
            _emergency("911", "canada.ca 911"),
            (CrisisLine("9-8-8 Suicide Crisis Helpline", "988", ("call", "text"), "988.ca", "unverified"),),
        ),
        Country(
            "MX",
            "Mexico",
            _emergency("911", "gob.mx 911"),
            (CrisisLine("Línea de la Vida", "800 911 2000", ("call",), "gob.mx", "unverified"),),
        ),
        Country("ES", "Spain", _emergency("112", "112.es"), (CrisisLine("Línea 024", "024", ("call",), "sanidad.gob.es", "unverified"),)),
        Country(
            "GB",
            "United Kingdom",
            _emergency("999", "gov.uk 999"),
            (CrisisLine("Samaritans", "116 123", ("call",), "samaritans.org", "unverified"),),
        ),
    )
}


def country_of(code: str) -> Country:
    """The country, or UnknownWord: no default, since a wrong number is worse than none."""
    country = COUNTRIES.get(code)
    if country is None:
        raise UnknownWord("country", code, COUNTRIES)
    return country

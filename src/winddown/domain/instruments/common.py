"""What several instruments share: answer lists, spans, and the plain sentences about licenses."""

from __future__ import annotations

from winddown.domain.figures import Figure, Status
from winddown.domain.instruments.instrument import Band, Level, License, Translation, both, choices

FREQUENCY = choices(
    (0, "Not at all", "Ningún día", "LA6568-5"),
    (1, "Several days", "Varios días", "LA6569-3"),
    (2, "More than half the days", "Más de la mitad de los días", "LA6570-1"),
    (3, "Nearly every day", "Casi todos los días", "LA6571-9"),
)
YES_NO = choices((1, "Yes", "Sí"), (0, "No", "No"))

LAST_TWO_WEEKS = both("the last 2 weeks", "las últimas 2 semanas")
LAST_WEEK = both("the last 7 days", "los últimos 7 días")
LAST_DAY = both("the last 24 hours", "las últimas 24 horas")
LAST_MONTH = both("the last month", "el último mes")
NOW = both("now", "ahora")

ORIGINAL = Translation("en", "original")
OWN_ENGLISH = Translation("en", "own", "written for Winddown")
OWN_SPANISH = Translation("es", "own", "written for Winddown with care; not a validated translation")
SPANISH_AS_COMMONLY_PRINTED = Translation(
    "es", "unverified", "as commonly printed in the United States; not compared with the publisher's sheet"
)

OWN = License("own", "Written for Winddown; free like the program.", "Winddown")


def permission(owner: str, source: str) -> License:
    """An instrument whose words belong to somebody: the score can be entered, the text is brought by the clinic."""
    return License("permission", f"{owner}. The words are not shipped; the clinic imports its own licensed text.", source)


def every(days: float, why: str, source: str = "", status: Status = "derived") -> Figure:
    """The least time between two answers."""
    return Figure(days, "d", f"{why}{f'; {source}' if source else ''}", status)


def bands(source: str, status: Status, unit: str, *rows: tuple[str, float, str, str, Level]) -> tuple[Band, ...]:
    """Bands from rows of (key, start, English, Spanish, level), lowest first."""
    return tuple(
        Band(key, Figure(start, unit, source, status), both(english, spanish), level) for key, start, english, spanish, level in rows
    )


def points(value: float, source: str, status: Status = "published", unit: str = "{score}") -> Figure:
    return Figure(value, unit, source, status)


def percent(value: float, source: str, status: Status = "published") -> Figure:
    return Figure(value, "%", source, status)

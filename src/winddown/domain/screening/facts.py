"""What is known of one patient when the rules run, and the narrow view each rule gets of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from winddown.domain.days import in_words
from winddown.domain.figures import Figure
from winddown.domain.refusals import UnknownWord
from winddown.domain.screening.data import item_of
from winddown.domain.screening.medicines import Medicine
from winddown.domain.sessions.blocks import TRACKS, Track

Moment = Literal["first", "series", "day"]
Route = Literal["iv", "oral"]
MOMENTS: tuple[Moment, ...] = ("first", "series", "day")
ROUTES: tuple[Route, ...] = ("iv", "oral")


@dataclass(frozen=True)
class Known:
    """One answer: its value, when it was so, and who said it."""

    value: Any
    on: date | None = None
    by: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything a run is given.

    known      answers by item key; an item that is not there is not on file
    medicines  what the patient takes, each recognized or not; None where nobody asked
    track      pain or mood; route: of the ketamine; moment: first screening, a new series, or the day of treatment
    """

    known: Mapping[str, Known]
    today: date
    medicines: tuple[Medicine, ...] | None = None
    track: Track = "pain"
    route: Route = "iv"
    moment: Moment = "first"

    def __post_init__(self) -> None:
        for word, value, table in (("track", self.track, TRACKS), ("route", self.route, ROUTES), ("moment", self.moment, MOMENTS)):
            if value not in table:
                raise UnknownWord(word, value, table)

    def as_data(self) -> dict[str, Any]:
        """Plain data: what a run keeps of its inputs."""
        return {
            "today": self.today.isoformat(),
            "track": self.track,
            "route": self.route,
            "moment": self.moment,
            "known": {key: _plain(known) for key, known in sorted(self.known.items())},
            "medicines": None if self.medicines is None else [each.as_data() for each in self.medicines],
        }


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of plain data in one fixed spelling."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


def _plain(known: Known) -> dict[str, Any]:
    value = known.value.isoformat() if isinstance(known.value, date) else known.value
    return {"value": value, "on": known.on.isoformat() if known.on else None, "by": known.by}


class UndeclaredItem(LookupError):
    """A rule read something that it does not declare in `needs`."""


@dataclass
class View:
    """The facts as one rule may see them. What it asks for and is not on file is remembered: missing data is a finding of its own."""

    facts: Facts
    needs: frozenset[str]
    limits: Mapping[str, Figure]
    missing: list[str] = field(default_factory=list)

    def _value(self, key: str) -> Any:
        if key not in self.needs:
            raise UndeclaredItem(key)
        item_of(key)
        known = self.facts.known.get(key)
        if known is None:
            if key not in self.missing:
                self.missing.append(key)
            return None
        return known.value

    def yes(self, key: str) -> bool:
        """Whether the answer is yes. Not on file is not yes, and is told apart as missing."""
        return self._value(key) is True

    def no(self, key: str) -> bool:
        return self._value(key) is False

    def word(self, key: str) -> str:
        """The chosen word, empty where it is not on file."""
        value = self._value(key)
        return "" if value is None else str(value)

    def has(self, key: str) -> bool:
        """Whether an answer is on file, without calling it missing where it is not."""
        if key not in self.needs:
            raise UndeclaredItem(key)
        return key in self.facts.known

    def number(self, key: str) -> float | None:
        value = self._value(key)
        return None if value is None else float(value)

    def day(self, key: str) -> date | None:
        value = self._value(key)
        return value if isinstance(value, date) else None

    def said(self, key: str) -> str:
        """When the answer was given, for the sentence; empty where nobody dated it."""
        known = self.facts.known.get(key) if key in self.needs else None
        return f", {in_words(known.on)}" if known is not None and known.on is not None else ""

    def taking(self, *classes: str) -> list[Medicine]:
        """The medicines on the list that belong to any of these classes."""
        found = self._medicines()
        return [each for each in found if each.classes & set(classes)]

    def unrecognized(self) -> list[Medicine]:
        return [each for each in self._medicines() if not each.recognized]

    def _medicines(self) -> tuple[Medicine, ...]:
        if "medicines" not in self.needs:
            raise UndeclaredItem("medicines")
        if self.facts.medicines is None:
            if "medicines" not in self.missing:
                self.missing.append("medicines")
            return ()
        return self.facts.medicines

    def limit(self, name: str) -> Figure:
        return self.limits[name]

    @property
    def today(self) -> date:
        return self.facts.today

    @property
    def track(self) -> Track:
        return self.facts.track

    @property
    def route(self) -> Route:
        return self.facts.route

"""What hides a person from a researcher: new numbers for everything, dates moved, the oldest together, what is rare withheld."""

from __future__ import annotations

import csv
import os
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from winddown.domain.outcomes.disclosure import LEAST_SHOWN

OLDEST_YEARS, YEARS_TOGETHER = 90, 5
MOST_DAYS, MOST_MINUTES = 364, 180
FEWEST = int(LEAST_SHOWN.value)
WITHHELD = f"withheld: fewer than {FEWEST} persons"


@dataclass
class Mask:
    """One drawing of numbers for one export. Without it (`hides` false) everything is as it is.

    Each person gets a new number and a span that all of their times go back by (1 to 365 days and up to three hours more, so that neither
    the day nor the hour of a visit can be looked up); each row of each table gets a new number. What person stands behind a number is in
    `people` and `back` alone: the key, which stays with the practice.
    """

    hides: bool
    at: datetime
    people: dict[int, int] = field(default_factory=dict)
    back: dict[int, timedelta] = field(default_factory=dict)
    rows: dict[tuple[str, int], int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def person(self, pk: int) -> int:
        if not self.hides:
            return pk
        if pk not in self.people:
            self.back[pk] = timedelta(days=1 + secrets.randbelow(MOST_DAYS), minutes=secrets.randbelow(MOST_MINUTES))
            self.people[pk] = self._fresh()
        return self.people[pk]

    def row(self, table: str, number: int) -> int:
        """A row's number: its own, or one drawn by chance that says nothing of when it was written."""
        if not self.hides:
            return number
        if (table, number) not in self.rows:
            self.rows[table, number] = self._fresh()
        return self.rows[table, number]

    def moment(self, pk: int, at: datetime) -> datetime:
        """Without a zone, in UTC, as the model wants it; moved back by this person's span. Never into the future."""
        self.person(pk)
        return (at - self.back.get(pk, timedelta(0))).astimezone(UTC).replace(tzinfo=None)

    def born(self, on: date) -> tuple[int, int | None, int | None]:
        """Year, month and day; for researchers the first year of five, and one year for all of 90 and over."""
        if not self.hides:
            return on.year, on.month, on.day
        year = max(on.year, self.at.year - OLDEST_YEARS)
        return year - year % YEARS_TOGETHER, None, None

    def _fresh(self) -> int:
        while (number := 100_000 + secrets.randbelow(2_000_000_000)) in self.taken:
            pass
        self.taken.add(number)
        return number

    def write_key(self, path: Path, record_numbers: dict[int, str]) -> None:
        """Who stands behind each number, and how far their times were moved: readable by the file's owner alone."""
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", newline="", encoding="utf-8") as file:
            sheet = csv.writer(file)
            sheet.writerow(["person_id", "record_number", "moved_back_minutes"])
            sheet.writerows(
                [number, record_numbers.get(pk, ""), round(self.back[pk] / timedelta(minutes=1))] for pk, number in self.people.items()
            )


@dataclass(frozen=True)
class Common:
    """Which words stand for enough persons to be said to a researcher."""

    persons: dict[str, int]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]]) -> Common:
        """pairs: a word and the person it is said of."""
        found: dict[str, set[int]] = defaultdict(set)
        for word, person in pairs:
            found[word].add(person)
        return cls({word: len(persons) for word, persons in found.items()})

    def __contains__(self, word: str) -> bool:
        return self.persons.get(word, 0) >= FEWEST

    def code(self, icd10: str) -> str | None:
        """A diagnosis as exact as enough persons share it: its code, its category of three signs, or nothing."""
        category = icd10[:3]
        return icd10 if icd10 in self else category if self.persons.get(f"{category}*", 0) >= FEWEST else None

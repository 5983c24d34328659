"""What an instrument is: its questions, how they are scored, what the score means, and on whose license its words are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal

from winddown.domain.figures import Figure
from winddown.domain.refusals import OutOfRange, UnknownWord

Words = Mapping[str, str]
Kind = Literal["choice", "slider", "number", "words"]
Level = Literal["calm", "watch", "act"]
Worse = Literal["higher", "lower", "neither"]
Rater = Literal["patient", "clinician", "either"]

TOTAL = "total"
LONGEST_WORDS = 2000


def said(words: Words, language: str) -> str:
    """The text in that language, else in English, else in whatever language there is; empty when there is none."""
    return words.get(language) or words.get(language.split("-")[0]) or words.get("en") or next(iter(words.values()), "")


@dataclass(frozen=True)
class Choice:
    """One answer that can be tapped. `code` is its LOINC answer code where one is known."""

    value: int
    words: Words
    code: str = ""


@dataclass(frozen=True)
class Asked:
    """The item is asked only when another one was answered with at least this."""

    key: str
    at_least: float


@dataclass(frozen=True)
class Item:
    """One question.

    words      its text by language; empty where the license does not let us ship it
    choices    what can be tapped, for `choice`
    low, high  the ends of a slider or number, both allowed; `step` is what the scale distinguishes
    ends       what the two ends of a slider mean
    optional   an empty answer is no missing answer
    asked      asked only after a certain answer to another item; not asked is not missing
    crisis_from  from this answer on, help in a crisis is shown at once
    """

    key: str
    words: Words = field(default_factory=dict)
    kind: Kind = "choice"
    choices: tuple[Choice, ...] = ()
    low: float = 0
    high: float = 0
    step: float = 1
    ends: tuple[Words, Words] = ({}, {})
    unit: str = ""
    loinc: str = ""
    optional: bool = False
    asked: Asked | None = None
    crisis_from: float | None = None
    note: Words = field(default_factory=dict)

    def is_asked(self, values: Mapping[str, float]) -> bool:
        """Whether this question comes up, given what was answered so far."""
        return self.asked is None or values.get(self.asked.key, float("-inf")) >= self.asked.at_least

    def read(self, raw: object) -> float | str:
        """The answer as a number, or the words of a `words` item. Refuses OutOfRange for what is no answer to this item."""
        if self.kind == "words":
            return str(raw).strip()[:LONGEST_WORDS]
        value = _number(raw)
        allowed = value is not None and (
            value in {choice.value for choice in self.choices} if self.kind == "choice" else self.low <= value <= self.high
        )
        if value is None or not allowed:
            raise OutOfRange(f"{self.key}: {raw!r} is no answer to this question.", way_out=self._allowed(), code="answer", where=self.key)
        return value

    def _allowed(self) -> str:
        if self.kind == "choice":
            return f"Choose one of {', '.join(str(choice.value) for choice in self.choices)}."
        return f"A number from {self.low:g} to {self.high:g}."


@dataclass(frozen=True)
class Band:
    """A span of the score, from `start` up to where the next band begins."""

    key: str
    start: Figure
    words: Words
    level: Level = "calm"


@dataclass(frozen=True)
class Change:
    """What counts as a change, against the patient's own baseline. None: no figure was found, and none is invented.

    important, substantial   in points of the score; the `_percent` ones in percent of the baseline
    reliable                 points beyond the error of the instrument itself
    response_percent         fall from the baseline that is called a response
    remission_below          a score under this is called remission; `remission_at_most` where the limit itself counts
    percent_from             percent change is judged only from this baseline upward: a fall from 1 to 0 is not minus 100 %
    """

    important: Figure | None = None
    important_percent: Figure | None = None
    substantial: Figure | None = None
    substantial_percent: Figure | None = None
    reliable: Figure | None = None
    response_percent: Figure | None = None
    remission_below: Figure | None = None
    remission_at_most: Figure | None = None
    percent_from: Figure | None = None


@dataclass(frozen=True)
class License:
    """On what terms the words may be shown: `free`, `own` (written for Winddown), or `permission` (the clinic brings the text)."""

    kind: Literal["free", "own", "permission"]
    words: str
    source: str


@dataclass(frozen=True)
class Translation:
    """How well founded the text of one language is."""

    language: str
    status: Literal["original", "own", "unverified", "imported"]
    words: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a scoring rule makes of the answers.

    value      the score; None when it cannot be given
    lacking    items without which it cannot be given, or that were filled in by the published rule when `prorated`
    parts      subscores by key
    findings   keys of statements that follow, e.g. `criteria_met`
    """

    value: float | None
    lacking: tuple[str, ...] = ()
    prorated: bool = False
    parts: Mapping[str, float] = field(default_factory=dict)
    findings: tuple[str, ...] = ()


Rule = Callable[[Mapping[str, float]], Outcome]


@dataclass(frozen=True)
class Instrument:
    """One version of one instrument. The version is stored with every answer; a change of words, items or scoring is a new version.

    low, high              the range of the score, in `unit`
    recall                 the time the questions look back over; `recall_days` for comparing two instruments
    minimum_interval_days  asked again sooner, the answers overlap: the form is not due
    takes_total            staff may enter the total of a paper form instead of its items
    findings               words of the statements a rule can make
    """

    key: str
    version: str
    name: Words
    purpose: Words
    items: tuple[Item, ...]
    rule: Rule
    low: float
    high: float
    license: License
    recall: Words
    recall_days: float
    minimum_interval_days: Figure
    intro: Words = field(default_factory=dict)
    unit: str = "{score}"
    worse: Worse = "higher"
    rater: Rater = "patient"
    bands: tuple[Band, ...] = ()
    change: Change = field(default_factory=Change)
    takes_total: bool = False
    positive_from: Figure | None = None
    parts: Mapping[str, Words] = field(default_factory=dict)
    findings: Mapping[str, Words] = field(default_factory=dict)
    loinc_panel: str = ""
    loinc_score: str = ""
    translations: tuple[Translation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.key}/{self.version}"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which every item has its text."""
        told = [set(item.words) for item in self.items]
        return tuple(sorted(set.intersection(*told))) if told else ()

    @property
    def has_text(self) -> bool:
        return bool(self.languages)

    def item(self, key: str) -> Item:
        for item in self.items:
            if item.key == key:
                return item
        raise UnknownWord(f"item of {self.key}", key, [item.key for item in self.items])

    def band(self, value: float | None) -> Band | None:
        """The band a score falls in: the last one that starts at or below it."""
        if value is None:
            return None
        reached = [band for band in self.bands if value >= band.start.value]
        return reached[-1] if reached else None


def choices(*rows: tuple[int, str, str] | tuple[int, str, str, str]) -> tuple[Choice, ...]:
    """Choices from rows of (value, English, Spanish[, code])."""
    return tuple(Choice(row[0], {"en": row[1], "es": row[2]}, row[3] if len(row) == 4 else "") for row in rows)


def both(english: str, spanish: str) -> Words:
    return {"en": english, "es": spanish}


def _number(raw: object) -> float | None:
    """A finite number, however it was written; None for anything else. Yes and no are 1 and 0."""
    if isinstance(raw, bool):
        return float(raw)
    try:
        value = Decimal(str(raw).strip())
    except InvalidOperation:
        return None
    return float(value) if value.is_finite() else None

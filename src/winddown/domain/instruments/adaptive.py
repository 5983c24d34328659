"""An adaptive questionnaire: the next question is the one that tells most about this person, and it stops when enough is known.

Graded response model: the chance of answering in category k or above is a logistic curve of the trait with the item's own discrimination
and threshold. The estimate is the mean of the posterior on a grid (EAP) under a standard normal prior, its standard error the posterior's
spread. Reported as T = 50 + 10 * trait. Item parameters are licensed and are never shipped: a clinic brings its bank as a JSON file:

    {"bank": "bank-name", "version": "1", "name": "...", "language": "en", "recall": "...", "recall_days": 7, "worse": "higher",
     "intro": "...", "stop": {"standard_error": 3, "least": 4, "most": 12},
     "items": [{"key": "i1", "words": "...", "answers": ["...", "..."], "a": 2.1, "b": [0.4]}, ...]}
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from winddown.domain.figures import Figure
from winddown.domain.instruments.instrument import Choice, Instrument, Item, License, Outcome, Translation
from winddown.domain.refusals import Missing, Refusal, UnknownWord

LOW, HIGH, STEP = -4.0, 4.0, 0.05
LARGEST_BYTES = 1_000_000
PREFIX = "bank-"
_KEYS = {"bank", "version", "name", "language", "recall", "recall_days", "worse", "intro", "stop", "items"}


@dataclass(frozen=True)
class BankItem:
    """One item: its words, its answers from the lowest category up, discrimination `a`, rising thresholds `b` (one fewer than answers)."""

    key: str
    words: str
    answers: tuple[str, ...]
    a: float
    b: tuple[float, ...]


@dataclass(frozen=True)
class Stop:
    """Enough is known when the standard error (of T) is at most this, after at least `least` items; never more than `most`."""

    standard_error: float
    least: int
    most: int


@dataclass(frozen=True)
class Bank:
    """A calibrated bank in one language. `worse`: whether a higher trait is worse."""

    key: str
    version: str
    name: str
    language: str
    recall: str
    recall_days: float
    worse: str
    intro: str
    stop: Stop
    items: tuple[BankItem, ...]
    sha256: str

    def item(self, key: str) -> BankItem:
        for item in self.items:
            if item.key == key:
                return item
        raise UnknownWord(f"item of {self.key}", key, [item.key for item in self.items])


@dataclass(frozen=True)
class Estimate:
    """What is known after some answers: T and its standard error."""

    t: float
    standard_error: float


def chances(item: BankItem, trait: float) -> tuple[float, ...]:
    """The chance of each answer at this trait; they add up to one."""
    above = [1.0, *(_logistic(item.a * (trait - threshold)) for threshold in item.b), 0.0]
    return tuple(above[k] - above[k + 1] for k in range(len(above) - 1))


def information(item: BankItem, trait: float) -> float:
    """Fisher information of one item at this trait: how much an answer would tell."""
    above = [1.0, *(_logistic(item.a * (trait - threshold)) for threshold in item.b), 0.0]
    slopes = [item.a * p * (1 - p) for p in above]
    total = 0.0
    for k in range(len(above) - 1):
        chance = above[k] - above[k + 1]
        if chance > 1e-12:
            total += (slopes[k] - slopes[k + 1]) ** 2 / chance
    return total


def estimate(bank: Bank, answers: Mapping[str, int]) -> Estimate:
    """T and its standard error. `answers`: category from 0 by item key; none at all gives the prior."""
    grid, weights = _posterior(bank, answers)
    mean = sum(weight * trait for trait, weight in zip(grid, weights, strict=True))
    spread = math.sqrt(max(0.0, sum(weight * (trait - mean) ** 2 for trait, weight in zip(grid, weights, strict=True))))
    return Estimate(50 + 10 * mean, 10 * spread)


def next_item(bank: Bank, answers: Mapping[str, int], *, skipped: Sequence[str] = ()) -> BankItem | None:
    """The item that tells most where this person is thought to be; None when enough is known or nothing is left."""
    left = [item for item in bank.items if item.key not in answers and item.key not in skipped]
    if not left or len(answers) >= bank.stop.most:
        return None
    known = estimate(bank, answers)
    if len(answers) >= bank.stop.least and known.standard_error <= bank.stop.standard_error:
        return None
    trait = (known.t - 50) / 10
    return max(left, key=lambda item: (information(item, trait), item.key))


def as_instrument(bank: Bank, *, license_words: str) -> Instrument:
    """The bank as an instrument of the house: its score is T, with the standard error beside it."""
    items = tuple(
        Item(
            item.key,
            {bank.language: item.words},
            choices=tuple(Choice(value, {bank.language: words}) for value, words in enumerate(item.answers)),
            optional=True,
        )
        for item in bank.items
    )
    return Instrument(
        key=bank.key,
        version=bank.version,
        name={bank.language: bank.name},
        purpose={bank.language: bank.name},
        items=items,
        rule=lambda values: _outcome(bank, values),
        low=10,
        high=90,
        license=License("permission", license_words, "brought by the clinic"),
        recall={bank.language: bank.recall},
        recall_days=bank.recall_days,
        minimum_interval_days=Figure(bank.recall_days, "d", "asks about this span", "derived"),
        intro={bank.language: bank.intro} if bank.intro else {},
        unit="T",
        worse="lower" if bank.worse == "lower" else "higher",
        parts={"standard_error": {"en": "standard error of T", "es": "error estándar de T"}},
        translations=(Translation(bank.language, "imported", f"digest {bank.sha256[:12]}"),),
        notes=("Adaptive: each person is asked other questions; T scores compare, single answers do not.",),
    )


def read(file: bytes) -> Bank:
    """The bank in a file. Refuses with what is wrong and where: unknown keys, thresholds that do not rise, a stop rule that cannot be."""
    data = _json(file)
    for key in data:
        if key not in _KEYS:
            raise UnknownWord("key in the bank", key, _KEYS)
    absent = sorted(_KEYS - {"intro"} - set(data))
    if absent:
        raise Missing(because=f"The bank lacks {', '.join(absent)}.", way_out="See the manual for the file.", code="bank", where="file")
    if not str(data["bank"]).startswith(PREFIX) or not str(data["bank"]).replace("-", "").isalnum():
        raise _bad(f"The bank is called {data['bank']!r}.", f"Begin its name with {PREFIX} and use letters, digits and dashes.")
    items = tuple(_item(row) for row in data["items"])
    if len({item.key for item in items}) != len(items) or not items:
        raise _bad("Items are missing or named twice.", "Give each item its own key.")
    stop = _stop(data["stop"], len(items))
    words = {name: str(data.get(name, "")).strip() for name in ("version", "name", "language", "recall", "worse", "intro")}
    if words["worse"] not in ("higher", "lower"):
        raise UnknownWord("direction of the bank", words["worse"], ("higher", "lower"))
    digest = hashlib.sha256(file).hexdigest()
    return Bank(key=str(data["bank"]), recall_days=float(data["recall_days"]), stop=stop, items=items, sha256=digest, **words)


def _outcome(bank: Bank, values: Mapping[str, float]) -> Outcome:
    if not values:
        return Outcome(None, (bank.items[0].key,))
    known = estimate(bank, {key: int(value) for key, value in values.items()})
    return Outcome(round(known.t, 1), parts={"standard_error": round(known.standard_error, 2)})


def _posterior(bank: Bank, answers: Mapping[str, int]) -> tuple[list[float], list[float]]:
    grid = [LOW + STEP * n for n in range(round((HIGH - LOW) / STEP) + 1)]
    logs = [-trait * trait / 2 for trait in grid]
    for key, category in answers.items():
        item = bank.item(key)
        logs = [told + math.log(max(chances(item, trait)[category], 1e-300)) for told, trait in zip(logs, grid, strict=True)]
    highest = max(logs)
    weights = [math.exp(told - highest) for told in logs]
    total = sum(weights)
    return grid, [weight / total for weight in weights]


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _json(file: bytes) -> dict[str, Any]:
    if len(file) > LARGEST_BYTES:
        raise _bad(f"The file has {len(file)} bytes, at most {LARGEST_BYTES} are read.", "Bring one bank in one file.")
    try:
        data = json.loads(file.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as why:
        raise _bad(f"The file is no JSON: {why}.", "See the manual for the file.") from None
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise _bad("The file is no bank.", "See the manual for the file.")
    return data


def _item(row: object) -> BankItem:
    if not isinstance(row, dict) or set(row) != {"key", "words", "answers", "a", "b"}:
        raise _bad("An item needs key, words, answers, a and b, and nothing else.", "See the manual for the file.")
    try:
        item = BankItem(
            str(row["key"]),
            str(row["words"]).strip(),
            tuple(str(one) for one in row["answers"]),
            float(row["a"]),
            tuple(float(one) for one in row["b"]),
        )
    except (TypeError, ValueError):
        raise _bad(f"Item {row.get('key')!r}: a and b are numbers.", "Copy them from the license's table.") from None
    rising = all(one < other for one, other in zip(item.b, item.b[1:], strict=False))
    if not item.words or len(item.answers) < 2 or len(item.b) != len(item.answers) - 1 or not rising or not 0 < item.a < 20:
        raise _bad(f"Item {item.key}: words, at least two answers, one threshold fewer, rising, and a above 0.", "Copy it again.")
    return item


def _stop(row: object, items: int) -> Stop:
    try:
        stop = Stop(float(row["standard_error"]), int(row["least"]), int(row["most"]))  # type: ignore[index]
    except (TypeError, KeyError, ValueError):
        raise _bad("The stop rule needs standard_error, least and most.", "For example 3, 4 and 12.") from None
    if not (stop.standard_error > 0 and 1 <= stop.least <= stop.most <= items):
        raise _bad("The stop rule cannot be.", f"1 <= least <= most <= {items}, and a standard error above 0.")
    return stop


def _bad(because: str, way_out: str) -> Refusal:
    return Refusal(because=because, way_out=way_out, code="bank", where="file")

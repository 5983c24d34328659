"""From what was typed or tapped to the answer as it is kept: one plain value per kind of item."""

from __future__ import annotations

from datetime import date
from typing import Any

from winddown.domain.refusals import OutOfRange, UnknownWord
from winddown.domain.screening.data import Item

WORDS = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


def read_answer(item: Item, value: Any) -> Any:
    """The value as the record keeps it; None where nothing was answered. What it cannot be is refused, with the bounds."""
    if value is None or value == "":
        return None
    if item.kind == "yes_no":
        return _yes_no(item, value)
    if item.kind == "choice":
        if value not in item.choices:
            raise UnknownWord(item.label, value, item.choices)
        return value
    if item.kind == "number":
        return _number(item, value)
    return _day(item, value) if item.kind == "day" else str(value).strip()[:500] or None


def value_of(item: Item, kept: Any) -> Any:
    """The kept value as the rules read it: a day as a date."""
    if item.kind == "day" and isinstance(kept, str):
        return date.fromisoformat(kept)
    return kept


def _yes_no(item: Item, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).casefold() not in WORDS:
        raise UnknownWord(item.label, value, ("yes", "no"))
    return WORDS[str(value).casefold()]


def _number(item: Item, value: Any) -> float:
    wrong = OutOfRange(
        because=f"{item.label} {value!r} cannot be: {item.low:g} to {item.high:g} {item.unit}.",
        way_out="Check the number.",
        code="answer_range",
        where=item.key,
    )
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        raise wrong from None
    if not (item.low or 0) <= number <= (item.high if item.high is not None else number):
        raise wrong
    return number


def _day(item: Item, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise OutOfRange(
            because=f"{item.label}: {value!r} is not a day.", way_out="Choose it from the calendar.", code="answer_day", where=item.key
        ) from None

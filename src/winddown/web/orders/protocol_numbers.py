"""Every number of a protocol with its unit, source and status, found in the versioned data itself; and a copy of it with some changed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as __

from winddown.domain.figures import STATUSES
from winddown.domain.quantities import parse_decimal
from winddown.domain.refusals import Missing, Refusal, UnknownWord

BLOCKS: Mapping[str, Any] = {
    "dosing": __("Dose, caps and limits"),
    "start_gate": __("Before the start"),
    "observations": __("What is watched, and how often"),
    "alarms": __("Alarm limits"),
    "stop_rules": __("When to hold and stop"),
    "rescue": __("As-needed drugs"),
    "recovery": __("Before going home"),
    "series": __("How visits follow one another"),
}
FIGURE_KEYS = {"value", "unit", "source", "status"}
_NAMED_BY = ("name", "words", "drug", "tier", "kind", "key")
_TIERS = ("low_stop", "low_ask", "ask", "two_signatures", "stop")
_FIRST = ("phases", "steps", "sessions", "caps", "limits", *_TIERS, "concentrations", "ratio")
_SYMBOLS = {"mm[Hg]": "mmHg", "Cel": "°C", "kg/m2": "kg/m²", "1": ""}


@dataclass(frozen=True)
class Number:
    """One figure where it stands. `path` is its address in the data, `label` the same in words."""

    path: str
    label: str
    value: float
    unit: str
    source: str
    status: str

    @property
    def shown(self) -> str:
        return f"{self.value:g}"

    @property
    def symbol(self) -> str:
        """The unit as it is written by hand."""
        return _SYMBOLS.get(self.unit, self.unit)


@dataclass(frozen=True)
class Change:
    """A number of a new version beside the old one, with where the new one comes from."""

    old: Number
    value: float
    source: str
    status: str

    @property
    def shown(self) -> str:
        return f"{self.value:g}"


def numbers(data: Mapping[str, Any]) -> list[Number]:
    return [each for block in BLOCKS if block in data for each in _walk(data[block], block, ())]


def blocks(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The numbers by block, and the rules of a block that are words."""
    found = numbers(data)
    return [
        {
            "key": key,
            "words": words,
            "numbers": [each for each in found if each.path.split(".")[0] == key],
            "rules": _rules(data.get(key)),
        }
        for key, words in BLOCKS.items()
        if key in data
    ]


def _walk(node: Any, path: str, label: tuple[str, ...]) -> Iterator[Number]:
    if isinstance(node, Mapping):
        if set(node) == FIGURE_KEYS:
            yield Number(path, " › ".join(label), float(node["value"]), node["unit"], node["source"], node["status"])
            return
        for key in sorted(node, key=_place):
            item = node[key]
            named = isinstance(item, list) and any(_name(each) for each in item)
            yield from _walk(item, f"{path}.{key}", label if named else (*label, _said(key)))
    elif isinstance(node, list):
        for place, item in enumerate(node):
            name = _name(item)
            yield from _walk(item, f"{path}.{place}", (*label, name) if name else label)


def _name(item: Any) -> str:
    if not isinstance(item, Mapping) or set(item) == FIGURE_KEYS:
        return ""
    return next((str(item[key]).rstrip(":") for key in _NAMED_BY if item.get(key)), "")


def _place(key: str) -> tuple[int, str]:
    """The record keeps keys in no order of ours: a dose comes before its limits, a mild limit before a grave one."""
    return (_FIRST.index(key) if key in _FIRST else len(_FIRST), key)


def _said(key: str) -> str:
    return key.replace("_", " ")


def _rules(node: Any) -> list[dict[str, str]]:
    """What a block says in words: the act of each rule, under its name."""
    found = []
    for place in _dicts(node):
        does = place.get("do") or place.get("used_for")
        if does:
            found.append({"name": _name(place), "do": str(does)})
    return found


def _dicts(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
        for item in node.values():
            yield from _dicts(item)
    elif isinstance(node, list):
        for item in node:
            yield from _dicts(item)


def changes(data: Mapping[str, Any], typed: Mapping[str, str]) -> tuple[list[Change], dict[str, Refusal]]:
    """The numbers that were typed differently, and by path what could not be read. Fields are `value:`, `source:` and `status:` + path."""
    found, wrong = [], {}
    for old in numbers(data):
        text = typed.get(f"value:{old.path}", "").strip()
        if not text or text == old.shown:
            continue
        try:
            value = _number(text)
        except Refusal as refusal:
            wrong[old.path] = refusal
            continue
        if value != old.value:
            status = typed.get(f"status:{old.path}", "unverified")
            found.append(Change(old, value, typed.get(f"source:{old.path}", "").strip(), status))
    return found, wrong


def _number(text: str) -> float:
    """A typed number; some scales go below zero."""
    below = text.startswith(("-", "−"))
    return (-1 if below else 1) * float(parse_decimal(text[1:] if below else text))


def changed(data: Mapping[str, Any], made: list[Change]) -> dict[str, Any]:
    """The whole data with these numbers changed. Refuses a change without its source, and an unknown status."""
    told = copy.deepcopy(dict(data))
    for change in made:
        if not change.source:
            raise Missing(
                because=f"{change.old.label}: {change.old.shown} to {change.shown} {change.old.unit} has no source.",
                way_out="Say where the new number comes from.",
                code="source_missing",
                where=f"source:{change.old.path}",
            )
        if change.status not in STATUSES:
            raise UnknownWord("figure status", change.status, STATUSES)
        place = _at(told, change.old.path)
        place.update(value=_plain(change.value), source=change.source, status=change.status)
    return told


def _at(data: Any, path: str) -> dict[str, Any]:
    for part in path.split("."):
        data = data[int(part)] if isinstance(data, list) else data[part]
    found: dict[str, Any] = data
    return found


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, str]]:
    """What differs between two versions, number by number."""
    left, right = ({each.path: each for each in numbers(data)} for data in (old, new))
    found = []
    for path in dict.fromkeys([*left, *right]):
        before, after = left.get(path), right.get(path)
        if before != after:
            label = (after or before).label  # type: ignore[union-attr]
            found.append({"label": label, "old": _told(before), "new": _told(after)})
    return found


def _told(number: Number | None) -> str:
    return f"{number.shown} {number.unit} ({number.source}, {number.status})" if number else "–"

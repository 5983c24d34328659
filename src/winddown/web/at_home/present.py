"""An instrument as a form shows it: its questions in one language, put on screens of one question, or two short scales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import get_language, get_language_info

from winddown.domain.instruments.instrument import Instrument, Item, said

STRIP_OF = 11
ON_ONE_SCREEN = 2


@dataclass(frozen=True)
class Sheet:
    """One instrument on the page. `name` of a field is the instrument's key and the item's key with a point between."""

    key: str
    version: str
    name: str
    intro: str
    recall: str
    language: str
    direction: str
    questions: tuple[dict[str, Any], ...]
    answer_key: UUID
    after: str = ""


def sheet(
    form: Instrument, *, language: str = "", only: Iterable[str] = (), values: Mapping[str, Any] | None = None, after: str = ""
) -> Sheet:
    """The instrument in the wanted language, or the nearest one it has. `values`: what was typed, to show again."""
    spoken = language_for(form, language or get_language() or "en")
    wanted = set(only)
    items = [item for item in form.items if not wanted or item.key in wanted]
    return Sheet(
        key=form.key,
        version=form.version,
        name=said(form.name, spoken),
        intro=said(form.intro, spoken),
        recall=said(form.recall, spoken),
        language=spoken,
        direction=direction_of(spoken),
        questions=tuple(_question(form, item, spoken, (values or {}).get(item.key)) for item in items),
        answer_key=uuid4(),
        after=after,
    )


def language_for(form: Instrument, wanted: str) -> str:
    """The wanted language if the instrument has it, else its base, else English, else whatever there is."""
    for each in (wanted, wanted.split("-")[0], "en", *form.languages):
        if each in form.languages:
            return each
    return "en"


def direction_of(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def screens(sheets: Iterable[Sheet]) -> list[dict[str, Any]]:
    """The questions put on screens: one each, but two short scales side by side. A screen belongs to the sheets of its questions."""
    found: list[dict[str, Any]] = []
    for each in sheets:
        for question in each.questions:
            entry = {"sheet": each, "question": question, "intro": each.intro}
            last = found[-1] if found else None
            if last and _joins(last, entry):
                entry["intro"] = "" if last["entries"][-1]["sheet"].intro == each.intro else each.intro
                last["entries"].append(entry)
            else:
                found.append({"entries": [entry]})
    for number, screen in enumerate(found, 1):
        screen["number"] = number
    return found


def _joins(screen: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    shown = screen["entries"]
    after = {each["sheet"].after for each in [*shown, entry]}
    strips = all(each["question"]["kind"] == "strip" for each in [*shown, entry])
    return len(shown) < ON_ONE_SCREEN and strips and after == {""}


def _question(form: Instrument, item: Item, language: str, value: Any) -> dict[str, Any]:
    words = said(item.words, language)
    return {
        "name": f"{form.key}.{item.key}",
        "id": f"q-{form.key}-{item.key}",
        "words": words or item.key,
        "kind": _kind(item),
        "choices": [
            {"value": choice.value, "words": said(choice.words, language), "chosen": str(choice.value) == str(value)}
            for choice in item.choices
        ]
        or _steps(item, value),
        "low": _plain(item.low),
        "high": _plain(item.high),
        "step": _plain(item.step),
        "low_words": said(item.ends[0], language),
        "high_words": said(item.ends[1], language),
        "unit": item.unit,
        "note": said(item.note, language),
        "optional": item.optional,
        "asked_name": f"{form.key}.{item.asked.key}" if item.asked else "",
        "asked_from": _plain(item.asked.at_least) if item.asked else "",
        "crisis_from": "" if item.crisis_from is None else _plain(item.crisis_from),
        "value": "" if value is None else value,
    }


def _kind(item: Item) -> str:
    if item.kind == "slider":
        return "strip" if item.step == 1 and item.high - item.low < STRIP_OF else "range"
    return {"choice": "choices", "number": "number", "words": "words"}[item.kind]


def _steps(item: Item, value: Any) -> list[dict[str, Any]]:
    if _kind(item) != "strip":
        return []
    return [{"value": n, "words": str(n), "chosen": str(n) == str(value)} for n in range(int(item.low), int(item.high) + 1)]


def _plain(value: float) -> str:
    return f"{value:g}"

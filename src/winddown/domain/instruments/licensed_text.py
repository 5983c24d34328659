"""The file in which a clinic brings the licensed words of an instrument, in one language. Structure and scoring stay ours.

A JSON file:

    {"instrument": "madrs", "version": "1", "language": "en", "intro": "...",
     "items": {"1": {"words": "...", "choices": {"0": "...", "1": "..."}, "ends": ["...", "..."], "note": "..."}, ...}}

Every item of the instrument needs its words, and every choice of it; `ends` are the words at both ends of a line of numbers. Other keys are
refused: a file that says more than we read would be followed only in part.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from winddown.domain.instruments import instrument_of
from winddown.domain.instruments.instrument import Instrument, Item, Translation, said
from winddown.domain.refusals import Missing, Refusal, UnknownWord

LARGEST_BYTES = 400_000
LONGEST = 3_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_KEYS = {"instrument", "version", "language", "intro", "items"}
_ITEM_KEYS = {"words", "choices", "ends", "note"}
_NAMES = {
    "ar": "العربية",
    "de": "Deutsch",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "it": "Italiano",
    "ko": "한국어",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "tl": "Tagalog",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


@dataclass(frozen=True)
class ItemText:
    """The words of one item."""

    words: str
    choices: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[str, str] = ("", "")
    note: str = ""


@dataclass(frozen=True)
class LicensedText:
    """One file, read. `sha256` is the digest of the file as it came."""

    instrument: str
    version: str
    language: str
    intro: str
    items: Mapping[str, ItemText]
    sha256: str

    def as_data(self) -> dict[str, Any]:
        items = {
            key: {"words": one.words, "choices": dict(one.choices), "ends": list(one.ends), "note": one.note}
            for key, one in self.items.items()
        }
        return {"instrument": self.instrument, "version": self.version, "language": self.language, "intro": self.intro, "items": items}

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, sha256: str) -> LicensedText:
        items = {
            key: ItemText(one["words"], one.get("choices", {}), tuple(one.get("ends", ("", ""))), one.get("note", ""))
            for key, one in data["items"].items()
        }
        return cls(data["instrument"], data["version"], data["language"], data.get("intro", ""), items, sha256)


def read(file: bytes, *, license_words: str) -> LicensedText:
    """The text in a file. Refuses with what is wrong and where: no license statement, no JSON, another version, a missing item."""
    stated(license_words)
    data = _json(file)
    _only(data, _KEYS, "the file")
    form = instrument_of(str(data.get("instrument", "")))
    _check_head(form, data)
    items = data.get("items")
    if not isinstance(items, dict):
        raise _bad("items is not a table of items.", f"Give each of {', '.join(item.key for item in form.items)} its words.")
    for key in items:
        form.item(key)
    checked = {item.key: _item(item, items.get(item.key)) for item in form.items}
    return LicensedText(
        form.key, form.version, data["language"], _words(data.get("intro", ""), "intro"), checked, hashlib.sha256(file).hexdigest()
    )


def stated(license_words: str) -> None:
    """Refuses Missing when nobody says by what right the text is used."""
    if len(license_words.strip()) < 10:
        raise Missing(
            because="The license is not stated.",
            way_out="Say who licensed the text to the clinic, and when.",
            code="license_missing",
            where="license_words",
        )


def applied(form: Instrument, texts: Iterable[LicensedText]) -> Instrument:
    """The instrument with these words, each language beside the others."""
    items, told = form.items, []
    intro = dict(form.intro)
    for text in texts:
        items = tuple(_worded(item, text) for item in items)
        intro |= {text.language: text.intro} if text.intro else {}
        told.append(Translation(text.language, "imported", f"brought by the clinic, digest {text.sha256[:12]}"))
    return replace(form, items=items, intro=intro, translations=tuple(told))


def template(form: Instrument, language: str) -> str:
    """An empty file for this instrument, to be filled with the clinic's own licensed words."""
    items = {
        item.key: {"words": ""}
        | (
            {"choices": {str(choice.value): said(choice.words, language) if choice.words else "" for choice in item.choices}}
            if item.choices
            else {}
        )
        | ({"ends": ["", ""]} if item.kind == "slider" else {})
        for item in form.items
    }
    head = {"instrument": form.key, "version": form.version, "language": language, "intro": "", "items": items}
    return json.dumps(head, ensure_ascii=False, indent=1)


def language_name(code: str) -> str:
    return _NAMES.get(code.split("-")[0], code)


def _worded(item: Item, text: LicensedText) -> Item:
    told, language = text.items[item.key], text.language
    choices = tuple(replace(choice, words={**choice.words, language: told.choices[str(choice.value)]}) for choice in item.choices)
    ends = ({**item.ends[0], language: told.ends[0]}, {**item.ends[1], language: told.ends[1]})
    note = {**item.note, language: told.note} if told.note else item.note
    return replace(item, words={**item.words, language: told.words}, choices=choices, ends=ends, note=note)


def _json(file: bytes) -> dict[str, Any]:
    if len(file) > LARGEST_BYTES:
        raise _bad(f"The file has {len(file)} bytes, at most {LARGEST_BYTES} are read.", "Bring one language in one file.")
    try:
        data = json.loads(file.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as why:
        raise _bad(f"The file is no JSON: {why}.", "Start from the empty file on this page.") from None
    if not isinstance(data, dict):
        raise _bad("The file is no table.", "Start from the empty file on this page.")
    return data


def _check_head(form: Instrument, data: Mapping[str, Any]) -> None:
    if form.license.kind != "permission":
        raise _bad(f"The words of {form.key} ship with the program.", "Nothing needs to be imported.")
    if data.get("version") != form.version:
        raise _bad(
            f"The file is for version {data.get('version')!r}, this program scores version {form.version!r}.", "Bring the matching version."
        )
    if not isinstance(data.get("language"), str) or not _LANGUAGE.fullmatch(data["language"]):
        raise _bad(f"{data.get('language')!r} is no language code.", "Write it like en, es or ar.")


def _item(item: Item, raw: object) -> ItemText:
    if not isinstance(raw, dict):
        raise _bad(f"Item {item.key} has no words.", "Every item needs its words.")
    _only(raw, _ITEM_KEYS, f"item {item.key}")
    words = _words(raw.get("words", ""), f"item {item.key}")
    if not words:
        raise _bad(f"Item {item.key} has no words.", "Every item needs its words.")
    told = raw.get("choices", {})
    if not isinstance(told, dict) or (item.choices and set(told) != {str(choice.value) for choice in item.choices}):
        raise _bad(
            f"Item {item.key} needs words for {', '.join(str(choice.value) for choice in item.choices)}.", "Give each choice its words."
        )
    ends = raw.get("ends", ["", ""])
    if not isinstance(ends, list) or len(ends) != 2:
        raise _bad(f"Item {item.key}: ends are two pieces of text.", 'Write ["...", "..."].')
    named = {key: _words(value, f"choice {key} of item {item.key}") for key, value in told.items()}
    if item.choices and not all(named.values()):
        raise _bad(f"Item {item.key} has a choice without words.", "Give each choice its words.")
    return ItemText(words, named, (_words(ends[0], "ends"), _words(ends[1], "ends")), _words(raw.get("note", ""), "note"))


def _words(value: object, where: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise _bad(f"{where}: not a text of at most {LONGEST} letters.", "Write plain text.")
    return value.strip()


def _only(data: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in data:
        if key not in known:
            raise UnknownWord(f"key in {where}", key, known)


def _bad(because: str, way_out: str) -> Refusal:
    return Refusal(because=because, way_out=way_out, code="licensed_text", where="file")

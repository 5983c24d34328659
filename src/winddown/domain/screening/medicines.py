"""From what somebody wrote to the medicine it is: generic names, classes, synonyms and common brand names, from a packaged table.

A name the table does not know is a finding, never silence.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

_WORD = re.compile(r"[a-z0-9]+")
NOT_NAMES = frozenset({"none", "no", "nothing", "ninguno", "ninguna", "nada"})


@dataclass(frozen=True)
class Medicine:
    """One line of a patient's list.

    words     as it was written
    generics  the substances it holds; empty where the table knows none
    classes   what the interaction rules look at
    """

    words: str
    generics: tuple[str, ...] = ()
    classes: frozenset[str] = field(default_factory=frozenset)

    @property
    def recognized(self) -> bool:
        return bool(self.generics)

    def as_data(self) -> dict[str, Any]:
        return {"words": self.words, "generics": list(self.generics), "classes": sorted(self.classes)}


@cache
def table() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """Every known name, plain, to (generics, classes)."""
    text = (files("winddown.domain.screening") / "medicines.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        known = frozenset(row["generic"].split("+")), frozenset(row["classes"].split())
        for name in [row["generic"], *filter(None, row["names"].split(";"))]:
            found[plain(name)] = known
    return found


def plain(name: str) -> str:
    """Lower case, without accents, words joined by one space."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return " ".join(_WORD.findall(folded))


def recognize(written: str) -> Medicine:
    """The medicine behind what was written, dose and all; the longest known names in it win.

    Combinations are both their parts. Nothing known: a medicine without generics, which a rule reports.
    """
    words = plain(written).split()
    generics: set[str] = set()
    classes: set[str] = set()
    place = 0
    while place < len(words):
        length = next((n for n in range(min(4, len(words) - place), 0, -1) if " ".join(words[place : place + n]) in table()), 0)
        if length:
            known = table()[" ".join(words[place : place + length])]
            generics |= known[0]
            classes |= known[1]
        place += length or 1
    return Medicine(written.strip(), tuple(sorted(generics)), frozenset(classes))


def is_no_medicine(written: str) -> bool:
    """Whether the line says that there is none."""
    return plain(written) in NOT_NAMES

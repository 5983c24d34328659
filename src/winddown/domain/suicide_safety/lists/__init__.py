"""The lists of words that a text is searched for, a file for each language. What is in them is data: a version, a status, phrases."""

from __future__ import annotations

from winddown.domain.suicide_safety.lists.arabic import ARABIC
from winddown.domain.suicide_safety.lists.english import ENGLISH
from winddown.domain.suicide_safety.lists.phrase import Phrase, WordList
from winddown.domain.suicide_safety.lists.spanish import SPANISH

LISTS: dict[str, WordList] = {each.language: each for each in (ENGLISH, SPANISH, ARABIC)}

__all__ = ["LISTS", "Phrase", "WordList"]

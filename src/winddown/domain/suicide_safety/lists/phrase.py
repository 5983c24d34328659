"""What a list of words is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["red", "read"]
About = Literal["harm", "breath", "nerves", "overdose", "violence", "urine", "blood", "drug"]


@dataclass(frozen=True)
class Phrase:
    """One phrase, as a pattern on plain small letters without accents and apostrophes.

    like           a sentence that it finds, for the people who read the list
    about          which topic of red_words.TOPICS
    level          red: what the topic asks for; read: a person reads the text today
    own_negation   the "no" belongs to it ("no reason to live"): a negation before it softens nothing
    """

    pattern: str
    like: str
    about: About = "harm"
    level: Level = "red"
    own_negation: bool = False


@dataclass(frozen=True)
class WordList:
    """The list of one language.

    version   goes up with every change;  status  unverified until a clinician who speaks the language has read and signed it
    common    everyday words that show that a text is in this language
    """

    language: str
    name: str
    version: str
    status: str
    phrases: tuple[Phrase, ...]
    common: frozenset[str]


def everyday(words: str) -> frozenset[str]:
    """Words with spaces between them, as a set."""
    return frozenset(words.split())

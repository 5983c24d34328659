"""Red words: phrases in free text about suicide, and about what cannot wait in an inbox. A hit opens a task; a miss proves nothing.

The lists are short and plain so that a clinician can read all of them. A person who wants to hide a thought, or who has other words for it,
is not found: no page may say that a text without a hit is without danger. What may soften a hit (a negation before it, an accident) turns
it into "read it today" and never into nothing. Whose thoughts they are is not told apart: a brother's suicide is a hit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from winddown.domain.suicide_safety.lists import LISTS, Phrase
from winddown.domain.suicide_safety.lists.phrase import About, Level

WINDOW = 5


@dataclass(frozen=True)
class Hit:
    """A phrase found: the words as they were written down, plain, the level after softening, and what it is about."""

    words: str
    level: Level
    language: str
    about: About = "harm"


IDIOMS = (
    r"cut(?:ting)? my ?self some slack",
    r"(?:is|are|was|were|been) killing me",
    r"cortarme (?:el|las) (?:pelo|cabello|unas)",
    r"kill(?:ing)? (?:the )?(?:pain|time)",
    r"suicide (?:prevention|hotline|lifeline) (?:poster|card|training)",
)
ACCIDENTS = (
    r"by accident|accidentally|by mistake|shaving|cooking|lifting|falling|fell|tripp(?:ed|ing)|slipp(?:ed|ing)|at work|at the gym|"
    r"exercising|gardening|playing|running|sin querer|por accidente|afeitandome|cocinando|"
    r"levantando|al caer|me cai|en el trabajo|haciendo ejercicio"
)
_HARM = re.compile(r"(?:hurt|cut|lastimarme|cortarme|hacerme dano)")
_NEGATIONS = re.compile(
    r"\b(?:no|not|never|without|deny|denies|denied|denying|dont|didnt|doesnt|wont|wouldnt|isnt|havent|hadnt|nor|neither|"
    r"nunca|jamas|sin|ni|niego|niega|tampoco|لا|لم|لن|ليس|ليست|لست|ما|مش|بدون|ولا)\b"
)
_NO_NEGATION = re.compile(
    r"\b(?:not only|no solo|no solamente|never (?:felt|been) (?:so|this|more)|"
    r"nunca (?:me )?(?:he )?(?:sentido|estado) (?:tan|mas)|"
    r"ما ?(?:زلت|زال|زالت)|لا (?:ازال|زلت)|ليس فقط)\b"
)
_CLAUSE = re.compile(r"[.!?;:,\n]| but | though | pero | aunque | y ahora | and now ")


def find(text: str) -> tuple[Hit, ...]:
    """Every phrase of the list in the text, in order. Never refuses; a long text takes time in proportion to its length."""
    plain = plainly(text)
    for idiom in _idioms():
        plain = idiom.sub(lambda found: " " * len(found.group()), plain)
    hits = [
        (found.start(), Hit(found.group().strip(), _softened(phrase, plain, found), language, phrase.about))
        for language, phrase, pattern in _patterns()
        for found in pattern.finditer(plain)
    ]
    return tuple(hit for _start, hit in sorted(hits, key=lambda each: each[0]))


def worst(hits: Iterable[Hit]) -> Level | None:
    """Of suicide and self-harm: red, read, or None when nothing of the list was found, which proves nothing."""
    levels = {hit.level for hit in hits if hit.about == "harm"}
    return "red" if "red" in levels else "read" if levels else None


_ONE_LETTER = str.maketrans({"ى": "ي", "ة": "ه", "ٱ": "ا", "،": ",", "؟": "?", "؛": ";"})


def plainly(text: str) -> str:
    """Small letters, no accents, no apostrophes, single spaces; punctuation stays, since it ends a clause."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign) and sign not in "'’‘`´ـ")
    flat = flat.translate(_ONE_LETTER)
    flat = re.sub(r"[-_/]+", " ", flat)
    return re.sub(r"[ \t\r\f\v]+", " ", flat)


def _softened(phrase: Phrase, plain: str, found: re.Match[str]) -> Level:
    if phrase.level == "read":
        return "read"
    if _HARM.match(found.group()) and re.search(ACCIDENTS, _clause_after(plain, found.end())):
        return "read"
    return "read" if not phrase.own_negation and _negated(plain, found.start()) else "red"


def _negated(plain: str, start: int) -> bool:
    """Exactly one negation in the five words before, in the same clause. Two of them may undo each other: then it stays red."""
    before = _CLAUSE.split(plain[max(0, start - 80) : start])[-1]
    near = " ".join(before.split()[-WINDOW:])
    return not _NO_NEGATION.search(near) and len(_NEGATIONS.findall(near)) == 1


def _clause_after(plain: str, end: int) -> str:
    return re.split(r"[.!?;\n]", plain[end : end + 60])[0]


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, Phrase, re.Pattern[str]], ...]:
    rows = [(each.language, phrase) for each in LISTS.values() for phrase in each.phrases]
    return tuple((language, phrase, re.compile(rf"\b(?:{phrase.pattern})\b")) for language, phrase in rows)


@lru_cache(maxsize=1)
def _idioms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{idiom})\b") for idiom in IDIOMS)

"""Whether there is a list for the language of a text. Silence about a text that nobody could search would be false assurance."""

from __future__ import annotations

import re
import unicodedata

from winddown.domain.suicide_safety.lists import LISTS
from winddown.domain.suicide_safety.red_words import plainly

SCRIPTS = ("LATIN", "ARABIC")
FOREIGN_FROM, TELLS_FROM, KNOWN_SHARE = 2, 4, 0.15
_ARABIC_ONLY = frozenset("پچژگٹڈڑںےہھکی")
_WORD = re.compile(r"[^\W\d_]+")


def unread(text: str, language: str = "", *, prose: bool = True) -> bool:
    """Whether the lists cannot speak for this text.

    language   the one in which its page was written; empty when nobody said. One without a list is unread whatever is written there
    prose      sentences: not a list of medicines, whose words are nobody's everyday words
    Else the letters tell (a script without a list), then everyday words: of four words or more, some must be known in a language with a
    list. A text that mixes in enough known words passes; short texts of one to three words in Latin letters pass too.
    """
    words = _WORD.findall(text)
    if not words:
        return False
    if language and language.split("-")[0] not in LISTS:
        return True
    if sum(_script(word) not in SCRIPTS for word in words) >= FOREIGN_FROM or _persian_or_urdu(text):
        return True
    plain = _WORD.findall(plainly(text))
    if len(plain) < TELLS_FROM or not prose:
        return any(_script(word) not in SCRIPTS for word in words)
    return max(sum(word in each.common for word in plain) for each in LISTS.values()) < KNOWN_SHARE * len(plain)


def _script(word: str) -> str:
    return unicodedata.name(word[0], "").split(" ")[0]


def _persian_or_urdu(text: str) -> bool:
    """Two letters that Arabic does not have."""
    return sum(sign in _ARABIC_ONLY for sign in text) >= FOREIGN_FROM

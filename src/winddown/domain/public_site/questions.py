"""What a stranger's question may hide: words about self-harm, signs of who wrote it, advertising. English and Spanish.

The lists are short and plain so that a clinician can read all of them. A hit makes a person look first; a miss proves nothing, and
nothing is shown to anybody before a clinician has read and answered it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Literal

from winddown.domain.refusals import Missing, OutOfRange
from winddown.domain.suicide_safety import red_words

Hold = Literal["red", "read", "phone", "email", "name", "address", "advertising"]
HARM: frozenset[str] = frozenset({"red", "read"})
IDENTIFYING: frozenset[str] = frozenset({"phone", "email", "name", "address"})
LONGEST, SHORTEST = 1500, 8
BLANK = "[…]"

WAITS = "A question from the public site waits for a clinician."
HOLDS_SIGNS = "A question from the public site holds a phone number, an address or a name. Read it now."
SENTENCES = (WAITS, HOLDS_SIGNS)

_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\]| arroba )\s?[\w-]+\s?(?:\.|\(dot\)|\[dot\]| punto )\s?[a-z]{2,}", re.I)
_DIGITS = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s().\-/]{0,2}\d){6,14}(?![\w%])")
_DATE = re.compile(r"^\D*(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})\D*$")
_NAME = re.compile(
    r"\b(?:[Mm]y (?:full )?name is|[Mm]y name's|[Ii] am called|[Tt]his is|[Ss]igned,?|[Mm]e llamo|[Mm]i nombre es|[Aa]tentamente,?)\s+"
    r"[A-ZÁÉÍÓÚÑ][\w'’-]+(?:\s+[A-ZÁÉÍÓÚÑ](?:\.|[\w'’-]+))?"
)
_BIRTH = re.compile(r"\b(?:born (?:on|in)|date of birth|dob|nac[ií] (?:el|en)|fecha de nacimiento)\b", re.I)
_ADDRESS = re.compile(
    r"\b\d{1,5}\s+(?:[NSEW]\.?\s+)?[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+){0,2}\s+"
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Dr|Drive|Ln|Lane|Ct|Court|Way)\b"
    r"|\b(?:[Cc]alle|[Aa]venida|[Aa]v\.)\s+[A-ZÁÉÍÓÚÑ][\w'-]+(?:\s+[A-ZÁÉÍÓÚÑ][\w'-]+)*\s+\d{1,5}\b"
)
_LINK = re.compile(r"(?:https?://|www\.|\[url|<a\s)", re.I)
_SELLING = re.compile(
    r"\b(?:buy now|order now|cheap (?:pills|meds|viagra)|no prescription needed|casino|crypto investment|seo services|backlinks?|"
    r"telegram|whatsapp me|compre ahora|sin receta)\b",
    re.I,
)


def holds(text: str) -> tuple[Hold, ...]:
    """Why a person must look before anything else, worst first; empty proves nothing."""
    found: list[Hold] = []
    worst = red_words.worst(red_words.find(text))
    if worst is not None:
        found.append(worst)
    if _has_phone(text):
        found.append("phone")
    if _EMAIL.search(text):
        found.append("email")
    if _NAME.search(text) or _BIRTH.search(text):
        found.append("name")
    if _ADDRESS.search(text):
        found.append("address")
    if _LINK.search(text) or _SELLING.search(text):
        found.append("advertising")
    return tuple(found)


def shows_help(held: tuple[str, ...] | list[str]) -> bool:
    """Whether the writer sees crisis help before anything else: after words of harm, and to whoever gave a way to be reached."""
    return bool(HARM.intersection(held) or IDENTIFYING.intersection(held))


def without_signs(text: str) -> str:
    """The text with what may tell who wrote it blanked out: a beginning for a clinician, who reads it before it is shown."""
    for pattern in (_EMAIL, _NAME, _ADDRESS):
        text = pattern.sub(BLANK, text)
    return _DIGITS.sub(lambda found: found.group() if _DATE.match(found.group()) else BLANK, text)


def fingerprint(text: str) -> str:
    """The same for the same words, whatever their case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return hashlib.sha256("".join(sign for sign in plain if sign.isalnum()).encode()).hexdigest()


def checked(text: str) -> str:
    """The question as it is kept. Refuses Missing for an empty or very short one, OutOfRange for one that is too long."""
    words = text.replace("\x00", "").strip()
    if len(words) < SHORTEST:
        raise Missing(
            because="There is no question yet.", way_out="Write your question in a sentence.", code="question_missing", where="words"
        )
    if len(words) > LONGEST:
        raise OutOfRange(
            because=f"The question has {len(words)} letters; {LONGEST} fit.",
            way_out="Make it shorter, or call the clinic.",
            code="question_long",
            where="words",
        )
    return words


def _has_phone(text: str) -> bool:
    """Seven digits or more in a row, as they are written; dates and doses are none."""
    return any(not _DATE.match(found.group()) for found in _DIGITS.finditer(text))

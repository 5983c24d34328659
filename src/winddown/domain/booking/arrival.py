"""The three letters with which somebody says at the door who has arrived, and when they count."""

from __future__ import annotations

from datetime import datetime, timedelta

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words
LENGTH = 3
BEFORE, AFTER = timedelta(hours=3), timedelta(hours=2)


def letters(digest: bytes) -> str:
    """Three letters out of a digest; evenly spread, the same digest always the same letters."""
    number = int.from_bytes(digest[:8], "big")
    found = ""
    for _place in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        found += ALPHABET[place]
    return found


def typed(text: str) -> str:
    """What was meant by what was typed: capital letters without blanks and dashes."""
    return "".join(sign for sign in text.upper() if sign.isalpha())


def may_arrive(start: datetime, *, at: datetime) -> bool:
    """From three hours before the start until two hours after it."""
    return start - BEFORE <= at <= start + AFTER

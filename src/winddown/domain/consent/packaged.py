"""The shipped texts: templates in English and Spanish. A clinic's director reads, changes and signs them before anybody else may."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from winddown.domain.refusals import UnknownWord

LANGUAGES = ("en", "es")
ABOUT: Mapping[str, str] = {"treatment": "Consent to treatment", "caregiver": "Permission for a caregiver"}


@lru_cache
def packaged(about: str) -> Mapping[str, str]:
    """The shipped template of one kind of consent, as plain lines by language."""
    if about not in ABOUT:
        raise UnknownWord("kind of consent", about, ABOUT)
    texts = files("winddown.domain.consent") / "texts"
    return {language: (texts / f"{about}.{language}.txt").read_text(encoding="utf-8") for language in LANGUAGES}

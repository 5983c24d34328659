"""Fixed words of the floors below, in the reader's language (docs/adr/0021-languages.md). What is not in the catalogue stays as it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def duty_words(words: str) -> str:
    """A duty's sentence: its head and, after a colon, each thing it names."""
    head, colon, named = words.partition(": ")
    return _(head) + (colon + ", ".join(_(one) for one in named.split(", ")) if named else "")


def allergy_words(card: Any) -> str:
    """The substances as they were written down, never translated; or that there are none, or that nobody asked."""
    if card.allergies:
        return str(card.allergy_words)
    return _("no known allergies") if card.no_known_allergies else _("allergies not recorded")

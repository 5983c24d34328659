"""Refusals on the pages of patients."""

from __future__ import annotations

from django import template

from winddown.domain.refusals import Refusal
from winddown.web import own_words

register = template.Library()


@register.filter
def in_own_words(refusal: Refusal) -> own_words.Told:
    """The refusal in the language of the page."""
    return own_words.told(refusal)

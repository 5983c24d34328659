"""Shares and differences as the program's pages write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from winddown.web.programme import words
from winddown.web.programme.results import median_words

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """A share between 0 and 1 in whole percent; a dash where it is not known."""
    return "–" if value is None or value != value else f"{100 * value:.0f} %"


@register.filter
def why_not(told: Mapping[str, str] | str) -> str:
    """Why no adjusted figure is shown, in words."""
    return words.why_not(told)


@register.filter
def points(value: float | None) -> str:
    """A difference in percentage points, with its sign."""
    return "–" if value is None else f"{value:+.0f}"


@register.filter
def median(curve: Mapping[str, Any]) -> str:
    """When half had lost the response, in words."""
    return median_words(curve)

"""What a patient is shown about help in a crisis: the country's lines, and whether anybody has said that they are watching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import translation

from winddown.domain.suicide_safety.crisis import Country, country_of
from winddown.record.models import Location
from winddown.services import roster


def left_to_right(text: str) -> str:
    """A telephone number as it is dialed, inside a page that is read from right to left: invisible marks keep it together."""
    return f"\u2066{text}\u2069" if text and translation.get_language_bidi() else text


@dataclass(frozen=True)
class Help:
    """Asked only by the pages that show it."""

    place: Location | None
    now: datetime

    @cached_property
    def country(self) -> Country:
        return country_of(roster.country())

    @cached_property
    def watched(self) -> bool:
        """A person acknowledged a channel that still holds. False is said before any question on suicide."""
        return self.place is not None and roster.anyone_watching(self.place, now=self.now)

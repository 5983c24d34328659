"""How long a clinician's approval of a public text holds. A lapsed text stays readable, says so, and leaves the search engines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from winddown.domain.days import in_words
from winddown.domain.refusals import OutOfRange

USUAL = timedelta(days=365)
LONGEST = timedelta(days=730)
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Review:
    """One approval: on which day, by when somebody must look again."""

    approved_on: date
    next_on: date

    def has_lapsed(self, on: date) -> bool:
        """The day named is still covered; the day after is not."""
        return on > self.next_on

    def is_due_soon(self, on: date) -> bool:
        return not self.has_lapsed(on) and on > self.next_on - SOON


def until(approved_on: date, next_on: date) -> Review:
    """Refuses OutOfRange for a review that is not after the approval, or more than two years after it."""
    if not approved_on < next_on <= approved_on + LONGEST:
        raise OutOfRange(
            because=f"The next review cannot be on {in_words(next_on)}.",
            way_out=f"Choose a day after today, within {LONGEST.days} days.",
            code="next_review",
            where="next_review_on",
        )
    return Review(approved_on, next_on)

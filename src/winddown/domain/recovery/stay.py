"""How long the patient stays: from the last drug that went in, and longer after drugs that wear off later than they look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from winddown.domain.sessions.blocks import Recovery
from winddown.domain.sessions.gate_line import GateLine, done, missing
from winddown.domain.sessions.lifecycle import UNDER_WATCH, walk
from winddown.domain.sessions.story import Event, of_kind


def infusion_ended_at(story: Sequence[Event]) -> datetime | None:
    """When the drug last stopped running; None before that, and while it runs or is held.

    A flush after the end pushes what stood in the line into the patient, so the clock starts anew there.
    """
    places = walk(story)
    if not places or places[-1].moved.status not in (UNDER_WATCH - {"running", "held"}) | {"discharged"}:
        return None
    ended_at = None
    running = False
    for place in places:
        if place.moved.status in ("running", "held"):
            running = True
        elif running:
            ended_at, running = place.event.happened_at, False
    flushes = [event.happened_at for event in of_kind(story, "line_flushed", "bolus_given")]
    return max([ended_at, *flushes]) if ended_at else None


def stay_lines(
    rules: Recovery, story: Sequence[Event], ended_at: datetime, at: datetime, other_drugs: Sequence[tuple[str, datetime]] = ()
) -> list[GateLine]:
    """The minimum stay, and one line for each drug that asks for a longer one; the last dose counts."""
    lines = [_line("stay", "since the end of the infusion", ended_at, rules.minimum_stay_min.value, at)]
    given = [(event.text("drug"), event.happened_at) for event in of_kind(story, "rescue_given")] + list(other_drugs)
    for drug, stay in rules.stay_after_drug_min.items():
        times = [when for name, when in given if drug in name.casefold()]
        if times:
            lines.append(_line(f"stay_{drug}", f"since {drug}", max(times), stay.value, at))
    return lines


def _line(key: str, words: str, start: datetime, limit_min: float, at: datetime) -> GateLine:
    passed = (at - start) / timedelta(minutes=1)
    told = f"{int(passed)} min {words}, limit {limit_min:g} min."
    return done(key, told) if passed >= limit_min else missing(key, told, f"Stay {ceil(limit_min - passed)} min more.")

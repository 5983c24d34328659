"""What the last infusion of a patient was like: how fast it ran, what was given, and what it did. One line for who starts the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from winddown.domain.dosing.accounting import pump_course
from winddown.domain.quantities import decimal_from_exact
from winddown.domain.sessions.adverse_events import TERMS
from winddown.domain.sessions.story import Event, effective, of_kind
from winddown.record.models import Patient, Session
from winddown.record.queries.stories import stories_of
from winddown.services import exposure


@dataclass(frozen=True)
class Reaction:
    """One unwanted effect: its term, its words and grade, and whether the infusion was held or stopped after it is in `LastTime`."""

    words: str
    grade: int


@dataclass(frozen=True)
class LastTime:
    """One infusion as it went.

    highest_mg_per_h   the fastest rate it ran at; None where rate or concentration is not known
    slowed             the rate was lowered, held or stopped on the way
    """

    day: date
    at: datetime
    mg: Decimal
    certain: bool
    highest_mg_per_h: Decimal | None
    slowed: bool
    reactions: tuple[Reaction, ...]


def before(session: Session, *, now: datetime) -> LastTime | None:
    """The newest infusion of this patient before this visit. Two queries."""
    earlier = [
        each for each in exposure.sessions_of(session.patient) if each.planned.lower < session.planned.lower and each.pk != session.pk
    ]
    told = of(earlier[-1:], now=now)
    return told[0] if told else None


def all_of(patient: Patient, *, now: datetime) -> list[LastTime]:
    """Every infusion of this patient, oldest first. Two queries."""
    return of(exposure.sessions_of(patient), now=now)


def of(visits: Sequence[Session], *, now: datetime) -> list[LastTime]:
    stories = stories_of(visits)
    given = exposure.given_in(visits, now=now, stories=stories)
    return [_told(each, effective(stories[visit.pk])) for visit, each in zip(visits, given, strict=True)]


def _told(given: exposure.Given, story: tuple[Event, ...]) -> LastTime:
    running = [part for part in pump_course(story).segments if part.kind == "running"]
    rates = [
        part.rate_ml_per_h * part.concentration_mg_per_ml
        for part in running
        if part.rate_ml_per_h is not None and part.concentration_mg_per_ml is not None
    ]
    lowered = any(later < earlier for earlier, later in pairwise(rates))
    return LastTime(
        day=given.day,
        at=given.at,
        mg=given.mg,
        certain=given.certain,
        highest_mg_per_h=decimal_from_exact(max(rates), 1) if rates else None,
        slowed=lowered or bool(of_kind(story, "held", "stopped")),
        reactions=tuple(_reaction(event) for event in of_kind(story, "adverse_event")),
    )


def _reaction(event: Event) -> Reaction:
    term = TERMS.get(event.text("term"))
    return Reaction(term.words if term else event.text("term"), int(event.number("grade") or 0))

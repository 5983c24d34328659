"""The discharge clock is scored at every visit: what it said when the infusion ended against what was seen, and the clinic's own error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winddown.domain.pharmacology.honesty import Honesty, Outcome, Prediction, Score, scored, summed_up
from winddown.domain.pharmacology.personal import BACK, BACK_WITHIN
from winddown.domain.refusals import Refusal
from winddown.domain.sessions.story import Event, effective
from winddown.record.models import PredictionScore, Session
from winddown.record.queries.stories import events_of
from winddown.services import orders, picture

QUANTITY = "cadss6_back"
NEWEST = 200
LOOKED_AHEAD = timedelta(hours=8)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Seen:
    """CADSS-6 after the infusion: the last look above rest, and the first from which it stayed back."""

    last_above_at: datetime
    back_at: datetime | None


def score_clock(session: Session, *, now: datetime) -> PredictionScore | None:
    """Score this visit's prediction, once. Nothing to score where dissociation never rose or nothing was predicted."""
    if PredictionScore.objects.filter(session=session, quantity=QUANTITY).exists():
        return None
    every = events_of(session)
    story = effective(every)
    dose = picture.dose_of(session, now=now, events=story)
    if dose.started_at is None or dose.ended_at is None:
        return None
    known_then = tuple(event for event in every if max(event.happened_at, event.written_at) <= dose.ended_at)
    try:
        return _written(session, story, known_then, dose.started_at, dose.ended_at, now)
    except Refusal:
        return None


def _written(
    session: Session, story: Sequence[Event], known_then: Sequence[Event], started_at: datetime, ended_at: datetime, now: datetime
) -> PredictionScore | None:
    then = effective(known_then)
    dose, draft = picture.dose_of(session, now=ended_at, events=then), orders.checked(session.order)
    found = picture.forecast(session, draft, then, dose, now=ended_at, after_end=LOOKED_AHEAD)
    mine = found[0].personal if found else None
    if found is None or mine is None or BACK not in mine.clock:
        return None
    drawn, start_at, _plan = found
    resting = mine.posterior.person.resting.cadss6 or 0.0
    seen = seen_back(story, started_at, ended_at, resting + BACK_WITHIN)
    if seen is None:
        return None
    below = mine.clock[BACK]

    def at(minute: float | None) -> datetime | None:
        return None if minute is None else start_at + timedelta(minutes=minute)

    def minute(moment: datetime) -> float:
        return (moment - start_at) / MINUTE

    judged = scored(
        Prediction(below.median_min, below.most_min),
        Outcome(minute(seen.last_above_at), minute(seen.back_at) if seen.back_at else None),
    )
    body = mine.posterior.person.patient
    row = PredictionScore(
        session=session,
        location=session.location,
        quantity=QUANTITY,
        model_id=drawn.model_id,
        inputs_hash=drawn.input_hash,
        decided_at=ended_at,
        median_at=at(below.median_min),
        ninety_at=at(below.most_min),
        last_above_at=seen.last_above_at,
        back_at=seen.back_at,
        error_min=judged.error_min,
        by_ninety=judged.by_ninety,
        lessons=len(mine.posterior.lessons),
        odd=sum(not lesson.fits for lesson in mine.posterior.lessons),
        other_drug=bool(mine.posterior.other_drugs),
        weight_kg=body.weight_kg,
        age_years=body.age_years or 0.0,
        written_at=now,
    )
    row.save()
    return row


def seen_back(story: Sequence[Event], started_at: datetime, ended_at: datetime, limit: float) -> Seen | None:
    """When CADSS-6 came back to `limit` for good after the end. None where it was never above it."""
    scores = [
        (event.happened_at, float(value))
        for event in story
        if event.kind == "score_taken" and event.text("scale") == "cadss6" and (value := event.number("value")) is not None
    ]
    during = sorted((at, value) for at, value in scores if at >= started_at)
    above = [at for at, value in during if value > limit]
    if not above:
        return None
    last = above[-1]
    back = next((at for at, _value in during if at > last), None)
    return Seen(max(last, ended_at) if back is None or back > ended_at else last, back)


def of_clinic() -> Honesty:
    """This practice's own error over its newest visits. One query."""
    rows = PredictionScore.objects.filter(quantity=QUANTITY).order_by("-id").values_list("error_min", "by_ninety")[:NEWEST]
    return summed_up([Score(error, held) for error, held in rows])

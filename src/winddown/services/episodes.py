"""Scores are looked at as they come: a worsening and a lost response open a task in the transaction that keeps the answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from winddown.domain.outcomes.definition import BY_INSTRUMENT
from winddown.domain.outcomes.follow import Asks, what_scores_ask
from winddown.record.models import Answer, Patient, Task
from winddown.record.queries.episodes import newest_course
from winddown.services import tasks
from winddown.services.suicide_safety import place_of


@transaction.atomic
def follow(answer: Answer, *, now: datetime) -> tuple[Asks, ...]:
    """Open what the scores ask for, called by `answers.submit`. An answer without a score opens nothing here."""
    definition = BY_INSTRUMENT.get(answer.instrument)
    if definition is None or answer.score is None:
        return ()
    scores, given = newest_course(definition, answer.patient)
    asks = what_scores_ask(definition, scores, given, at=now)
    for each in asks:
        _open(each, answer, now)
    return asks


def _open(asked: Asks, answer: Answer, now: datetime) -> None:
    subject = subject_of(answer.patient, asked.about)
    if not asked.again and Task.objects.filter(kind=asked.kind, subject=subject).exists():
        return
    tasks.open_task(
        kind=asked.kind,
        urgency=asked.urgency,
        words=asked.words,
        location=place_of(answer.patient, answer),
        patient=answer.patient,
        subject=subject,
        due_at=now + asked.within,
        now=now,
    )


def subject_of(patient: Patient, about: str) -> str:
    """What a task on scores is about: at most 80 letters."""
    return f"{about}:{patient.ref}"[:80]

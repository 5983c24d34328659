"""A review is offered when relief has probably faded: at the answer that tips it, and at night when only time did. Once for each series."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from winddown.domain.days import age_on
from winddown.domain.outcomes.definition import PAIN
from winddown.domain.relief.booster import FADES
from winddown.record.models import Answer, Booking, Patient, Task
from winddown.services import relief, tasks
from winddown.services.episodes import subject_of
from winddown.services.relief import Forecast, keep
from winddown.services.screening import gather
from winddown.services.suicide_safety import place_of

log = logging.getLogger("winddown.relief")
OFFER_WITHIN = timedelta(days=3)
# Classes of medicines by which the board of honesty counts; the first one that a patient takes is theirs.
MEDICINES = ("opioid", "benzodiazepine", "gabapentinoid", "antidepressant")


def follow(answer: Answer, *, now: datetime) -> bool:
    """Look ahead with the score that has just come, called by `answers.submit`. What cannot be reckoned waits for the night."""
    if answer.instrument != PAIN.instrument or answer.score is None:
        return False
    try:
        found = relief.forecast(answer.patient, now=now)
    except (np.linalg.LinAlgError, ArithmeticError) as why:
        log.warning("no look ahead with an answer: %s", type(why).__name__, extra={"answer": str(answer.ref)})
        return False
    return offer(answer.patient, found, now=now)


@transaction.atomic
def booked(booking: Booking, *, now: datetime) -> None:
    """A visit that somebody booked answers the proposal: its task is closed by the booking. A held time answers nothing yet."""
    if booking.patient_id is None or booking.status != "booked":
        return
    for task in Task.objects.filter(kind="relief_review", patient_id=booking.patient_id).exclude(status="closed"):
        tasks.close_by_fact(task, "booked", fact=f"booking:{booking.ref}", now=now)


@transaction.atomic
def offer(patient: Patient, found: Forecast, *, now: datetime) -> bool:
    """A task to talk about a review or a booster, once for each series. A person books."""
    if found.proposal is None or not found.episodes:
        return False
    subject = subject_of(patient, f"pain:{found.episodes[-1].began_at:%Y-%m-%d}")
    if Task.objects.filter(kind="relief_review", subject=subject).exists():
        return False
    keep(patient, with_person(found, patient, now=now), moment="review", by=None, now=now)
    tasks.open_task(
        kind="relief_review",
        urgency="soon",
        words=FADES,
        location=place_of(patient),
        patient=patient,
        subject=subject,
        due_at=max(now, min(found.proposal.likely_on, now + timedelta(days=7))) + OFFER_WITHIN,
        now=now,
    )
    return True


def with_person(found: Forecast, patient: Patient, *, now: datetime) -> Forecast:
    """The same forecast with what the board counts it by: the age in years and the medicines beside it, as on file now."""
    if not found.about:
        return found
    taken = gather.medicines_of(patient, now=now)
    classes = frozenset[str]().union(*(each.classes for each in taken or ()))
    beside = "unknown" if taken is None else next((each for each in MEDICINES if each in classes), "none")
    return replace(found, about={**found.about, "age": age_on(patient.birth_date, now.date()), "beside": beside})

"""When the last visit of a series is over, its letter waits as a task: at the discharge that ends it, else at night."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from winddown.domain.outcomes.definition import PAIN
from winddown.domain.outcomes.episodes import Given, series
from winddown.domain.outcomes.follow import LETTER, LETTER_ANEW
from winddown.record.models import Booking, Course, LetterSent, Patient, SeriesLetter, Session, Task
from winddown.record.models.booking import STANDING
from winddown.record.queries.infusions import infusions_of
from winddown.record.scope import at_practice
from winddown.services import letter_recipients, tasks
from winddown.services.suicide_safety import place_of

SERIES_GAP = timedelta(days=PAIN.series_gap.value)
LOOKED_BACK, WITHIN = timedelta(days=45), timedelta(days=7)
UNDER_WAY = ("checked_in", "ready", "running", "held", "stopped", "recovering")


def nightly(practice_id: int, *, now: datetime) -> str:
    """Every patient with a visit in the last weeks is looked at once."""
    with at_practice(practice_id):
        lately = Session.objects.filter(planned__startswith__gt=now - LOOKED_BACK, planned__startswith__lt=now)
        patients = Patient.objects.filter(pk__in=lately.values("patient"), merged_into=None)
        return f"letters waiting: {sum(look(patient, now=now) for patient in patients)}"


@transaction.atomic
def look(patient: Patient, *, now: datetime) -> bool:
    """Open the task of the newest series when no visit of it is to come; once for each series."""
    whose = patient.merged_into or patient
    given = [Given(each.started_at, each.ended_at) for each in infusions_of(whose) if each.started_at <= now]
    runs = series(PAIN, given)
    if not runs or now - runs[-1][-1].end > LOOKED_BACK or _goes_on(whose, runs[-1][-1], now=now):
        return False
    subject = letter_recipients.subject_of(whose, runs[-1][0].started_at)
    if Task.objects.filter(kind="series_letter", subject=subject).exists():
        return False
    _open(whose, subject, LETTER, now=now)
    return True


def signed_anew(letter: SeriesLetter, *, now: datetime) -> bool:
    """Open the task once more when a later version is signed after it was closed: somebody outside may hold the older one."""
    whose = letter.patient.merged_into or letter.patient
    subject = letter_recipients.subject_of(whose, letter.began_at)
    statuses = set(Task.objects.filter(kind="series_letter", subject=subject).values_list("status", flat=True))
    if statuses != {"closed"} or not LetterSent.objects.filter(signed__letter__patient=letter.patient).exists():
        return False
    _open(whose, subject, LETTER_ANEW, now=now)
    return True


def _open(whose: Patient, subject: str, words: str, *, now: datetime) -> None:
    task = tasks.open_task(
        kind="series_letter",
        urgency="soon",
        words=words,
        location=place_of(whose),
        patient=whose,
        subject=subject,
        due_at=now + WITHIN,
        now=now,
    )
    course = Course.objects.filter(Q(patient=whose) | Q(patient__merged_into=whose)).order_by("-opened_at", "-id").first()
    if course is not None and course.by.active:
        tasks.assign(task, course.by_id, step=0, now=now)


def _goes_on(patient: Patient, last: Given, *, now: datetime) -> bool:
    """Whether a visit is open, or one to come belongs to the same series."""
    whose = Q(patient=patient) | Q(patient__merged_into=patient)
    until = last.started_at + SERIES_GAP
    to_come = Q(status="planned", planned__startswith__gt=now, planned__startswith__lte=until)
    under_way = Q(status__in=UNDER_WAY, planned__startswith__gt=now - timedelta(days=1))
    booked = Booking.objects.filter(whose, status__in=STANDING, session=None, span__startswith__gt=now, span__startswith__lte=until)
    return Session.objects.filter(whose).filter(to_come | under_way).exists() or booked.exists()

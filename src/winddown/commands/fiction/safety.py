"""The fictional clinic's nights: who is on call, the consent texts its director adopted, and tasks in several states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from winddown.domain.tasks.kinds import Closing
from winddown.record.models import Location, Patient, Staff, Task
from winddown.record.queries import tasks as asked
from winddown.services import answers, consents, roster, tasks

DUTY = timedelta(hours=12)
DUTIES = 10
PHONE = "555-0142"


def put_on_call(places: Iterable[Location], *, nurse: Staff, prescriber: Staff, director: Staff, now: datetime) -> None:
    """Five days of duties for each place, prescriber first and nurse second; one night is left open, as it happens."""
    start = now.replace(minute=0, second=0, microsecond=0)
    for place in places:
        if asked.on_call(place.pk, now):
            continue
        for number in range(DUTIES):
            if number == DUTIES - 3:
                continue
            begins, ends = start + number * DUTY, start + (number + 1) * DUTY
            for rank, person in ((1, prescriber), (2, nurse)):
                roster.put_on_call(place, person, starts_at=begins, ends_at=ends, rank=rank, phone=PHONE, by=director, now=now)


def adopt_texts(*, director: Staff, now: datetime) -> None:
    for about in ("treatment", "caregiver"):
        consents.adopt_packaged(about, by=director, now=now)


def open_tasks(*, nurse: Staff, prescriber: Staff, now: datetime) -> None:
    """A screener of yesterday that was answered by a call, whose next check is due today, and one of this morning that waits."""
    patients = list(Patient.objects.filter(sessions__isnull=False).distinct().order_by("id")[:2])
    if Task.objects.filter(kind="suicide_risk").exists() or len(patients) < 2:
        return
    yesterday = now - timedelta(hours=20)
    _screener(patients[0], {"1": "1", "2": "1", "3": "0", "4": "1", "5": "0", "6": "0"}, nurse, yesterday)
    task = Task.objects.get(kind="suicide_risk")
    tasks.acknowledge(task, by=prescriber, now=yesterday + timedelta(minutes=1))
    told = Closing(
        "safe_plan",
        called="the patient, by phone",
        called_at=yesterday + timedelta(minutes=4),
        next_check_at=now + timedelta(hours=5),
        words="Fictional: at home with a sister tonight, tablets given to her, knows the numbers, agrees to a call tomorrow.",
    )
    tasks.close(task, told, by=prescriber, now=yesterday + timedelta(minutes=16))
    _screener(patients[1], {"1": "1", "2": "0", "6": "0"}, nurse, now - timedelta(hours=1))


def _screener(patient: Patient, items: dict[str, str], nurse: Staff, at: datetime) -> None:
    answers.submit(
        patient=patient, instrument="c-ssrs", version="1", items=items, language="en", answered_at=at, source="staff", by=nurse, now=at
    )

"""What the diary's job reads of a whole practice: who is at home, and, only of those to whom something may be due, what they answered and
were sent. That is the large part, and in most minutes nothing is due to anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from winddown.record.models import Answer, Course, FormSchedule, Message, Patient, PatientContact, ProtocolVersion, Task
from winddown.record.scope import current_practice_id


@dataclass
class AtHome:
    """One patient with an infusion behind them. ended: the ends of infusions, oldest first; given: when each instrument was answered."""

    patient: Patient
    course: Course
    ended: list[datetime]
    contact: PatientContact | None = None
    schedule: list[dict[str, object]] | None = None
    given: dict[str, list[datetime]] = field(default_factory=dict)
    sent: list[tuple[str, str, datetime, str]] = field(default_factory=list)
    tasks: set[tuple[str, str]] = field(default_factory=set)


# Its kinds are those of the index `event_infusion_ended`: of all that happened at the chairs, only the ends are read.
INFUSIONS_ENDED = """select coalesce(p.merged_into_id, p.id), e.happened_at from record_sessionevent e
     join record_session s on s.id = e.session_id join record_patient p on p.id = s.patient_id
   where e.practice_id = %s and e.kind in ('infusion_completed', 'stopped') and e.happened_at >= %s
     and not exists (select 1 from record_sessionevent later where later.supersedes_id = e.id)
   order by e.happened_at"""


def infusions_ended(since: datetime) -> dict[int, list[datetime]]:
    """When infusions ended, by the patient that stays after a merge. What was corrected does not count. One query."""
    with connection.cursor() as cursor:
        cursor.execute(INFUSIONS_ENDED, [current_practice_id(), since])
        rows = cursor.fetchall()
    found: dict[int, list[datetime]] = {}
    for patient_id, at in rows:
        found.setdefault(patient_id, []).append(at)
    return found


def at_home(*, since: datetime) -> list[AtHome]:
    """Everybody whose newest course has an infusion behind it since then, with their contact and their own schedule. Five queries."""
    ended = infusions_ended(since)
    courses = Course.objects.filter(patient_id__in=ended).select_related("patient")
    found: dict[int, AtHome] = {}
    for course in courses.order_by("patient_id", "-opened_at", "-id").distinct("patient_id"):
        ends = [at for at in ended[course.patient_id] if at >= course.opened_at]
        if ends:
            found[course.patient_id] = AtHome(course.patient, course, ends)
    _protocols(each.course for each in found.values())
    for contact in PatientContact.objects.filter(patient_id__in=found).order_by("patient_id", "-id").distinct("patient_id"):
        found[contact.patient_id].contact = contact
    by_course = {each.course.pk: each for each in found.values()}
    for row in FormSchedule.objects.filter(course_id__in=by_course).order_by("course_id", "-id").distinct("course_id"):
        by_course[row.course_id].schedule = row.data
    return list(found.values())


def _protocols(courses: Iterable[Course]) -> None:
    """Each version is read once, however many courses follow it."""
    rows = list(courses)
    versions = ProtocolVersion.objects.in_bulk({course.protocol_id for course in rows})
    for course in rows:
        course.protocol = versions[course.protocol_id]


def told(people: Iterable[AtHome], *, since: datetime, recent: datetime, kinds: Collection[str], task_kinds: Collection[str]) -> None:
    """What these people answered, were sent and have as tasks. `recent`: how far back answers are read. Four queries."""
    found = {each.patient.pk: each for each in people}
    merged = dict(Patient.objects.filter(merged_into_id__in=found).values_list("pk", "merged_into_id"))
    answers = Answer.objects.filter(patient_id__in={*found, *merged}, answered_at__gte=recent, superseded_by__isnull=True)
    for own, instrument, at in answers.order_by("answered_at").values_list("patient_id", "instrument", "answered_at"):
        found[merged.get(own, own)].given.setdefault(instrument, []).append(at)
    messages = Message.objects.filter(patient_id__in=found, kind__in=kinds, made_at__gte=since).order_by("id")
    for patient_id, kind, key, made_at, state in messages.values_list("patient_id", "kind", "key", "made_at", "state"):
        found[patient_id].sent.append((kind, key or "", made_at, state))
    tasks = Task.objects.filter(patient_id__in=found, kind__in=task_kinds, opened_at__gte=since)
    for patient_id, kind, subject in tasks.values_list("patient_id", "kind", "subject"):
        found[patient_id].tasks.add((kind, subject))

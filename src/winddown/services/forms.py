"""Forms for a patient: what a course asks for and when, what a link opens, and sending one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from winddown.domain.instruments import sets
from winddown.domain.instruments.sets import Ask, Due, Slot
from winddown.domain.refusals import UnknownWord
from winddown.record.models import Answer, Course, FormSchedule, Link, Patient, Staff
from winddown.record.queries.answers import all_of
from winddown.record.queries.infusions import infusions_of
from winddown.services import audit, instruments, links, permissions

DUE = "due"


def subject_of_set(key: str) -> str:
    return f"set:{sets.set_of(key).key}"


def subject_of_instruments(keys: Sequence[str]) -> str:
    return "ask:" + ",".join(instruments.form_of(key).key for key in keys)


@transaction.atomic
def send(
    *, patient: Patient, subject: str, by: Staff | None, now: datetime, language: str = "", expires_at: datetime | None = None
) -> Link:
    """A link that opens these forms. Refuses UnknownWord for a subject that is none."""
    asks_of_subject(subject)
    return links.make(patient=patient, purpose="forms", subject=subject, expires_at=expires_at, now=now, by=by, language=language)


def asks_of_subject(subject: str) -> tuple[Ask, ...]:
    """What a subject asks for: `set:evening`, `ask:phq-9,gad-7`, or `due` (then it depends on the day and this is empty)."""
    kind, _, named = subject.partition(":")
    if kind == "set":
        return sets.set_of(named).asks
    if kind == "ask":
        return tuple(Ask(instruments.form_of(key).key) for key in named.split(","))
    if subject == DUE:
        return ()
    raise UnknownWord("subject of a forms link", subject, ("set:...", "ask:...", DUE))


def asks_of(link: Link, *, now: datetime) -> tuple[Ask, ...]:
    """What this link asks for now, in order, whether answered or not."""
    if link.subject != DUE:
        return asks_of_subject(link.subject)
    asked: dict[str, Ask] = {}
    for slot in due(links.patient_of(link), now=now):
        for ask in slot.form_set.asks:
            asked.setdefault(ask.instrument, ask)
    return tuple(asked.values())


def answered_by(link: Link) -> dict[str, Answer]:
    """What was answered through this link, by instrument."""
    return {answer.instrument: answer for answer in Answer.objects.filter(link=link).order_by("id")}


def schedule_of(course: Course) -> tuple[Due, ...]:
    """The course's own schedule, or the packaged one."""
    row: FormSchedule | None = FormSchedule.objects.filter(course=course).order_by("-id").first()
    return sets.from_data(row.data) if row else sets.PACKAGED


@transaction.atomic
def reschedule(course: Course, rows: Sequence[dict[str, Any]], *, by: Staff, now: datetime) -> FormSchedule:
    """Another schedule for this course, as a new row. Refuses UnknownWord for a set that is not known."""
    permissions.require(by, "answer.write")
    kept = FormSchedule(course=course, data=sets.as_data(sets.from_data(rows)), written_at=now, by=by)
    kept.save()
    audit.note("write form schedule", by=by, now=now, patient=course.patient, subject=str(course.ref))
    return kept


def slots_of(patient: Patient) -> tuple[Slot, ...]:
    """Every time at which the newest course asks for something; none without a course."""
    course: Course | None = Course.objects.filter(patient=patient).order_by("-opened_at", "-id").first()
    if course is None:
        return ()
    ended = [infusion.ended_at for infusion in infusions_of(patient) if infusion.ended_at and infusion.ended_at >= course.opened_at]
    return sets.slots(schedule_of(course), course_opened_at=course.opened_at, sessions_ended_at=ended)


def due(patient: Patient, *, now: datetime) -> tuple[Slot, ...]:
    """The slots that are open now and not answered in full."""
    given = {key: [answer.answered_at for answer in rows] for key, rows in all_of(patient).items()}
    return tuple(
        slot
        for slot in sets.open_now(slots_of(patient), at=now)
        if not all(sets.answered(slot, instrument, given.get(instrument, ())) for instrument in slot.form_set.instruments)
    )

"""Forms for a patient: what a course asks for and when, what a link opens, and sending one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from winddown.domain.days import in_words
from winddown.domain.followup import schedule
from winddown.domain.followup.schedule import BLOCK, Due, Home, Slot
from winddown.domain.instruments import sets
from winddown.domain.instruments.sets import Ask
from winddown.domain.refusals import Refusal, UnknownWord
from winddown.record.models import Answer, Course, FormSchedule, Link, Patient, Staff
from winddown.record.queries.answers import all_of, moments_of
from winddown.record.queries.infusions import infusions_of
from winddown.services import audit, contacts, instruments, links, permissions

DUE, EVENING = "due", "evening"
SAME_SITTING = timedelta(hours=6)
Given = Mapping[str, Sequence[datetime]]


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
    if by is not None:
        refuse_too_soon(patient.merged_into or patient, subject, now=now)
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
    """What this link asks for now, in order, whether answered or not. A link that follows the schedule asks for what is open today."""
    if not follows_schedule(link):
        return asks_of_subject(link.subject)
    patient = links.patient_of(link)
    asked: dict[str, Ask] = {}
    given = given_of(patient)
    home = home_of(patient)
    for slot in due(patient, now=now, given=given, home=home):
        if link.purpose == "diary" and slot.form_set.key == EVENING:
            continue
        for ask in slot.form_set.asks:
            if _is_open(slot, ask.instrument, given, home, now=now):
                asked.setdefault(ask.instrument, ask)
    return tuple(asked.values())


def follows_schedule(link: Link) -> bool:
    return link.purpose == "diary" or link.subject == DUE


def answered_by(link: Link, *, now: datetime | None = None) -> dict[str, Answer]:
    """What was answered through this link, by instrument; through one that follows the schedule, in the last hours before `now`."""
    rows = Answer.objects.filter(link=link)
    if follows_schedule(link) and now is not None:
        rows = rows.filter(written_at__gt=now - SAME_SITTING)
    return {answer.instrument: answer for answer in rows.order_by("id")}


def schedule_of(course: Course) -> tuple[Due, ...]:
    """The course's own schedule, else that of its protocol's version, else the packaged one of its track."""
    row: FormSchedule | None = FormSchedule.objects.filter(course=course).order_by("-id").first()
    if row:
        return schedule.from_data(row.data)
    protocol = course.protocol.data
    return schedule.from_data(protocol[BLOCK]["rows"]) if BLOCK in protocol else schedule.packaged(protocol["track"])


def home_of(patient: Patient) -> Home:
    """The patient's own clock: their zone and hour, else the place of their visits and the evening."""
    contact = contacts.of(patient)
    return Home(contact.zone, contact.hour) if contact else Home(contacts.home_zone(patient))


@transaction.atomic
def reschedule(course: Course, rows: Sequence[dict[str, Any]], *, by: Staff, now: datetime) -> FormSchedule:
    """Another schedule for this course, as a new row. Refuses UnknownWord for a set that is not known."""
    permissions.require(by, "answer.write")
    kept = FormSchedule(course=course, data=schedule.as_data(schedule.from_data(rows)), written_at=now, by=by)
    kept.save()
    audit.note("write form schedule", by=by, now=now, patient=course.patient, subject=str(course.ref))
    return kept


def slots_of(patient: Patient, home: Home | None = None) -> tuple[Slot, ...]:
    """Every time at which the newest course asks for something; none without a course."""
    courses = Course.objects.filter(patient=patient).select_related("protocol")
    course: Course | None = courses.order_by("-opened_at", "-id").first()
    if course is None:
        return ()
    ended = [infusion.ended_at for infusion in infusions_of(patient) if infusion.ended_at and infusion.ended_at >= course.opened_at]
    home = home or home_of(patient)
    return schedule.slots(schedule_of(course), course_opened_at=course.opened_at, sessions_ended_at=ended, home=home)


def due(patient: Patient, *, now: datetime, given: Given | None = None, home: Home | None = None) -> tuple[Slot, ...]:
    """The slots that are open now, hold something still to answer, and do not come sooner than their instruments allow."""
    given, home = given_of(patient) if given is None else given, home or home_of(patient)
    found = schedule.open_now(slots_of(patient, home), at=now)
    return tuple(slot for slot in found if any(_is_open(slot, each, given, home, now=now) for each in slot.form_set.instruments))


def missed_evenings(patient: Patient, instrument: str, ended: Sequence[datetime], *, now: datetime) -> tuple[datetime, ...]:
    """When the newest course asked for this instrument and nothing came, from the ends of its infusions that the caller knows already."""
    course: Course | None = Course.objects.filter(patient=patient).select_related("protocol").order_by("-opened_at", "-id").first()
    if course is None:
        return ()
    home = home_of(patient)
    asked = schedule.slots(schedule_of(course), course_opened_at=course.opened_at, sessions_ended_at=ended, home=home)
    return missed(asked, instrument, moments_of(patient, instrument), home=home, now=now)


def missed(patient_slots: Sequence[Slot], instrument: str, given: Sequence[datetime], *, home: Home, now: datetime) -> tuple[datetime, ...]:
    """When this instrument was asked and not answered; what came too soon to be asked is not missing."""
    interval = instruments.form_of(instrument).minimum_interval_days.value
    return schedule.missed(patient_slots, instrument, given, at=now, interval_days=interval, home=home)


def refuse_too_soon(patient: Patient, subject: str, *, now: datetime) -> None:
    """Refuse to send only forms that were answered a moment ago: the answers would overlap. Answers themselves are never refused."""
    given, home = given_of(patient), home_of(patient)
    asked = [ask.instrument for ask in asks_of_subject(subject)]
    waits = {}
    for key in asked:
        interval = instruments.form_of(key).minimum_interval_days.value
        if schedule.too_soon(given.get(key, ()), interval, home, at=now):
            waits[key] = schedule.allowed_from(max(given[key]), interval, home)
    if asked and len(waits) == len(asked):
        first = min(waits.values())
        raise Refusal(
            because="These questions were answered too short a time ago: the answers would be about the same days.",
            way_out=f"They can be asked again from {in_words(home.day_of(first))} on. Meanwhile, enter by hand what is said.",
            code="asked_too_soon",
            where="subject",
        )


def given_of(patient: Patient) -> Given:
    """When this patient answered each instrument. One query."""
    return {key: [answer.answered_at for answer in rows] for key, rows in all_of(patient).items()}


def _is_open(slot: Slot, instrument: str, given: Given, home: Home, *, now: datetime) -> bool:
    told = given.get(instrument, ())
    interval = instruments.form_of(instrument).minimum_interval_days.value
    return not schedule.answered(slot, instrument, told) and not schedule.too_soon(told, interval, home, at=now)

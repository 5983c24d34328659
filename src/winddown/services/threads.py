"""Messages between a patient and the clinic: kept, searched for red words at once, and waiting as a task until answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from winddown.domain.refusals import Missing, OutOfRange, Stale, UnknownWord
from winddown.domain.words import uncut
from winddown.record.models import AnswerTime, InboundText, OwnAccess, Patient, Staff, Task, Thread, ThreadNote
from winddown.services import audit, messages, own_access, permissions, suicide_safety, tasks
from winddown.services.announcements import News, announce

ABOUT = ("symptom", "mood", "medicine", "visit", "other")
TASK, LONGEST_WORDS = "patient_message", 8000
UNSIGNED_HOURS = 24
SAME_MATTER = timedelta(days=3)
WAITS = "A patient wrote and waits for an answer."


@transaction.atomic
def write(
    access: OwnAccess,
    words: str,
    *,
    about: str = "other",
    thread: Thread | None = None,
    language: str = "",
    key: UUID | None = None,
    now: datetime,
) -> ThreadNote:
    """Keep what the patient wrote; red words open an urgent task in the same transaction. `red` of the note: show help at once.

    language  of the page on which it was written
    refuses   an empty note, one beyond 8000 signs, a topic that is not known
    """
    known: ThreadNote | None = ThreadNote.objects.filter(ref=key, access=access).first() if key else None
    if known is not None:
        return known
    said, patient = _said(words), own_access.patient_of(access)
    if about not in ABOUT:
        raise UnknownWord("topic of a message", about, ABOUT)
    place = suicide_safety.place_of(patient)
    if thread is None:
        thread = Thread(patient=patient, location=place, about=about, opened_at=now, last_at=now)
        thread.save()
    red = suicide_safety.read_text(said, patient=patient, location=place, subject=f"thread:{thread.ref}", language=language, now=now)
    return _waits(ThreadNote(ref=key or uuid4(), thread=thread, at=now, access=access, words=said, red=red), patient, now=now)


@transaction.atomic
def came_by_text(text: InboundText, *, now: datetime) -> ThreadNote:
    """A text message of this patient joins the matter that was written by text lately, or begins one, and waits like any other message."""
    patient = text.patient
    if patient is None:
        raise LookupError("a text of nobody known has no thread")
    rows = Thread.objects.filter(patient=patient, notes__text__isnull=False, last_at__gt=now - SAME_MATTER)
    thread: Thread | None = rows.order_by("-last_at").first()
    if thread is None:
        thread = Thread(patient=patient, location=suicide_safety.place_of(patient), about="other", opened_at=now, last_at=now)
        thread.save()
    return _waits(ThreadNote(ref=text.ref, thread=thread, at=now, text=text, words=text.words, red=text.red), patient, now=now)


def _waits(note: ThreadNote, patient: Patient, *, now: datetime) -> ThreadNote:
    """Keep a note of the patient: its thread waits, and so does a task."""
    note.save()
    thread, place = note.thread, suicide_safety.place_of(patient)
    thread.last_at, thread.waiting_since = now, thread.waiting_since or now
    thread.save(update_fields=["last_at", "waiting_since"])
    due = thread.waiting_since + timedelta(hours=hours_to_answer())
    tasks.open_task(kind=TASK, urgency="soon", words=WAITS, location=place, patient=patient, subject=_subject(thread), due_at=due, now=now)
    return _told(note, patient, "write message", by=None, now=now)


@transaction.atomic
def answer(thread: Thread, words: str, *, seen: int, by: Staff, now: datetime, key: UUID | None = None) -> ThreadNote:
    """A person of the clinic answers. The patient is told that a message waits, and nothing of what it says.

    seen     how many notes stood on the screen; refuses Stale when the patient wrote meanwhile: read that first
    """
    permissions.require(by, "thread.answer")
    known: ThreadNote | None = ThreadNote.objects.filter(ref=key, by=by).first() if key else None
    if known is not None:
        return known
    thread = _held(thread, seen)
    note = ThreadNote(ref=key or uuid4(), thread=thread, at=now, by=by, words=_said(words))
    note.save()
    _settle(thread, "answered", note, now=now)
    _tell_patient(note, now=now)
    return _told(note, thread.patient, "answer message", by=by, now=now)


@transaction.atomic
def open_to(patient: Patient, words: str, *, about: str, by: Staff, now: datetime, key: UUID | None = None) -> ThreadNote:
    """The clinic writes first."""
    permissions.require(by, "thread.answer")
    known: ThreadNote | None = ThreadNote.objects.filter(ref=key, by=by).first() if key else None
    if known is not None:
        return known
    if about not in ABOUT:
        raise UnknownWord("topic of a message", about, ABOUT)
    said, whose = _said(words), patient.merged_into or patient
    thread = Thread(patient=whose, location=suicide_safety.place_of(whose), about=about, opened_at=now, last_at=now)
    thread.save()
    return answer(thread, said, seen=0, by=by, now=now, key=key)


@transaction.atomic
def needs_no_answer(thread: Thread, *, seen: int, by: Staff, now: datetime, key: UUID | None = None) -> ThreadNote:
    """Read, and nothing to answer. Who said so stands in the thread."""
    permissions.require(by, "thread.answer")
    known: ThreadNote | None = ThreadNote.objects.filter(ref=key, by=by).first() if key else None
    if known is not None:
        return known
    thread = _held(thread, seen)
    note = ThreadNote(ref=key or uuid4(), thread=thread, at=now, by=by, words="", asks_nothing=True)
    note.save()
    _settle(thread, "read", note, now=now)
    return _told(note, thread.patient, "message needs no answer", by=by, now=now)


def of_patient(patient: Patient) -> QuerySet[Any]:
    """Every thread of a patient, the newest first."""
    return Thread.objects.filter(patient=patient).order_by("-last_at", "-id")


def inbox() -> QuerySet[Any]:
    """What waits: red words on top, then the longest wait. `red` of a row: they stand in a note that nobody answered."""
    since = ThreadNote.objects.filter(thread=OuterRef("pk"), red=True, at__gte=OuterRef("waiting_since"))
    rows = Thread.objects.filter(waiting_since__isnull=False).select_related("patient", "location")
    return rows.annotate(red=Exists(since)).order_by("-red", "waiting_since", "id")


def notes_of(thread: Thread) -> list[ThreadNote]:
    return list(ThreadNote.objects.filter(thread=thread).select_related("by", "access", "text").order_by("id"))


@transaction.atomic
def seen_by_patient(thread: Thread) -> None:
    if thread.unread_by_patient:
        thread.unread_by_patient = False
        thread.save(update_fields=["unread_by_patient"])


def answer_time() -> AnswerTime | None:
    """The signed time in which the clinic means to answer; None: nobody signed one, and UNSIGNED_HOURS counts."""
    found: AnswerTime | None = AnswerTime.objects.select_related("by").order_by("-version").first()
    return found


def hours_to_answer() -> int:
    signed = answer_time()
    return signed.hours if signed else UNSIGNED_HOURS


@transaction.atomic
def sign_answer_time(hours: int, *, because: str, by: Staff, now: datetime) -> AnswerTime:
    """A new version. Messages that wait already keep the time they were given."""
    permissions.require(by, "thread.time")
    if not 1 <= hours <= 168:
        raise OutOfRange(because=f"{hours} hours cannot be.", way_out="Between 1 and 168.", code="hours", where="hours")
    if not because.strip():
        raise Missing(because="A new time needs its reason.", way_out="Say why.", code="reason_missing", where="because")
    before = answer_time()
    words = uncut(because, 300, where="because")
    signed = AnswerTime(version=before.version + 1 if before else 1, hours=hours, because=words, signed_at=now, by=by)
    signed.save()
    audit.note("sign answer time", by=by, now=now, words=f"{hours} h")
    return signed


def _held(thread: Thread, seen: int) -> Thread:
    """The row locked until commit, as it was on the screen."""
    held: Thread = Thread.objects.select_for_update(of=("self",)).select_related("patient").get(pk=thread.pk)
    if ThreadNote.objects.filter(thread=held).count() > seen:
        raise Stale(
            because="Somebody wrote here since you opened this page.",
            way_out="Read that first; what you typed is kept.",
            code="thread_moved",
        )
    return held


def _settle(thread: Thread, outcome: str, note: ThreadNote, *, now: datetime) -> None:
    thread.last_at, thread.waiting_since = now, None
    thread.unread_by_patient = thread.unread_by_patient or not note.asks_nothing
    thread.save(update_fields=["last_at", "waiting_since", "unread_by_patient"])
    for task in Task.objects.filter(kind=TASK, subject=_subject(thread)).exclude(status="closed"):
        tasks.close_by_fact(task, outcome, fact=f"note:{note.ref}", now=now)


def _tell_patient(note: ThreadNote, *, now: datetime) -> None:
    """To the address of the patient's own pages, which a person proved; a reminder like others, so the patient may stop them."""
    access = own_access.live(note.thread.patient).filter(who="patient").first()
    if access is None:
        return
    to = messages.Contact(name=note.thread.patient.given_name, email=access.email, language=access.language or "en", channel="email")
    messages.post(
        kind="new_message",
        patient=note.thread.patient,
        to=to,
        values={"link": f"/me/messages/{note.thread.ref}/"},
        subject=_subject(note.thread),
        key=f"note:{note.ref}",
        now=now,
    )


def _told(note: ThreadNote, patient: Patient, act: str, *, by: Staff | None, now: datetime) -> ThreadNote:
    audit.note(act, by=by, now=now, patient=patient, subject=str(note.thread.ref))
    announce(News("thread", now, body={"thread": str(note.thread.ref)}))
    return note


def _subject(thread: Thread) -> str:
    return f"thread:{thread.ref}"


def _said(words: str) -> str:
    plain = words.strip()
    if not plain:
        raise Missing(because="An empty message says nothing.", way_out="Write what you want to say.", code="words_missing", where="words")
    if len(plain) > LONGEST_WORDS:
        raise OutOfRange(
            because=f"A message holds {LONGEST_WORDS} signs; this one has {len(plain)}.",
            way_out="Send it in two.",
            code="words_long",
            where="words",
        )
    return plain

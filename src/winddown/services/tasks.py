"""Tasks: opened by people and by other services, acknowledged, handed on, tried, closed with an outcome. Each act is a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from winddown.domain.refusals import Missing, NotAllowed, UnknownWord
from winddown.domain.tasks import lifecycle
from winddown.domain.tasks.escalation import whom
from winddown.domain.tasks.kinds import CALL, URGENCIES, Closing, TaskKind, check_closing, kind_of
from winddown.domain.words import uncut
from winddown.record.models import Location, Patient, Staff, Task, TaskAct
from winddown.record.queries import tasks as asked
from winddown.record.scope import current_practice_id
from winddown.services import audit, permissions
from winddown.services.announcements import News, announce

_LOCK = 7_410_011
_RANK: dict[str, int] = {urgency: place for place, urgency in enumerate(URGENCIES)}


@transaction.atomic
def open_task(
    *,
    kind: str,
    urgency: str,
    words: str,
    location: Location,
    due_at: datetime,
    now: datetime,
    patient: Patient | None = None,
    subject: str = "",
    by: Staff | None = None,
) -> Task:
    """A task, in the transaction of what made it necessary. No permission is asked: it is a fact that this must be done.

    subject   what it is about; the same subject and kind still open is the same task, made more urgent and due earlier when need be
    words     never a name
    refuses   UnknownWord for a kind or an urgency that is not in the tables
    """
    kind_of(kind)
    if urgency not in URGENCIES:
        raise UnknownWord("urgency", urgency, URGENCIES)
    if subject:
        _lock_subject(f"{kind}:{subject}")
    same = Task.objects.filter(kind=kind, subject=subject).exclude(status="closed").first() if subject else None
    if same is not None:
        return _again(same, urgency, words, due_at, by=by, now=now)
    task = Task(
        kind=kind,
        urgency=urgency,
        words=words[:400],
        location=location,
        patient=patient,
        subject=subject[:80],
        opened_at=now,
        opened_by=by,
        due_at=due_at,
    )
    task.save()
    if urgency == "urgent":
        tell_first(task, now=now)
    audit.note("open task", by=by, now=now, patient=patient, subject=str(task.ref), words=kind)
    tell(task, now=now)
    return task


def _again(task: Task, urgency: str, words: str, due_at: datetime, *, by: Staff | None, now: datetime) -> Task:
    """The same thing once more: never less urgent, never later. What was said now is kept beside what was said first."""
    more_urgent = _RANK[urgency] < _RANK[task.urgency]
    kind = "raised" if more_urgent else "noted"
    act = TaskAct(task=task, task_kind=task.kind, urgency=urgency, kind=kind, at=now, by=by, words=words[:1000])
    act.save()
    task.due_at = min(task.due_at, due_at)
    if more_urgent:
        task.urgency, task.words, task.status = urgency, words[:400], lifecycle.next_status(task.status, "raised")  # type: ignore[arg-type]
        task.acknowledged_by, task.acted_at, task.step = None, None, 0
    task.save(update_fields=["due_at", "urgency", "words", "status", "acknowledged_by", "acted_at", "step"])
    if more_urgent and urgency == "urgent":
        tell_first(task, now=now)
    tell(task, now=now)
    return task


def raise_urgency(task: Task, *, words: str, now: datetime) -> Task:
    """A task that was not closed by its time becomes urgent; the watch asks for it."""
    return _again(task, "urgent", words, task.due_at, by=None, now=now)


def tell_first(task: Task, *, now: datetime) -> None:
    """Give an urgent task to the first person on call for its place; with nobody on call, to a director at once."""
    staff_id, _is_director = whom(0, asked.on_call(task.location_id, now), asked.directors())
    assign(task, staff_id, step=1, now=now)


def assign(task: Task, staff_id: int | None, *, step: int, now: datetime) -> None:
    task.assigned_id, task.assigned_at, task.step = staff_id, now, step
    task.save(update_fields=["assigned", "assigned_at", "step"])


def tell(task: Task, *, now: datetime) -> None:
    """News for every signed-in screen. It carries no name and no words: a screen asks for what its person may see."""
    announce(News("task", now, body={"id": str(task.ref), "urgency": task.urgency, "status": task.status}))


@transaction.atomic
def acknowledge(task: Task, *, by: Staff, now: datetime) -> Task:
    """A named person has seen it and takes it. Seeing it twice is seeing it once; somebody else may take it over."""
    task = _held(task, by)
    if task.status == "acknowledged" and task.acknowledged_by_id == by.pk:
        return task
    _act(task, "acknowledged", by=by, now=now)
    task.acknowledged_by, task.acted_at, task.assigned, task.assigned_at = by, now, by, now
    task.save(update_fields=["status", "acknowledged_by", "acted_at", "assigned", "assigned_at"])
    return _told(task, "acknowledge task", by=by, now=now)


@transaction.atomic
def hand_on(task: Task, to: Staff, *, because: str, by: Staff, now: datetime) -> Task:
    """To another named person, with a reason; it is open again until that person has acknowledged it."""
    task = _held(task, by)
    if not because.strip():
        raise Missing(
            because="Handing a task on needs a reason.", way_out="Say why, in a few words.", code="reason_missing", where="because"
        )
    if not permissions.may(to, _needed(task)):
        raise NotAllowed(because=f"{to.name} may not act on this task.", way_out="Choose another person.", code="cannot_take", where="to")
    _act(task, "handed_on", by=by, now=now, to=to, words=because)
    task.acknowledged_by, task.acted_at, task.assigned, task.assigned_at = None, None, to, now
    task.step = max(1, task.step)
    task.save(update_fields=["status", "acknowledged_by", "acted_at", "assigned", "assigned_at", "step"])
    return _told(task, "hand on task", by=by, now=now)


@transaction.atomic
def note(task: Task, words: str, *, by: Staff, now: datetime, tried: bool = False, key: UUID | None = None) -> Task:
    """Something that happened on the way: a call that was tried, or a note. The task stays as it is."""
    task = _held(task, by)
    if not words.strip():
        raise Missing(because="An empty note says nothing.", way_out="Say what happened.", code="words_missing", where="words")
    if key and TaskAct.objects.filter(ref=key, task=task).exists():
        return task
    _act(task, "tried" if tried else "noted", by=by, now=now, words=words, key=key)
    if tried and task.status == "acknowledged":
        task.acted_at = now
    task.save(update_fields=["status", "acted_at"])
    return _told(task, "note on task", by=by, now=now)


@transaction.atomic
def close(task: Task, closing: Closing, *, by: Staff, now: datetime) -> Task:
    """Closed with its outcome and all that its kind needs; the next check it sets becomes a task of its own, due then."""
    task = _held(task, by)
    kind = kind_of(task.kind)
    check_closing(kind, closing, opened_at=task.opened_at, at=now)
    _act(
        task,
        "closed",
        by=by,
        now=now,
        words=closing.words,
        outcome=closing.outcome,
        called=closing.called,
        called_at=closing.called_at,
        next_check_at=closing.next_check_at,
    )
    task.save(update_fields=["status"])
    if closing.next_check_at and kind.next_check:
        _next_check(task, kind, closing.next_check_at, by=by, now=now)
    return _told(task, "close task", by=by, now=now)


def _next_check(task: Task, kind: TaskKind, due_at: datetime, *, by: Staff, now: datetime) -> None:
    open_task(
        kind=kind.next_check,
        urgency="same_day",
        words="The check agreed when the last task was closed.",
        location=task.location,
        patient=task.patient,
        subject=f"after:{task.ref}",
        due_at=due_at,
        now=now,
        by=by,
    )


@transaction.atomic
def close_by_fact(task: Task, outcome: str, *, fact: str, now: datetime) -> Task:
    """Closed by something the record now holds, for outcomes that need nothing from a person. Already closed stays closed."""
    task = _locked(task)
    if task.status == "closed":
        return task
    if kind_of(task.kind).outcomes[outcome].needs:
        raise NotAllowed(because="This task needs a person to close it.", way_out="Close it on its page.", code="needs_a_person")
    _act(task, "closed", by=None, now=now, outcome=outcome, fact=fact)
    task.save(update_fields=["status"])
    return _told(task, "close task", by=None, now=now)


def needs_call(kind: TaskKind) -> bool:
    """Whether every way of closing it asks who was called, when, and when the next check is."""
    return all(set(CALL) <= set(outcome.needs) for outcome in kind.outcomes.values())


def _needed(task: Task) -> str:
    return "task.clinical" if kind_of(task.kind).clinical else "task.act"


def _held(task: Task, by: Staff) -> Task:
    """The row as it is now, locked until commit, for a person who may act on it."""
    permissions.require(by, _needed(task))
    return _locked(task)


def _locked(task: Task) -> Task:
    found: Task = Task.objects.select_for_update(of=("self",)).select_related("location", "patient").get(pk=task.pk)
    return found


def _act(task: Task, kind: str, *, by: Staff | None, now: datetime, key: UUID | None = None, **told: Any) -> None:
    """Write the act and move the status by the table; the caller saves the projection."""
    task.status = lifecycle.next_status(task.status, kind)  # type: ignore[arg-type]
    if "words" in told:
        told["words"] = uncut(told["words"], 1000)
    act = TaskAct(ref=key or uuid4(), task=task, task_kind=task.kind, urgency=task.urgency, kind=kind, at=now, by=by, **told)
    act.save()


def _told(task: Task, act: str, *, by: Staff | None, now: datetime) -> Task:
    audit.note(act, by=by, now=now, patient=task.patient, subject=str(task.ref), words=task.kind)
    tell(task, now=now)
    return task


def _lock_subject(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, f"{current_practice_id()}:{text}"])


def visible_words(task: Task, staff: Staff) -> str:
    """What this person may read of it: its kind for all, its words for those who read charts."""
    kind = kind_of(task.kind)
    return task.words if not kind.clinical or permissions.may(staff, "task.clinical") else ""


def open_tasks(*, location: Location | None = None, assigned: Staff | None = None) -> Sequence[Task]:
    """What is not closed, reds on top: urgent first, then late, then by due time."""
    return asked.open_tasks(location=location, assigned=assigned)

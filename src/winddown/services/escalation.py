"""What the watch does about tasks: an urgent one that nobody answers goes on, one that was not closed by its time becomes urgent."""

from __future__ import annotations

from datetime import datetime

from winddown.domain.suicide_safety.triage import UNFINISHED
from winddown.domain.tasks.escalation import Ladder, Step, Told, due
from winddown.domain.tasks.kinds import KINDS
from winddown.domain.tasks.lifecycle import next_status
from winddown.record.models import SafetyRules, Task, TaskAct
from winddown.record.queries import tasks as asked
from winddown.services import tasks

_LATE_IS_URGENT = [kind.key for kind in KINDS.values() if kind.late_is_urgent]


def look(*, now: datetime) -> int:
    """One look at every task of this practice; two queries when nothing is due. Returns how many tasks moved."""
    return _late(now) + _unanswered(now)


def ladder() -> Ladder:
    """The steps in force: the newest version the director signed, or the defaults."""
    newest = SafetyRules.objects.order_by("-version").values_list("ladder", flat=True).first()
    return Ladder.from_data(newest) if newest else Ladder()


def _late(now: datetime) -> int:
    rows = Task.objects.filter(kind__in=_LATE_IS_URGENT, due_at__lte=now).exclude(status="closed").exclude(urgency="urgent")
    late = list(rows.select_for_update(of=("self",)).order_by("id"))
    for task in late:
        tasks.raise_urgency(task, words=_late_words(task), now=now)
    return len(late)


def _late_words(task: Task) -> str:
    """A screener that never came counts as unfinished; every other task says again what it said."""
    return UNFINISHED if task.kind == "suicide_screener" else task.words


def _unanswered(now: datetime) -> int:
    open_now = list(Task.objects.filter(urgency="urgent").exclude(status="closed").order_by("id"))
    if not open_now:
        return 0
    steps, directors = ladder(), asked.directors()
    on_call = {pk: asked.on_call(pk, now) for pk in {task.location_id for task in open_now}}
    moved = 0
    for task in open_now:
        step = due(steps, _told(task), on_call[task.location_id], directors, now)
        moved += step is not None and _go_on(task.pk, step, steps, on_call[task.location_id], directors, now)
    return moved


def _told(task: Task) -> Told:
    return Told(task.step, task.assigned_at or task.opened_at, task.status == "acknowledged", task.acted_at)


def _go_on(pk: int, step: Step, steps: Ladder, on_call: list[int], directors: list[int], now: datetime) -> bool:
    """Tell the next person, under the lock that acknowledging takes too: what was answered a moment ago does not go on."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=pk)
    if task.status == "closed" or due(steps, _told(task), on_call, directors, now) != step:
        return False
    task.status = next_status(task.status, "escalated")
    TaskAct(task=task, task_kind=task.kind, urgency=task.urgency, kind="escalated", at=now, to_id=step.staff_id, words=step.because).save()
    task.acknowledged_by, task.acted_at = None, None
    task.save(update_fields=["status", "acknowledged_by", "acted_at"])
    tasks.assign(task, step.staff_id, step=step.step, now=now)
    tasks.tell(task, now=now)
    return True

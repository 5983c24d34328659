"""Tasks and their acts as pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from winddown.domain.tasks.kinds import kind_of
from winddown.record.models import Staff, Task, TaskAct
from winddown.services import permissions

URGENCY: Mapping[str, Any] = {"urgent": __("Urgent"), "same_day": __("Today"), "soon": __("Soon")}
STATUS: Mapping[str, Any] = {"open": __("Nobody has acknowledged it"), "acknowledged": __("Acknowledged"), "closed": __("Closed")}
ACTS: Mapping[str, Any] = {
    "acknowledged": __("Acknowledged"),
    "handed_on": __("Handed on"),
    "escalated": __("Went on to the next person"),
    "raised": __("Became more urgent"),
    "tried": __("Call tried"),
    "noted": __("Note"),
    "closed": __("Closed"),
}


def may_act(task: Task, staff: Staff) -> bool:
    return permissions.may(staff, "task.clinical" if kind_of(task.kind).clinical else "task.act")


def level(task: Task, now: datetime) -> str:
    """act: urgent and nobody has it, or late. watch: urgent and somebody has it, or due today. calm: the rest."""
    if task.status == "closed":
        return "calm"
    if task.due_at <= now or (task.urgency == "urgent" and task.status == "open"):
        return "act"
    return "watch" if task.urgency != "soon" else "calm"


def row(task: Task, staff: Staff, now: datetime) -> dict[str, Any]:
    """One line of the list. Whose it is and what it says only for those who may act on it."""
    may = may_act(task, staff)
    return {
        "task": task,
        "kind": _(kind_of(task.kind).words),
        "words": _(task.words) if may else "",
        "patient": task.patient if may else None,
        "allowed": may,
        "urgency": URGENCY[task.urgency],
        "status": STATUS[task.status],
        "level": level(task, now),
        "late": task.due_at <= now and task.status != "closed",
    }


def rows(tasks: Sequence[Task], staff: Staff, now: datetime) -> list[dict[str, Any]]:
    """Reds on top, and otherwise in the order they came."""
    order = {"act": 0, "watch": 1, "calm": 2}
    return sorted((row(task, staff, now) for task in tasks), key=lambda line: order[line["level"]])


def acts(task: Task) -> list[dict[str, Any]]:
    """What happened to it, oldest first. One query."""
    found = TaskAct.objects.filter(task=task).select_related("by", "to").order_by("id")
    return [_act(task, act) for act in found]


def _act(task: Task, act: TaskAct) -> dict[str, Any]:
    outcome = kind_of(task.kind).outcomes.get(act.outcome)
    return {
        "act": act,
        "name": ACTS[act.kind],
        "who": act.by.name if act.by else _("Winddown"),
        "words": _(act.words) if act.by is None and act.words else act.words,
        "outcome": _(outcome.words) if outcome else "",
    }

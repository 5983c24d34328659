"""A task's life: open, acknowledged (by another person too, who takes it over), closed. One table.

What hands it to another person opens it again until that person has seen it.
"""

from __future__ import annotations

from typing import Literal

from winddown.domain.refusals import NotAllowed, UnknownWord

Status = Literal["open", "acknowledged", "closed"]
Happening = Literal["acknowledged", "handed_on", "escalated", "raised", "tried", "noted", "closed"]
STATUSES: tuple[Status, ...] = ("open", "acknowledged", "closed")

NEXT: dict[tuple[Status, Happening], Status] = {
    ("open", "acknowledged"): "acknowledged",
    ("open", "handed_on"): "open",
    ("open", "escalated"): "open",
    ("open", "raised"): "open",
    ("open", "tried"): "open",
    ("open", "noted"): "open",
    ("open", "closed"): "closed",
    ("acknowledged", "acknowledged"): "acknowledged",
    ("acknowledged", "handed_on"): "open",
    ("acknowledged", "escalated"): "open",
    ("acknowledged", "raised"): "open",
    ("acknowledged", "tried"): "acknowledged",
    ("acknowledged", "noted"): "acknowledged",
    ("acknowledged", "closed"): "closed",
}


def next_status(status: Status, happening: Happening) -> Status:
    """The status after what happened. Refuses NotAllowed where the table has no way, UnknownWord for a word it does not know."""
    if status not in STATUSES:
        raise UnknownWord("task status", status, STATUSES)
    found = NEXT.get((status, happening))
    if found is None:
        raise NotAllowed(f"A task that is {status} cannot be {happening}.", way_out="Reload: it may have changed.", code="task_not_open")
    return found

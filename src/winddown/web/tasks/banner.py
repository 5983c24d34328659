"""Urgent tasks on every signed-in screen: what each template may ask for, and the piece of a page that follows the news."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from winddown.domain.tasks.kinds import kind_of
from winddown.record.models import Staff, Task
from winddown.record.queries import tasks as asked
from winddown.record.scope import at_practice
from winddown.services import announcements, permissions
from winddown.web.access import LOCKED, StaffRequest, page


class Urgent:
    """Asked only by pages that show it: the urgent tasks of the practice, and where the live feed of this page begins."""

    def __init__(self, staff: Staff, practice_id: int, *, locked: bool) -> None:
        self.staff, self.practice_id, self.locked = staff, practice_id, locked

    @cached_property
    def banners(self) -> list[dict[str, Any]]:
        with at_practice(self.practice_id):
            return banners(asked.urgent_now(), self.staff, locked=self.locked)

    @cached_property
    def feed(self) -> dict[str, Any]:
        """A feed of everything but readings. Number first, page after: what happens in between is heard."""
        with at_practice(self.practice_id):
            return {"url": "/live/stream?quiet=1", "after": announcements.latest()}


def banners(rows: Sequence[Task], staff: Staff, *, locked: bool) -> list[dict[str, Any]]:
    """Each task as the banner draws it: no patient, and its words only for those who read charts, at an open screen."""
    return [_banner(task, staff, locked) for task in rows]


def _banner(task: Task, staff: Staff, locked: bool) -> dict[str, Any]:
    kind = kind_of(task.kind)
    may = permissions.may(staff, "task.clinical" if kind.clinical else "task.act")
    return {
        "task": task,
        "kind": _(kind.words),
        "words": _(task.words) if may and not locked else "",
        "may": may and not locked,
        "mine": task.assigned_id == staff.pk,
    }


def page_context(request: HttpRequest) -> dict[str, Any]:
    """For every template rendered for a person who came through the door."""
    staff = getattr(request, "staff", None)
    if staff is None:
        return {}
    return {"urgent": Urgent(staff, request.practice_id, locked=bool(request.session.get(LOCKED)))}  # type: ignore[attr-defined]


@page("board.see", background=True)
def banner(request: StaffRequest) -> HttpResponse:
    """The banners once more, for a page that heard of a change. Behind a locked screen they name no one and offer no button."""
    return render(request, "tasks/banners.html")

"""A rebuild of the figures that a person asked for: one at a time, made in the background, its progress and its end to be seen."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from winddown.domain.refusals import NotAllowed
from winddown.record.models import RebuildRun, Staff
from winddown.record.scope import at_practice
from winddown.services import audit, background, clock, permissions, programme
from winddown.services.programme import Step

log = logging.getLogger("winddown.rebuilds")


@transaction.atomic
def ask(*, by: Staff, now: datetime) -> RebuildRun:
    """Ask for one. Refuses while one is under way; one that has been silent for long has failed and is in nobody's way."""
    permissions.require(by, "programme.see")
    for row in RebuildRun.objects.select_for_update().filter(state__in=background.GOING):
        if background.is_alive(row, now):
            raise _going(row)
        background.tell(row, state="failed", words="It was broken off: the program stopped or was started anew.", finished_at=now)
    row = RebuildRun(asked_at=now, by=by)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as why:
        raise _going(RebuildRun.objects.filter(state__in=background.GOING).first()) from why
    audit.note("ask for rebuild", by=by, now=now, subject=str(row.ref))
    return row


def _going(row: RebuildRun | None) -> NotAllowed:
    since = f" It was asked for by {row.by.name}." if row else ""
    return NotAllowed(
        because=f"The figures are being rebuilt already.{since}", way_out="Wait for its end; it is on this page.", code="rebuild_going"
    )


def newest() -> RebuildRun | None:
    found: RebuildRun | None = RebuildRun.objects.select_related("by").order_by("-id").first()
    return found


def waiting() -> list[int]:
    return background.waiting(RebuildRun)


def carry_out(practice_id: int, run_id: int) -> None:
    """Rebuild, called outside any practice. A failure changes no figure: the ones before stand, and the row says what failed."""
    row = background.take(RebuildRun, practice_id, run_id)
    if row is None:
        return

    def say(step: Step) -> None:
        background.beat(row, step)

    try:
        with at_practice(practice_id):
            programme.rebuild(as_of=row.asked_at, now=clock.now(), by=row.by, say=say)
            background.tell(row, state="ready", done=row.of, doing="", finished_at=clock.now())
    except Exception as why:
        background.failed(row, why, log, doing=row.doing)

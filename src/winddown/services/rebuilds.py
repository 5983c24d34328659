"""A rebuild of the figures that a person asked for: one at a time, made in the background, its progress and its end to be seen."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import psycopg
from django.db import IntegrityError, connection, transaction

from winddown.domain.refusals import NotAllowed, Refusal
from winddown.record.models import RebuildRun, Staff
from winddown.record.scope import at_practice
from winddown.services import audit, clock, permissions, programme
from winddown.services.programme import Step

log = logging.getLogger("winddown.rebuilds")
SILENT_AFTER = timedelta(minutes=10)
GOING = ("asked", "working")
LINK = ("dbname", "host", "port", "user", "password", "sslmode")


@transaction.atomic
def ask(*, by: Staff, now: datetime) -> RebuildRun:
    """Ask for one. Refuses while one is under way; one that has been silent for long has failed and is in nobody's way."""
    permissions.require(by, "programme.see")
    for row in RebuildRun.objects.select_for_update().filter(state__in=GOING):
        if now - (row.beat_at or row.asked_at) < SILENT_AFTER:
            raise _going(row)
        _tell(row, state="failed", words="It was broken off: the program stopped or was started anew.", finished_at=now)
    row = RebuildRun(asked_at=now, by=by)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as why:
        raise _going(RebuildRun.objects.filter(state__in=GOING).first()) from why
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
    """Those nobody works on yet."""
    return list(RebuildRun.objects.filter(state="asked").order_by("id").values_list("id", flat=True))


def carry_out(practice_id: int, run_id: int) -> None:
    """Rebuild, called outside any practice. A failure changes no figure: the ones before stand, and the row says what failed."""
    with at_practice(practice_id):
        rows = RebuildRun.objects.select_for_update(skip_locked=True, of=("self",)).select_related("by")
        row = rows.filter(pk=run_id, state="asked").first()
        if row is None:
            return
        _tell(row, state="working")
    told: list[Step] = []

    def say(step: Step) -> None:
        told.append(step)
        _beat(row, step)

    try:
        with at_practice(practice_id):
            programme.rebuild(as_of=row.asked_at, now=clock.now(), by=row.by, say=say)
            _tell(row, state="ready", done=row.of, doing="", finished_at=clock.now())
    except Exception as why:
        log.exception("rebuild %s failed", row.ref)
        words = str(why) if isinstance(why, Refusal) else f"The program failed ({type(why).__name__}); the journal says more."
        with at_practice(practice_id):
            _tell(row, state="failed", words=words[:400], doing=told[-1].doing if told else "", finished_at=clock.now())


def _tell(row: RebuildRun, **fields: object) -> None:
    for name, value in {**fields, "beat_at": clock.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "beat_at"])


def _beat(row: RebuildRun, step: Step) -> None:
    """Progress on a connection of its own: it is seen while the rebuild's one transaction is still open."""
    row.done, row.of, row.doing = step.done, step.of, step.doing
    told = {key: value for key, value in connection.get_connection_params().items() if key in LINK}
    with psycopg.connect(**told) as link:
        link.execute("select set_config('winddown.practice', %s, true)", [str(row.practice_id)])
        link.execute(
            "update record_rebuildrun set done = %s, of = %s, doing = %s, beat_at = now() where id = %s",
            [step.done, step.of, step.doing, row.pk],
        )

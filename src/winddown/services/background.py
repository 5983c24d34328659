"""Work that goes on after its page was sent: a row says what was asked, how far it has come and how it ended. Exports, rebuilds."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import psycopg
from django.db import connection
from psycopg import sql

from winddown.domain.refusals import Refusal
from winddown.record.models import ExportRun, RebuildRun
from winddown.record.scope import at_practice
from winddown.services import clock

Run = TypeVar("Run", ExportRun, RebuildRun)
GOING = ("asked", "working")
SILENT_AFTER = timedelta(minutes=10)
LINK = ("dbname", "host", "port", "user", "password", "sslmode")


class Step(Protocol):
    """How far the work has come: so many parts done, of so many, and which is in hand."""

    @property
    def done(self) -> int: ...
    @property
    def of(self) -> int: ...
    @property
    def doing(self) -> str: ...


def is_alive(row: ExportRun | RebuildRun, now: datetime) -> bool:
    """Whether it was heard of lately: one that is silent for long has failed and is in nobody's way."""
    return now - (row.beat_at or row.asked_at) < SILENT_AFTER


def waiting(kind: type[Run]) -> list[int]:
    """Those nobody works on yet."""
    return list(kind.objects.filter(state="asked").order_by("id").values_list("id", flat=True))


def take(kind: type[Run], practice_id: int, run_id: int) -> Run | None:
    """Begin on one, from outside any practice; None when somebody else has it already."""
    with at_practice(practice_id):
        rows = kind.objects.select_for_update(skip_locked=True, of=("self",)).select_related("by")
        row: Run | None = rows.filter(pk=run_id, state="asked").first()
        if row is not None:
            tell(row, state="working")
        return row


def tell(row: ExportRun | RebuildRun, **fields: object) -> None:
    """Write down how it stands, inside the practice."""
    for name, value in {**fields, "beat_at": clock.now()}.items():
        setattr(row, name, value)
    row.save(update_fields=[*fields, "beat_at"])


def beat(row: ExportRun | RebuildRun, step: Step) -> None:
    """Progress on a connection of its own: it is seen while the work's own transaction is still open."""
    row.done, row.of, row.doing = step.done, step.of, step.doing[: row._meta.get_field("doing").max_length]
    told = {key: value for key, value in connection.get_connection_params().items() if key in LINK}
    table = sql.Identifier(row._meta.db_table)
    with psycopg.connect(**told) as link:
        link.execute("select set_config('winddown.practice', %s, true)", [str(row.practice_id)])
        link.execute(
            sql.SQL("update {} set done = %s, of = %s, doing = %s, beat_at = now() where id = %s").format(table),
            [row.done, row.of, row.doing, row.pk],
        )


def failed(row: ExportRun | RebuildRun, why: Exception, log: logging.Logger, **fields: object) -> None:
    """What failed, in the journal and on the row: a refusal in its own words, anything else by its kind alone."""
    log.exception("%s %s failed", row._meta.verbose_name, row.ref)
    words = str(why) if isinstance(why, Refusal) else f"The program failed ({type(why).__name__}); the journal says more."
    with at_practice(row.practice_id):
        tell(row, state="failed", words=words[: row._meta.get_field("words").max_length], finished_at=clock.now(), **fields)

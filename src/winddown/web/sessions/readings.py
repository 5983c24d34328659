"""The readings that the chart draws, thinned where a session is long."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet, Window
from django.db.models.functions import Extract, Floor, RowNumber

from winddown.domain.vitals.reading import USABLE
from winddown.record.models import Reading, Session
from winddown.services import vitals

DRAWN = ("systolic", "diastolic", "heart_rate", "pulse_rate", "spo2", "respiratory_rate", "etco2")
SHOWN = (*DRAWN, "temperature")
STRETCHES = 1000  # of the time axis: about one for each pixel of a wide screen


def readings_data(session: Session, *, since: datetime | None, now: datetime) -> dict[str, list[list[Any]]]:
    """The readings of this session, attached ones too, as [time, value, label, source] and, where not plainly accepted, words.

    A long session is thinned evenly: of each kind and each stretch of time the lowest and the highest stay, and everything that is not
    an accepted reading of a monitor, so that no dip is lost by drawing.
    """
    stretch_s = max(1, int((now - since).total_seconds() / STRETCHES)) if since else 1
    own = _thinned(vitals.standing(Reading.objects.filter(session=session, kind__in=DRAWN)), stretch_s)
    attached = _thinned(Reading.objects.filter(attachment__session=session, kind__in=DRAWN), stretch_s)
    found: dict[str, list[list[Any]]] = {kind: [] for kind in DRAWN}
    for row in sorted([*own, *attached], key=lambda each: each.observed_at):
        if row.label == "accepted":
            found[row.kind].append([int(row.observed_at.timestamp() * 1000), row.value, row.label, row.source])
            continue
        kind, *point = vitals.point(row)
        found[kind].append(point)
    return found


def _thinned(rows: QuerySet[Reading], stretch_s: int) -> QuerySet[Any]:
    fields = ("kind", "observed_at", "value", "label", "source", "problem")
    if stretch_s > 1:
        stretch = Floor(Extract("observed_at", "epoch") / stretch_s)
        rows = rows.annotate(
            lowest=Window(RowNumber(), partition_by=["kind", stretch], order_by=["value"]),
            highest=Window(RowNumber(), partition_by=["kind", stretch], order_by=["-value"]),
        ).filter(Q(lowest=1) | Q(highest=1) | Q(source="hand") | ~Q(label="accepted"))
    return rows.values_list(*fields, named=True)


class Newest(NamedTuple):
    """The newest reading of one kind."""

    kind: str
    value: float
    observed_at: datetime
    source: str
    chair: str | None


_LATEST = """
    select newest.* from unnest(%s::text[]) as wanted(kind) cross join lateral (
      select r.kind, r.value, r.observed_at, r.source, c.name from record_reading r left join record_chair c on c.id = r.chair_id
      where r.session_id = %s and r.kind = wanted.kind and r.label = any(%s) and r.value is not null
        and not exists (select 1 from record_sessionevent later where later.supersedes_id = r.event_id)
      order by r.observed_at desc, r.id desc limit 1) as newest"""


def latest_of(session: Session) -> dict[str, Newest]:
    """The newest reading of each kind that counts. One query, one step down the index for each kind."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [list(SHOWN), session.pk, sorted(USABLE)])
        return {row[0]: Newest(*row) for row in cursor.fetchall()}

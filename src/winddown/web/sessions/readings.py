"""The readings that the chart draws, thinned where a session is long."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Window
from django.db.models.functions import Extract, Floor, RowNumber

from winddown.domain.vitals.reading import USABLE
from winddown.record.models import Reading, Session
from winddown.services import vitals

DRAWN = ("systolic", "diastolic", "heart_rate", "pulse_rate", "spo2", "respiratory_rate", "etco2")
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
        kind, *point = vitals.point(row)
        found[kind].append(point[:-1] if row.label == "accepted" else point)
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


def latest_of(session: Session) -> dict[str, Reading]:
    """The newest reading of each kind that counts. One query."""
    rows = vitals.standing(Reading.objects.filter(session=session, label__in=sorted(USABLE), value__isnull=False))
    newest = rows.select_related("chair").order_by("kind", "-observed_at", "-id").distinct("kind")
    return {row.kind: row for row in newest}

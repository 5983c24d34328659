"""Which chair a device spoke for, and which session held that chair, at the times its readings were observed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange


@dataclass(frozen=True)
class Seat:
    """One device at one chair while `bound`, and the session that sat in that chair while `held`, if any did."""

    chair: int
    bound: DateTimeTZRange
    session: int | None
    version: int
    held: DateTimeTZRange | None


def seats_of(devices: Collection[int], first: datetime, last: datetime) -> dict[int, list[Seat]]:
    """The seats of each device between two instants, both included. One query for all."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select b.device_id, b.chair_id, b.span, o.session_id, coalesce(s.version, 0), o.span
               from record_devicebinding b
               left join record_occupancy o on o.chair_id = b.chair_id and o.span && tstzrange(%s, %s, '[]')
               left join record_session s on s.id = o.session_id
               where b.device_id = any(%s) and b.span && tstzrange(%s, %s, '[]') order by b.id, o.id""",
            [first, last, list(devices), first, last],
        )
        found: dict[int, list[Seat]] = {}
        for device, *told in cursor.fetchall():
            found.setdefault(device, []).append(Seat(*told))
    return found


def held_by(seats: Sequence[Seat], at: datetime) -> tuple[int | None, int | None]:
    """(session, chair) at that time, each None rather than a guess."""
    chair = None
    for seat in seats:
        if at in seat.bound:
            chair = seat.chair
            if seat.held is not None and at in seat.held:
                return seat.session, chair
    return None, chair

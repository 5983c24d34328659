"""Visits that an older program planned without a chair in the calendar get it once, and never at the cost of somebody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg

from tests import factories
from tests.factories.diary import open_diary
from winddown.record.models import Hold
from winddown.record.scope import at_practice
from winddown.services import booked_chairs, booking
from winddown.services.booked_chairs import Mended

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NINE = datetime(2026, 6, 8, 9, 0, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def test_what_was_planned_before_holds_its_chair_and_what_another_has_is_named(urls):
    house = factories.house(urls)
    with at_practice(house.id):
        kind = open_diary(house, date(2026, 6, 8), now=NOW)
        taken = factories.session(house, start=NINE, chair=0, now=NOW)
        free = factories.session(house, start=NINE, chair=1, now=NOW)
        past = factories.session(house, start=NOW - timedelta(days=3), chair=1, now=NOW)
    with psycopg.connect(urls.superuser, autocommit=True) as older:
        older.execute("delete from record_hold where practice_id = %s", [house.id])
    with at_practice(house.id):
        told = {"contact": {"name": "Casey", "phone": "+14195550140"}}
        booking.book(kind, house.location, NINE, now=NOW, by=house.front_desk, **told)
        assert booked_chairs.mend(now=NOW) == Mended(1, (str(taken.ref),))
        holds = Hold.objects.filter(active=True, kind="chair", session__isnull=False)
        assert [(each.session_id, each.chair_id, each.span) for each in holds] == [(free.pk, house.chairs[1].pk, free.planned)]
        assert booked_chairs.mend(now=NOW) == Mended(0, (str(taken.ref),))
        assert not past.holds.exists()

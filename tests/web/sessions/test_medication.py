"""The medication record: planned and given time beside each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import Client

from tests import factories
from tests.factories import visit
from winddown.record.models import AuditEntry
from winddown.record.scope import at_practice


def test_planned_and_given_stand_side_by_side_and_the_look_is_audited(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        session = factories.session(house, start=now - timedelta(minutes=30), now=now - timedelta(hours=1))
        visit.make_ready(house, session, now - timedelta(minutes=32))
        visit.start(house, session, now - timedelta(minutes=20))
    client = Client(SERVER_NAME="localhost")
    client.force_login(house.nurse.account)
    page = client.get(f"/sessions/{session.ref}/medication/").content.decode()
    assert "Started 10 minutes after the planned time." in page
    assert "Ordered 35" in page
    assert page.count("52.5") >= 2
    assert "still running" in page
    with at_practice(house.id):
        assert AuditEntry.objects.filter(act="read chart", by=house.nurse, subject=str(session.ref)).count() == 1

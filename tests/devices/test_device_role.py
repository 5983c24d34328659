"""The listener and the watch do their whole work as a role that cannot read a name."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.factories import visit
from winddown.record.models import Alarm, Heartbeat, Reading, SessionEvent
from winddown.record.scope import at_practice
from winddown.services import devices

WORK = """
import sys, django
django.setup()
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo
from django.db import connection
from winddown.domain.wire.hl7v2.write import Envelope, PumpState, Sign, pump_report, vital_signs
from winddown.services.intake import Arrival, Intake
from winddown.services.watch import Watch
with connection.cursor() as cursor:
    cursor.execute("select current_user")
    assert cursor.fetchone() == ("winddown_device",)
practice = int(sys.argv[1])
now = datetime.now(tz=UTC)
intake = Intake(practice, ZoneInfo("America/New_York"))
state = PumpState(Decimal("525"), Decimal("525"), "Ketamine", Decimal(1), Decimal(10))
raws = [vital_signs(Envelope("MON", now, "m1"), [Sign("spo2", 97.0, now), Sign("systolic", 192.0, now), Sign("diastolic", 121.0, now)]),
        pump_report(Envelope("PUMP", now, "p1"), state, event="started", happened_at=now),
        vital_signs(Envelope("WINDDOWN_PHANTOM", now, "x1"), [Sign("heart_rate", 61.0, now)])]
answers = intake.take([Arrival(raw, "127.0.0.1", now) for raw in raws], now=now)
assert all(b"MSA|AA" in answer for answer in answers), answers
watch = Watch(practice)
assert watch.look(now=now) == 1
assert watch.look(now=now.replace(second=5) + timedelta(minutes=20)) == 1
"""


@pytest.fixture
def running(house):
    at = datetime.now(tz=UTC) - timedelta(minutes=15)
    with at_practice(house.id):
        for key, kind in (("MON", "monitor"), ("PUMP", "pump"), ("WINDDOWN_PHANTOM", "phantom")):
            device = devices.enroll(key=key, kind=kind, location=house.location, words=kind, by=house.nurse, now=at)
            if kind != "phantom":
                devices.bind(device, house.chairs[0], by=house.nurse, now=at)
        session = factories.session(house, start=at, now=at)
        visit.make_ready(house, session, at, before=timedelta(0))
        visit.start(house, session, at)
    return session


def test_messages_and_the_clock_are_worked_through_as_the_device_role(house, running, urls):
    env = os.environ | {"WINDDOWN_ROLE_DATABASE_URL": urls.device}
    done = subprocess.run([sys.executable, "-c", WORK, str(house.id)], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with at_practice(house.id):
        assert Reading.objects.filter(session=running, source="monitor").count() == 3
        assert SessionEvent.objects.get(kind="rate_reported").data["rate_ml_per_h"] == "525"
        raised = set(Alarm.objects.values_list("condition", flat=True))
        assert {"pump_rate", "observation_overdue", "alarm_screen_asleep"} <= raised
        assert any(key.startswith("systolic") for key in raised)
        assert set(Heartbeat.objects.values_list("part", flat=True)) == {"listener", "watch"}

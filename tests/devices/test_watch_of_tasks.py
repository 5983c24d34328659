"""The watch moves an unanswered task on as the role that cannot read a name, a chart or a password."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from tests import factories
from winddown.record.models import Task, TaskAct
from winddown.record.scope import at_practice
from winddown.services import roster, tasks

WORK = """
import sys, django
django.setup()
from datetime import UTC, datetime
from django.db import connection
from winddown.services.watch import Watch
with connection.cursor() as cursor:
    cursor.execute("select current_user")
    assert cursor.fetchone() == ("winddown_device",)
Watch(int(sys.argv[1])).look(now=datetime.fromisoformat(sys.argv[2]))
"""


def test_the_watch_as_the_device_role_tells_the_next_person_and_makes_a_late_task_urgent(urls, house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        patient = factories.patient(house, now=now)
        for rank, person in ((1, house.nurse), (2, house.prescriber)):
            roster.put_on_call(
                house.location, person, rank=rank, starts_at=now, ends_at=now + timedelta(hours=8), by=house.director, now=now
            )
        told = {"words": "a fictional reason", "location": house.location, "patient": patient, "now": now}
        urgent = tasks.open_task(kind="suicide_risk", urgency="urgent", subject="a", due_at=now + timedelta(minutes=10), **told)
        late = tasks.open_task(kind="suicide_screener", urgency="same_day", subject="b", due_at=now + timedelta(minutes=3), **told)
    env = {**os.environ, "WINDDOWN_ROLE_DATABASE_URL": urls.device}
    at = (now + timedelta(minutes=6)).isoformat()
    subprocess.run([sys.executable, "-c", WORK, str(house.id), at], env=env, check=True, timeout=60)
    with at_practice(house.id):
        assert Task.objects.get(pk=urgent.pk).assigned == house.prescriber
        assert TaskAct.objects.filter(task=urgent, kind="escalated").count() == 1
        assert Task.objects.get(pk=late.pk).urgency == "urgent"

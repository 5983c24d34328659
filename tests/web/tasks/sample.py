"""A task that is due and a duty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.web.walk.samples import Scene
from winddown.services import roster, tasks


def sample(scene: Scene) -> dict[str, Any]:
    now, house, patient = scene.now, scene.house, scene.patient
    told = {"kind": "suicide_risk", "urgency": "same_day", "words": "a fictional reason", "due_at": now + timedelta(hours=2)}
    task = tasks.open_task(**told, location=house.location, patient=patient, subject=f"patient:{patient.ref}", now=now)
    span = {"starts_at": now, "ends_at": now + timedelta(hours=8)}
    duty = roster.put_on_call(house.location, house.prescriber, **span, by=house.director, now=now)
    return {"tasks.ref": task.ref, "duty": duty.ref}

"""A screening of today, an entry of the history and an unread check."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene
from winddown.services.screening import history, runs


def sample(scene: Scene) -> dict[str, Any]:
    note = {"by": scene.house.nurse, "now": scene.now}
    told = {"informant": "staff", "observed_at": scene.now}
    entry = history.add(scene.patient, "prior_treatment", {"name": "gabapentin"}, **told, **note)
    run = runs.keep(scene.patient, runs.look(scene.patient, now=scene.now, track="pain"), **note)
    return {"run": run.ref, "entry": entry.ref, "list": "medicine", "check": "ecg"}

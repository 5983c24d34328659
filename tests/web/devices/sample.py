"""A monitor and one reading of it."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene
from winddown.record.models import Reading


def sample(scene: Scene) -> dict[str, Any]:
    told = {"kind": "spo2", "value": 97, "unit": "%", "raw_value": "97", "source": "monitor", "label": "accepted"}
    reading = Reading(device=scene.device, observed_at=scene.now, received_at=scene.now, **told)
    reading.save()
    return {"devices.ref": scene.device.ref, "device": scene.device.ref, "reading": reading.pk}

"""A test of touch that has begun."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene
from winddown.services import sensory


def sample(scene: Scene) -> dict[str, Any]:
    sites = {"control": "back-left-hand", "affected": "back-right-hand"}
    test = sensory.begin(scene.patient, "bedside", **sites, by=scene.house.nurse, now=scene.now)
    return {"test": test.ref}

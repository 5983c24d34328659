"""A colleague and the place they work at."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene


def sample(scene: Scene) -> dict[str, Any]:
    house = scene.house
    return {"staff.ref": house.nurse_2.ref, "places.ref": house.location.ref, "place": house.location.ref, "chair": house.chairs[0].ref}

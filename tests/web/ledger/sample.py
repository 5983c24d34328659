"""A bag, and the shelf of controlled drugs with its papers."""

from __future__ import annotations

from typing import Any

from tests.factories import shelf, visit
from tests.web.walk.samples import Scene
from winddown.services import bags


def sample(scene: Scene) -> dict[str, Any]:
    """The bag comes first: once the shelf numbers its vials, a bag must name one."""
    bag = bags.make(scene.session, visit.BAG, by=scene.house.nurse, second=scene.house.nurse_2, now=scene.now)
    return {"bags.ref": bag.ref} | shelf.samples(scene.house, scene.session, now=scene.now)

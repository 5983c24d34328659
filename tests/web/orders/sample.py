"""An order with its course and protocol."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene


def sample(scene: Scene) -> dict[str, Any]:
    order, course, protocol = scene.order, scene.order.course, scene.order.course.protocol
    both = {"orders": order.ref, "courses": course.ref, "protocols": protocol.ref}
    return {f"{kind}.ref": ref for kind, ref in both.items()} | {"order": order.ref, "course": course.ref, "protocol": protocol.ref}

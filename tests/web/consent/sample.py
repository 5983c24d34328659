"""A consent signed on a screen."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene


def sample(scene: Scene) -> dict[str, Any]:
    return {"consent": scene.consent, "about": "treatment"}

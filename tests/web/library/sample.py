"""A published model."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene


def sample(scene: Scene) -> dict[str, Any]:
    return {"model_id": "pk_rs_default"}

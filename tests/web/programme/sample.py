"""An export that was asked for."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene
from winddown.record.models import ExportRun


def sample(scene: Scene) -> dict[str, Any]:
    run = ExportRun(form="full", state="failed", asked_at=scene.now, by=scene.house.director)
    run.save()
    return {"exports.ref": run.ref}

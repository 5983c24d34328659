"""A chart and one of its facts."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene
from winddown.record.models import PatientFact


def sample(scene: Scene) -> dict[str, Any]:
    fact = PatientFact.objects.filter(patient=scene.patient, kind="allergy").get()
    return {"patients.ref": scene.patient.ref, "patient": scene.patient.ref, "fact": fact.ref, "kind": "allergy"}

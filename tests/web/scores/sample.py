"""Questions sent to a patient, and one answer."""

from __future__ import annotations

from typing import Any

from tests.web.walk.samples import Scene
from winddown.services import answers, forms, links


def sample(scene: Scene) -> dict[str, Any]:
    sent = {
        subject: forms.send(patient=scene.patient, subject=subject, by=scene.house.nurse, now=scene.now)
        for subject in ("set:evening", "set:intake")
    }
    told = {"instrument": "phq-9", "version": "1", "language": "en", "answered_at": scene.now, "source": "staff"}
    answer = answers.submit(patient=scene.patient, items={"1": "2", "9": "0"}, by=scene.house.nurse, now=scene.now, **told)
    return {
        "token": links.token_of(sent["set:evening"]),
        "link": sent["set:intake"].ref,
        "instrument": "phq-9",
        "bank": "bank-fictional",
        "answer": answer.ref,
    }

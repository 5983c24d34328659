"""What a caregiver says is kept either way; without the patient's permission it says so beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from tests import factories
from winddown.domain.instruments import INSTRUMENTS
from winddown.record.scope import at_practice
from winddown.services import answers, forms


def test_a_caregivers_answer_without_permission_is_kept_and_marked(house) -> None:
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        patient = factories.patient(house, now=now)
        link = forms.send(patient=patient, subject="set:evening", by=house.nurse, now=now)
        told = {"instrument": "pain-nrs", "version": INSTRUMENTS["pain-nrs"].version, "items": {"average": "7"}, "language": "en"}
        kept = answers.submit(patient=patient, answered_at=now, now=now, source="caregiver", link=link, key=uuid4(), **told)
        own = answers.submit(patient=patient, answered_at=now, now=now, source="patient", link=link, key=uuid4(), **told)
    assert "no permission of the patient is on file" in kept.odd
    assert "permission" not in own.odd
    assert kept.score == own.score

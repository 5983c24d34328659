"""What a patient is refused is told in the language of the page, and nothing that a patient may be refused is forgotten."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import translation

from tests import factories
from tests.factories import diary
from tests.web.people.desk import anyone
from winddown.domain.refusals import OutOfRange
from winddown.record.scope import at_practice
from winddown.services import booking, calendar, links
from winddown.web.own_words import SAID, told

SERVICES = Path(__file__).resolve().parents[2] / "src" / "winddown" / "services"
OF_PATIENTS = [
    "own_visits",
    "arrivals",
    "asking",
    "home_readings",
    "links",
    "own_access",
    "own_limits",
    "own_passkeys",
    "threads",
    "waiting",
    "booking",
]
OF_STAFF = {"link_expiry", "hours", "reason_missing", "who_missing"}  # refused to staff by the same services


def test_every_refusal_that_a_patient_may_meet_has_words_in_other_languages():
    raised = {code for name in OF_PATIENTS for code in re.findall(r'code="(\w+)"', (SERVICES / f"{name}.py").read_text(encoding="utf-8"))}
    assert raised - OF_STAFF - set(SAID) == set()
    assert len(raised) > 30


@pytest.mark.parametrize("language", ["es", "ar"])
def test_every_sentence_is_translated(language):
    with translation.override("en"):
        english = {code: tuple(map(str, words)) for code, words in SAID.items()}
    with translation.override(language):
        same = [code for code, words in SAID.items() if any(str(word) == old for word, old in zip(words, english[code], strict=True))]
    assert same == []


def test_english_keeps_its_numbers_and_what_has_no_words_is_marked_as_english():
    refusal = OutOfRange(because="Only 3 fit.", way_out="Take 3.", code="never_heard_of")
    with translation.override("en"):
        assert (told(refusal).because, told(refusal).way_out, told(refusal).english) == ("Only 3 fit.", "Take 3.", "")
    with translation.override("es"):
        assert "inglés" in told(refusal).because and told(refusal).english == "Only 3 fit. Take 3."


def test_a_patient_who_reads_spanish_is_refused_in_spanish(house):
    now = datetime.now(tz=UTC)
    with at_practice(house.id):
        patient = factories.patient(house, now=now)
        monday = now.date() + timedelta(days=7 - now.weekday())
        kind = diary.open_diary(house, monday, now=now, weeks=1)
        slot = calendar.free(kind, [house.location], monday, 1, now=now)[house.location][0]
        row = booking.book(kind, house.location, slot.start, now=now, by=house.front_desk, patient=patient)
        address = links.path_of(links.make(patient=patient, purpose="booking", now=now, by=house.front_desk))
    typed = {"key": str(uuid4()), "fasting": "yes", "escort": "yes"}
    answer = anyone().post(f"{address}booking/{row.ref}/answer/", typed, HTTP_ACCEPT_LANGUAGE="es-MX,es;q=0.9")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Falta una respuesta." in page and "Responda todas las preguntas." in page
    assert "One of the three answers" not in page

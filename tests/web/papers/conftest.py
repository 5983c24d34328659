"""A finished visit and someone who prints it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest

from tests import factories
from tests.factories import visit
from winddown.record.models import Account
from winddown.record.scope import at_practice
from winddown.services import bags, bedside, infusion, sessions


class Press:
    """Prints a paper and reads it back with a PDF reader that is not ours."""

    def __init__(self, house, role: str = "nurse") -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="localhost")
        self.client.force_login(Account.objects.get(email=house.emails[role]))

    def get(self, path: str):
        return self.client.get(path)

    def paper(self, path: str) -> Paper:
        answer = self.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        return Paper(answer.content)


class Paper:
    def __init__(self, content: bytes) -> None:
        self.reader = pypdf.PdfReader(BytesIO(content))
        self.pages = [" ".join(page.extract_text().split()) for page in self.reader.pages]
        self.text = " ".join(self.pages)


@pytest.fixture
def press(house):
    return Press(house)


@pytest.fixture
def finished(house):
    """35 mg over 44 minutes with a hold of four, a high pressure, a drug and a note; bag wasted, discharge signed."""
    at = datetime.now(tz=UTC).replace(microsecond=0) - timedelta(minutes=130)
    with at_practice(house.id):
        session = factories.session(house, start=at, now=at - timedelta(hours=1))
        visit.make_ready(house, session, at - timedelta(minutes=10))
        visit.start(house, session, at)
        infusion.hold(session, "patient asks", by=house.nurse, now=at + timedelta(minutes=12))
        infusion.resume(session, Decimal("52.5"), by=house.nurse, now=at + timedelta(minutes=16))
        vital = {"systolic": "164", "diastolic": "91", "pulse_rate": "82", "respiratory_rate": "14", "spo2": "97"}
        bedside.observe(session, vital, {"moaas": "4", "cadss6": "8"}, by=house.nurse, now=at + timedelta(minutes=20))
        note = {"words": '#panic("ran") <b>2 < 3</b> & "quoted" $x^2$ \\ @ref'}
        bedside.record(session, "note_written", note, by=house.nurse, now=at + timedelta(minutes=21))
        infusion.finish(session, "infusion_completed", by=house.nurse, now=at + timedelta(minutes=44))
        later = visit.recover(house, session, at + timedelta(minutes=44))
        bags.waste_rest(session.bags.get(), Decimal(63), read_by="cylinder", by=house.nurse, witness=house.nurse_2, now=later)
        sessions.sign_discharge(session, by=house.nurse, now=later)
    return session

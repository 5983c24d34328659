"""Messages that leave through a real mail server and a real text service: once, signed, and what cannot arrive is told to a person."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import quote

import pytest

from tests import factories
from tests.factories.carriers import MailServer, TextService, certificate, running
from winddown.config.settings import _smtp
from winddown.jobs import post
from winddown.jobs.providers import providers
from winddown.record.models import Message, Task
from winddown.record.scope import at_practice
from winddown.services import contacts, messages
from winddown.services.contacts import Wishes

NOW = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
SECRET = "a secret of the test"


@pytest.fixture
def wait(house):
    """A function that puts a message for a patient into the outbox."""

    def wait(channel="email"):
        with at_practice(house.id):
            patient = factories.patient(house, now=NOW)
            wishes = Wishes(email="somebody@example.org", phone="+14195550100", channel=channel, zone="America/New_York", language="es")
            contacts.write(patient, wishes, by=house.front_desk, now=NOW)
            return messages.post(kind="diary", patient=patient, values={"link": "/p/abc/"}, now=NOW)

    return wait


def carried(house, *, smtp="", sms="", now=NOW):
    told = {"email": "smtp", "sender": "clinic@example.org", "smtp": _smtp(smtp), "sms": "webhook", "sms_url": sms, "sms_secret": SECRET}
    return post.carry(house.id, providers(told), now=now)


def states(house):
    with at_practice(house.id):
        return [(row.state, row.acts.order_by("-id").first().words) for row in Message.objects.order_by("id")]


def test_a_letter_reaches_a_real_mail_server_whole_with_a_way_to_stop(house, wait):
    message = wait()
    with running(MailServer()) as server:
        assert carried(house, smtp=f"smtp://127.0.0.1:{server.port}") == 1
    [letter] = (message_from_bytes(text, policy=policy.default) for text in server.letters)
    assert (letter["To"], letter["From"], letter["Subject"]) == ("somebody@example.org", "clinic@example.org", message.title)
    words = letter.get_content()
    assert "sus preguntas breves de hoy" in words and "/p/abc/" in words
    assert letter["List-Unsubscribe"].strip(" <>") in words and letter["Auto-Submitted"] == "auto-generated"
    assert states(house)[0][0] == "sent"


def test_a_letter_goes_only_to_a_server_whose_certificate_is_trusted_and_with_the_right_password(house, wait, tmp_path, monkeypatch):
    wait()
    tls = certificate(tmp_path)
    name, password = "clinic@example.org", "p:ss/w@rd"
    with running(MailServer(tls=tls, login=(name, password))) as server:
        at = f"127.0.0.1:{server.port}"
        carried(house, smtp=f"smtp+starttls://{quote(name)}:{quote(password, safe='')}@{at}")
        assert states(house) == [("waiting", "the mail server's certificate is not trusted: self-signed certificate")]
        monkeypatch.setenv("SSL_CERT_FILE", str(tls[0]))
        carried(house, smtp=f"smtp+starttls://{quote(name)}:wrong@{at}", now=NOW + timedelta(minutes=2))
        assert states(house) == [("waiting", "the mail server refused the name or the password (535)")]
        assert server.letters == []
        carried(house, smtp=f"smtp+starttls://{quote(name)}:{quote(password, safe='')}@{at}", now=NOW + timedelta(minutes=9))
        assert len(server.letters) == 1 and states(house)[0][0] == "sent"


def test_a_server_that_hangs_up_before_the_letter_is_tried_again_and_after_it_never(house, wait):
    wait()
    with running(MailServer(hangs_up="at once")) as server:
        carried(house, smtp=f"smtp://127.0.0.1:{server.port}")
    assert states(house)[0][0] == "waiting"
    with running(MailServer(hangs_up="after the letter")) as server:
        carried(house, smtp=f"smtp://127.0.0.1:{server.port}", now=NOW + timedelta(minutes=2))
        carried(house, smtp=f"smtp://127.0.0.1:{server.port}", now=NOW + timedelta(hours=2))
    assert len(server.letters) == 1 and states(house)[0][0] == "unsure"


def test_an_address_that_the_server_refuses_for_good_is_told_to_staff_once(house, wait):
    for _again in range(2):
        wait()
    with running(MailServer(refuses=550)) as server:
        carried(house, smtp=f"smtp://127.0.0.1:{server.port}")
    assert [state for state, _words in states(house)] == ["failed", "failed"]
    with at_practice(house.id):
        assert [(task.urgency, "@" in task.words) for task in Task.objects.filter(kind="message_failed")] == [("soon", False)] * 2


def test_a_text_is_signed_and_a_lost_reply_never_makes_two_of_it(house, wait):
    message = wait("sms")
    with running(TextService(503, "gone", 200)) as service:
        for minutes in (0, 2, 5, 60):
            carried(house, sms=service.address, now=NOW + timedelta(minutes=minutes))
    assert [status for *_heard, status in service.heard] == [503, "gone", 200]
    assert {headers["Idempotency-Key"] for headers, *_rest in service.heard} == {str(message.ref)}
    assert len(service.taken()) == 1 and states(house)[0][0] == "sent"
    headers, body, _status = service.heard[0]
    assert headers["X-Winddown-Signature"] == "sha256=" + hmac.new(SECRET.encode(), headers["raw"], hashlib.sha256).hexdigest()
    assert body["to"] == "+14195550100" and "/p/abc/" in body["text"]


def test_a_number_that_the_service_refuses_is_a_task_for_staff(house, wait):
    message = wait("sms")
    with running(TextService(422)) as service:
        for minutes in (0, 30):
            carried(house, sms=service.address, now=NOW + timedelta(minutes=minutes))
    assert len(service.heard) == 1
    with at_practice(house.id):
        task = Task.objects.get(kind="message_failed")
        assert (task.patient_id, task.urgency) == (message.patient_id, "soon") and "419" not in task.words

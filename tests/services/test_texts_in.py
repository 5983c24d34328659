"""Text messages that come in: signed, kept once; a command is done, and a word from a person is never lost."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from django.conf import settings

from tests import factories
from tests.web.people.desk import anyone
from winddown.domain.messages import commands
from winddown.record.models import InboundText, Message, Task, ThreadNote
from winddown.record.scope import at_practice
from winddown.services import contacts, messages
from winddown.services.contacts import Wishes

NOW, SECRET, NUMBER = datetime.now(tz=UTC), "a secret of the test", "+14195550100"


@pytest.fixture
def phone(house, monkeypatch):
    """A patient with a mobile number, and the text service that hands over what they write."""
    monkeypatch.setitem(settings.MESSAGES, "sms_secret", SECRET)
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW)
        contacts.write(patient, Wishes(phone=NUMBER, channel="sms", zone="America/New_York"), by=house.front_desk, now=NOW)
    return Phone(house, patient)


class Phone:
    def __init__(self, house, patient):
        self.house, self.patient, self.sent = house, patient, 0

    def writes(self, words, *, number=NUMBER, key="", secret=SECRET):
        self.sent += 1
        body = json.dumps({"id": key or f"SM{self.sent}", "from": number, "text": words})
        signature = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
        address = f"/texts/{self.house.practice.slug}/"
        return anyone().post(address, body, content_type="application/json", headers={"X-Winddown-Signature": f"sha256={signature}"})

    def rows(self, model, **told):
        with at_practice(self.house.id):
            return list(model.objects.filter(**told).order_by("id"))

    def reminder(self):
        with at_practice(self.house.id):
            return messages.post(kind="diary", patient=self.patient, values={"link": "/p/abc/"}, now=NOW)


@pytest.mark.parametrize(
    ("stop", "start", "answer"), [("Stop.", "START", "no more reminders"), ("ALTO", "empezar", "ya no"), ("توقّف", "ابدأ", "لن تصل")]
)
def test_stop_and_start_are_done_in_the_language_in_which_they_are_written(phone, stop, start, answer):
    waiting = phone.reminder()
    assert answer in phone.writes(stop).json()["reply"]
    assert phone.rows(Message)[0].state == "cancelled" and phone.reminder() is None
    assert phone.writes(start).status_code == 201
    assert phone.reminder().pk != waiting.pk
    assert phone.rows(Task) == [] and [row.kind for row in phone.rows(InboundText)] == ["stop", "start"]


def test_start_asks_a_patient_again_who_had_stopped_everything_on_a_page(phone):
    with at_practice(phone.house.id):
        contacts.write(phone.patient, Wishes(phone=NUMBER, channel="sms", stopped=True), by=None, now=NOW)
    phone.writes("start")
    assert phone.reminder() is not None


def test_a_word_that_is_no_command_is_a_message_of_the_patient_kept_once_and_the_answer_reassures_nobody(phone):
    told = phone.writes("Stop the burning please, it is worse today", key="SM1")
    again = phone.writes("Stop the burning please, it is worse today", key="SM1")
    assert (told.status_code, again.status_code, again.json()["reply"]) == (201, 200, "")
    assert "Nobody reads messages all the time" in told.json()["reply"] and "burning" not in told.json()["reply"]
    [note] = phone.rows(ThreadNote)
    assert (note.words, note.at.date()) == ("Stop the burning please, it is worse today", NOW.date())
    phone.writes("And the other foot.")
    assert {row.thread_id for row in phone.rows(ThreadNote)} == {note.thread_id}
    assert [task.kind for task in phone.rows(Task)] == ["patient_message"]
    assert phone.reminder() is not None


def test_red_words_by_text_open_the_urgent_task_and_the_answer_gives_the_numbers(phone):
    told = phone.writes("I don't want to live any more").json()["reply"]
    assert "988" in told and "911" in told
    assert {(task.kind, task.urgency) for task in phone.rows(Task)} == {("red_words", "urgent"), ("patient_message", "soon")}


def test_help_is_answered_with_numbers_and_waits_for_a_person_too(phone):
    assert "988" in phone.writes("HELP").json()["reply"]
    assert [note.words for note in phone.rows(ThreadNote)] == ["HELP"]


@pytest.mark.parametrize("number", ["+14195550199", "ACME", ""])
def test_a_text_of_nobody_known_is_kept_and_waits_for_a_person(phone, number):
    phone.writes("Is this the clinic? My chest hurts", number=number)
    [text] = phone.rows(InboundText)
    assert (text.patient, text.words, text.red) == (None, "Is this the clinic? My chest hurts", True)
    assert ("text_unknown", "urgent") in {(task.kind, task.urgency) for task in phone.rows(Task)}


def test_a_number_that_two_patients_have_is_guessed_to_neither(phone):
    with at_practice(phone.house.id):
        other = factories.patient(phone.house, now=NOW, family_name="Second")
        contacts.write(other, Wishes(phone=NUMBER, channel="sms"), by=phone.house.front_desk, now=NOW)
    phone.writes("My knee is better")
    assert phone.rows(ThreadNote) == [] and [task.kind for task in phone.rows(Task)] == ["text_unknown"]


def test_what_is_not_signed_or_no_message_is_refused_and_nothing_is_kept(phone, monkeypatch):
    assert phone.writes("stop", secret="another").status_code == 403
    body = json.dumps([1])
    signature = "sha256=" + hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
    address = f"/texts/{phone.house.practice.slug}/"
    headers = {"X-Winddown-Signature": signature}
    assert anyone().post(address, body, content_type="application/json", headers=headers).status_code == 422
    assert anyone().get(address).status_code == 404
    monkeypatch.setitem(settings.MESSAGES, "sms_secret", None)
    assert phone.writes("stop").status_code == 404
    assert phone.rows(InboundText) == []


def test_only_the_word_alone_is_a_command():
    assert [commands.command_of(text)[0] for text in ("stop", "STOP!", "«Alto»", "cancel", "ayuda", "قف")] == [
        *["stop"] * 4,
        "help",
        "stop",
    ]
    assert {commands.command_of(text) for text in ("stop now please", "help me", "no", "", "yes", "I quit smoking")} == {("", "")}

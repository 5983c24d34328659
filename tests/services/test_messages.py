"""Messages leave once, to those who want them, and nothing of theirs opens anything afterwards."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from winddown.domain.refusals import NotAllowed, Refusal
from winddown.jobs import nightly, post
from winddown.jobs.providers import Folder, NotSent
from winddown.jobs.table import Job
from winddown.record.models import Message, NightlyRun
from winddown.record.scope import at_practice
from winddown.services import contacts, messages
from winddown.services.contacts import Wishes
from winddown.services.messages import Contact

NOW = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)


class Carrier:
    """A provider that remembers, and fails as often as it is told to."""

    def __init__(self, *failures):
        self.failures, self.taken = list(failures), []

    def send(self, message):
        if self.failures and (failure := self.failures.pop(0)):
            raise failure
        self.taken.append(message)
        return "taken"


@pytest.fixture
def reached(house):
    with at_practice(house.id):
        patient = factories.patient(house, now=NOW)
        wishes = Wishes(email="somebody@example.org", phone="(419) 555-0100", channel="sms", zone="America/New_York")
        contacts.write(patient, wishes, by=house.front_desk, now=NOW)
    return house, patient


def diary(house, patient, **changed):
    with at_practice(house.id):
        return messages.post(**({"kind": "diary", "patient": patient, "values": {"link": "/p/abc/"}, "now": NOW} | changed))


def carried(house, *failures, now=NOW):
    carrier = Carrier(*failures)
    post.carry(house.id, {"sms": carrier, "email": carrier}, now=now)
    return carrier.taken


def state(house, message):
    with at_practice(house.id):
        row = Message.objects.get(pk=message.pk)
        return row.state, row.link, [act.kind for act in row.acts.order_by("id")]


def test_a_message_reaches_the_preferred_address_once_with_its_link_and_keeps_no_key_of_it(reached):
    house, patient = reached
    message = diary(house, patient)
    assert "/p/" not in message.words
    [taken] = carried(house)
    assert (taken.channel, taken.address) == ("sms", "+14195550100")
    assert "http://127.0.0.1:8000/p/abc/" in taken.words and taken.stop_url in taken.words
    assert carried(house, now=NOW + timedelta(days=1)) == []
    assert state(house, message) == ("sent", "", ["leaving", "sent"])


def test_the_same_key_is_one_message(reached):
    house, patient = reached
    assert diary(house, patient, key="day-1").pk == diary(house, patient, key="day-1").pk
    assert len(carried(house)) == 1


def test_a_failure_is_tried_again_later_and_a_refusal_for_good_is_not(reached):
    house, patient = reached
    busy, wrong = diary(house, patient), diary(house, patient)
    assert carried(house, NotSent("busy"), NotSent("no such number", for_good=True)) == []
    assert carried(house, now=NOW + timedelta(seconds=59)) == []
    assert len(carried(house, now=NOW + timedelta(seconds=61))) == 1
    assert state(house, busy)[2] == ["leaving", "waiting", "leaving", "sent"]
    assert state(house, wrong)[:2] == ("failed", "")


def test_a_message_that_may_have_left_is_never_sent_a_second_time(reached):
    house, patient = reached
    heard, lost = diary(house, patient), diary(house, patient)
    with pytest.raises(KeyboardInterrupt):
        carried(house, NotSent("hung up", unsure=True), KeyboardInterrupt())
    assert carried(house, now=NOW + timedelta(hours=1)) == []
    assert state(house, heard)[0] == "unsure"
    assert state(house, lost)[0] == "unsure"


def test_a_message_too_late_to_be_true_is_not_sent(reached):
    house, patient = reached
    message = diary(house, patient)
    assert carried(house, now=NOW + timedelta(hours=11)) == []
    assert state(house, message)[0] == "too_late"


def test_nothing_is_sent_without_an_address_or_to_somebody_who_stopped(reached):
    house, patient = reached
    with at_practice(house.id):
        nobody = factories.patient(house, now=NOW, family_name="Unreached")
    assert diary(house, nobody) is None
    waiting = diary(house, patient)
    with at_practice(house.id):
        messages.stop(waiting, now=NOW)
        messages.stop(waiting, now=NOW)
    assert state(house, waiting)[0] == "cancelled"
    assert diary(house, patient) is None
    assert diary(house, patient, kind="sign_in") is not None
    with at_practice(house.id):
        messages.stop(waiting, now=NOW, again=True)
    assert diary(house, patient) is not None


def test_what_was_asked_for_at_night_leaves_at_night_and_a_reminder_at_eight(reached):
    house, patient = reached
    night = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)
    reminder, wanted = diary(house, patient, now=night), diary(house, patient, kind="sign_in", now=night)
    assert wanted.next_at == night
    assert reminder.next_at == datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


def test_an_escort_is_reached_about_a_patient_and_a_cancelled_subject_is_taken_back(reached):
    house, patient = reached
    told = {"place": "5 Pier Road", "when": "3:15 p.m.", "phone": "+1 419 555 0199"}
    escort = Contact("Kim", phone="419 555 0101", language="es")
    diary(house, patient, kind="pick_up", to=escort, values=told)
    [taken] = carried(house)
    assert taken.address == "+14195550101" and "5 Pier Road" in taken.words and "por favor" in taken.words
    diary(house, patient, subject="visit:1")
    with at_practice(house.id):
        assert messages.cancel("visit:1", now=NOW) == 1
        assert messages.cancel("", now=NOW) == 0
    assert carried(house) == []


def test_a_link_that_leads_elsewhere_is_refused(reached):
    house, patient = reached
    for link in ("https://elsewhere.example/", "//elsewhere.example/"):
        with pytest.raises(Refusal):
            diary(house, patient, values={"link": link})


def test_a_wrong_address_is_refused_before_it_is_kept(reached):
    house, patient = reached
    for wishes in (
        Wishes(email="nobody at home"),
        Wishes(phone="12", channel="sms"),
        Wishes(email="a@b.example", channel="sms"),
        Wishes(email="a@b.example", hour=24),
        Wishes(email="a@b.example", zone="Ohio"),
    ):
        with pytest.raises(Refusal), at_practice(house.id):
            contacts.write(patient, wishes, by=house.front_desk, now=NOW)
    with pytest.raises(NotAllowed), at_practice(house.id):
        contacts.write(patient, Wishes(email="a@b.example"), by=house.drug_officer, now=NOW)


def test_the_file_provider_writes_one_whole_file_for_each_message(reached, tmp_path):
    house, patient = reached
    message = diary(house, patient)
    assert post.carry(house.id, {"sms": Folder(tmp_path / "out")}, now=NOW) == 1
    [file] = (tmp_path / "out").iterdir()
    assert file.name == f"{message.ref}.txt" and "/p/abc/" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_a_job_of_the_night_runs_once_a_night_also_when_the_clock_changes(house):
    jobs = [Job("count", "tests.services.test_messages:counted")]
    runs = importlib.import_module("tests.services.test_messages").RUNS
    spring = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)  # 23:00 in New York; at 2:00 the clock jumps to 3:00
    for minute in range(0, 12 * 60, 10):
        nightly.look(house.id, now=spring + timedelta(minutes=minute), jobs=jobs)
    assert len(runs) == 1
    autumn = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)  # at 2:00 the clock goes back to 1:00
    for minute in range(0, 12 * 60, 10):
        nightly.look(house.id, now=autumn + timedelta(minutes=minute), jobs=jobs)
    assert len(runs) == 2
    with at_practice(house.id):
        assert [run.outcome for run in NightlyRun.objects.order_by("id")] == ["did it", "did it"]


RUNS = []


def counted(practice_id, *, now):
    RUNS.append(now)
    return "did it"

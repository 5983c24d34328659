"""The letter after a series: it waits as a task, is signed as the page that goes out, opens once with a code, and never changes again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.factories.relief import evenings, infused
from tests.web.people.desk import anyone, signed_in, words_of
from winddown.jobs import post
from winddown.jobs.providers import Folder
from winddown.record.models import AuditEntry, LetterSent, Message, SeriesLetter, SignedLetter, Task
from winddown.record.scope import at_practice
from winddown.services import letters_due

NOW = datetime.now(tz=UTC)
START = NOW - timedelta(days=2)
EMAIL = "colleague@example.org"


@pytest.fixture
def treated(house):
    with at_practice(house.id):
        order = factories.order(house, now=START - timedelta(days=20))
        evenings(house, order.patient, START - timedelta(hours=12), {-3: 8, -2: 8, -1: 7, 1: 4})
        infused(house, order, START)
        yield house, order.patient


@pytest.fixture
def signed(treated):
    """Signed by the prescriber; the referrer has an email."""
    house, patient = treated
    client = signed_in(house, "prescriber")
    path = f"/patients/{patient.ref}/letter/"
    told = {"role": "referrer", "name": "Dr. Fiction Al", "email": EMAIL, "phone": "+1 419 555 0100"}
    assert client.post(f"{path}contact/", told).status_code == 302
    assert (
        client.post(f"{path}write/", {"seen": 0, "words": "Dear colleague, he sleeps again.", "plan": "A review.", "sign": "1"}).status_code
        == 302
    )
    return house, patient, client, path


def sent_to(folder, house):
    post.carry(house.id, {"email": Folder(folder), "sms": Folder(folder)}, now=datetime.now(tz=UTC))
    return next(folder.glob("*.txt")).read_text(encoding="utf-8")


def test_the_letter_waits_for_its_prescriber_once_when_no_visit_of_the_series_is_to_come(treated):
    house, patient = treated
    order = patient.orders.get()
    factories.session(house, order, start=NOW + timedelta(days=3), now=NOW)
    waiting = Task.objects.filter(kind="series_letter", patient=patient)
    assert not letters_due.look(patient, now=NOW)
    assert letters_due.look(patient, now=NOW + timedelta(days=4))
    assert not letters_due.look(patient, now=NOW + timedelta(days=5))
    assert waiting.get().assigned == house.prescriber


def test_a_nurse_keeps_a_draft_that_only_a_prescriber_signs(treated):
    house, patient = treated
    nurse, path = signed_in(house, "nurse"), f"/patients/{patient.ref}/letter/"
    assert "A draft from the record" in words_of(nurse.get(path))
    nurse.post(f"{path}write/", {"seen": 0, "words": "A note of the nurse.", "plan": ""})
    assert nurse.post(f"{path}write/", {"seen": 1, "words": "A note of the nurse.", "plan": "", "sign": "1"}).status_code == 403
    assert not SignedLetter.objects.exists()
    assert nurse.post(f"{path}write/", {"seen": 0, "words": "Not seen.", "plan": ""}).status_code == 422
    assert SeriesLetter.objects.count() == 1
    assert nurse.get(f"{path}letter.pdf").content.startswith(b"%PDF")


def test_a_link_opens_once_with_its_code_and_the_message_says_nothing_of_anybody(signed, tmp_path):
    house, patient, client, path = signed
    letters_due.look(patient, now=NOW)
    row = SignedLetter.objects.get()
    page = words_of(client.post(f"{path}send/", {"signed": row.ref, "role": "referrer"}))
    code = re.search(r"wd-letter-digits.*?(\d{6})", page)[1]
    text = sent_to(tmp_path, house)
    assert EMAIL in text
    assert not any(word in text for word in (patient.family_name, patient.record_number, code, "ketamine", "pain"))
    link = re.search(r"/letter/[\w-]+/", text).group()
    stranger = anyone()
    assert stranger.get(link).status_code == 200
    assert stranger.post(link, {"code": "000000" if code != "000000" else "111111"}).status_code == 422
    answer = stranger.post(link, {"code": code})
    assert answer.content == bytes(row.pdf)
    assert stranger.post(link, {"code": code}).status_code == 404
    assert stranger.get(link).status_code == 404
    assert Task.objects.get(kind="series_letter", patient=patient).status == "closed"
    acts = set(AuditEntry.objects.filter(patient=patient).values_list("act", flat=True))
    assert {"sign letter after a series", "send letter after a series", "letter opened", "wrong code for a letter"} <= acts
    assert "opened" in words_of(client.get(path))


def test_five_wrong_codes_end_a_link(signed, tmp_path):
    house, _patient, client, path = signed
    code = re.search(
        r"digits.*?(\d{6})", words_of(client.post(f"{path}send/", {"signed": SignedLetter.objects.get().ref, "role": "referrer"}))
    )[1]
    link = re.search(r"/letter/[\w-]+/", sent_to(tmp_path, house)).group()
    for _turn in range(5):
        anyone().post(link, {"code": f"{(int(code) + 1) % 1000000:06d}"})
    assert anyone().post(link, {"code": code}).status_code == 404
    assert LetterSent.objects.get().opened_at is None


def test_it_is_attached_only_after_the_director_has_said_that_the_mail_is_encrypted(signed, tmp_path):
    house, _patient, client, path = signed
    director = signed_in(house, "director")
    assert client.post(f"{path}way/", {"way": "attachment", "because": "ours"}).status_code == 403
    assert director.post(f"{path}way/", {"way": "attachment", "because": ""}).status_code == 422
    assert director.post(f"{path}way/", {"way": "attachment", "because": "A fictional encrypted gateway"}).status_code == 302
    client.post(f"{path}send/", {"signed": SignedLetter.objects.get().ref, "role": "referrer"})
    assert "Attached: letter.pdf" in sent_to(tmp_path, house)
    assert next(tmp_path.glob("*.pdf")).read_bytes() == bytes(SignedLetter.objects.get().pdf)
    assert Message.objects.get(kind="letter_attached").link == ""


def test_a_signed_letter_that_is_changed_is_a_new_version_and_the_old_page_stays(signed):
    _house, patient, client, path = signed
    first = SignedLetter.objects.get()
    before = client.get(f"{path}letter.pdf?signed={first.ref}").content
    client.post(f"{path}write/", {"seen": 1, "words": "He still sleeps.", "plan": "A review.", "sign": "1"})
    assert list(SeriesLetter.objects.filter(patient=patient).values_list("version", flat=True)) == [1, 2]
    assert client.get(f"{path}letter.pdf?signed={first.ref}").content == before
    assert SignedLetter.objects.count() == 2


def test_a_letter_that_is_too_long_is_not_cut_and_not_lost(signed):
    _house, _patient, client, path = signed
    long = "He sleeps. " * 200
    answer = client.post(f"{path}write/", {"seen": 1, "words": long, "plan": "A review."})
    assert answer.status_code == 422 and "2,199 letters; 1,500 fit" in words_of(answer) and long.strip() in answer.content.decode()
    assert SeriesLetter.objects.count() == 1


def test_nothing_is_sent_where_the_patient_does_not_want_it(signed):
    _house, _patient, client, path = signed
    told = {"role": "referrer", "name": "Dr. Fiction Al", "email": EMAIL, "unwanted": "on"}
    client.post(f"{path}contact/", told)
    refused = client.post(f"{path}send/", {"signed": SignedLetter.objects.get().ref, "role": "referrer"})
    assert refused.status_code in (403, 422)
    assert not LetterSent.objects.exists()


def test_the_task_waits_until_the_second_recipient_has_it_or_somebody_says_why_not(signed):
    _house, patient, client, path = signed
    told = {"role": "mental_health", "name": "Dr. Second Fable", "email": "", "phone": ""}
    assert client.post(f"{path}contact/", told).status_code == 302
    letters_due.look(patient, now=NOW)
    row, waiting = SignedLetter.objects.get(), Task.objects.filter(kind="series_letter", patient=patient)
    client.post(f"{path}send/", {"signed": row.ref, "role": "referrer", "paper": "1"})
    assert waiting.get().status != "closed"
    assert "Does not have this version yet" in words_of(client.get(path))
    assert client.post(f"{path}spare/", {"signed": row.ref, "role": "mental_health", "because": " "}).status_code == 422
    much = client.post(f"{path}spare/", {"signed": row.ref, "role": "mental_health", "because": "a" * 301})
    assert much.status_code == 422 and "301 letters; 300 fit" in words_of(much)
    assert waiting.get().status != "closed"
    client.post(f"{path}spare/", {"signed": row.ref, "role": "mental_health", "because": "Retired last month."})
    assert waiting.get().status == "closed"
    assert "Not sent: Retired last month." in words_of(client.get(path))


def test_a_letter_signed_anew_after_it_was_sent_is_a_task_again(signed):
    _house, patient, client, path = signed
    letters_due.look(patient, now=NOW)
    waiting = Task.objects.filter(kind="series_letter", patient=patient)
    client.post(f"{path}send/", {"signed": SignedLetter.objects.get().ref, "role": "referrer", "paper": "1"})
    assert [task.status for task in waiting] == ["closed"]
    client.post(f"{path}write/", {"seen": 1, "words": "He sleeps again.", "plan": "A review.", "sign": "1"})
    newer = SignedLetter.objects.order_by("-id").first()
    assert sorted(task.status == "closed" for task in waiting.all()) == [False, True]
    client.post(f"{path}write/", {"seen": 2, "words": "He sleeps well.", "plan": "A review.", "sign": "1"})
    assert waiting.exclude(status="closed").count() == 1
    client.post(f"{path}send/", {"signed": newer.ref, "role": "referrer", "paper": "1"})
    assert waiting.exclude(status="closed").count() == 1
    client.post(f"{path}send/", {"signed": SignedLetter.objects.order_by("-id").first().ref, "role": "referrer", "paper": "1"})
    assert not waiting.exclude(status="closed").exists()


def test_a_link_that_nobody_opened_is_not_a_letter_that_arrived(signed):
    _house, patient, client, path = signed
    letters_due.look(patient, now=NOW)
    row, waiting = SignedLetter.objects.get(), Task.objects.filter(kind="series_letter", patient=patient)
    client.post(f"{path}send/", {"signed": row.ref, "role": "referrer"})
    assert waiting.get().status != "closed"
    assert "nobody has opened it yet" in words_of(client.get(path))
    client.post(f"{path}send/", {"signed": row.ref, "role": "referrer", "paper": "1"})
    assert waiting.get().status == "closed"

"""The diary's pages: what a link opens, what it never shows, what is kept and how often."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests import factories
from tests.web.people.desk import anyone
from winddown.record.models import AddressStop, Answer, HomeReading, Message, PatientContact, Task
from winddown.record.scope import at_practice
from winddown.services import contacts, diary, links, messages

NOW = datetime.now(tz=UTC)


class Home:
    """A patient with an address and a diary link, as the phone at home sees it."""

    def __init__(self, house):
        self.house, self.client = house, anyone()
        with at_practice(house.id):
            self.patient = factories.patient(house, now=NOW, family_name="Secretfamily", given_name="Secretgiven")
            contacts.write(self.patient, contacts.Wishes(email="secret@example.org", zone="America/New_York"), by=house.front_desk, now=NOW)
            self.link = diary.link_for(self.patient, now=NOW)
        self.path = links.path_of(self.link)

    def send(self, path="diary/", *, json_wanted=True, **told):
        accept = {"HTTP_ACCEPT": "application/json"} if json_wanted else {}
        return self.client.post(self.path + path, told, **accept)

    def day(self, pain=None, mood=None, note=None, at=NOW, keys=None):
        keys = keys or [uuid4() for _ in range(3)]
        told = {}
        for name, item, value, key in (
            ("pain-nrs", "average", pain, keys[0]),
            ("mood", "mood", mood, keys[1]),
            ("diary-note", "note", note, keys[2]),
        ):
            if value is not None:
                told |= {
                    f"{name}.{item}": value,
                    f"version:{name}": "1",
                    f"language:{name}": "en",
                    f"key:{name}": key,
                    f"at:{name}": at.isoformat(),
                }
        return self.send(**told)

    def rows(self, model=Answer):
        with at_practice(self.house.id):
            return list(model.objects.order_by("id"))


@pytest.fixture
def home(house):
    return Home(house)


def test_the_page_asks_two_numbers_and_a_note_and_names_nobody(home):
    page = home.client.get(home.path, follow=True)
    text = page.content.decode()
    assert page.redirect_chain == [(home.path + "diary/", 302)]
    assert text.count("data-line-slide") == 2 and "<textarea" in text
    for secret in ("Secretfamily", "Secretgiven", "secret@example.org", home.patient.record_number):
        assert secret not in text


def test_a_line_that_was_not_touched_is_missing_and_never_a_default(home):
    assert home.day(pain=6).json() == {"kept": ["pain-nrs"], "crisis": False}
    assert [(answer.instrument, answer.items) for answer in home.rows()] == [("pain-nrs", {"average": "6"})]


def test_the_same_day_sent_twice_is_once_with_the_time_of_the_phone(home):
    keys, at = [uuid4() for _ in range(3)], NOW - timedelta(hours=9)
    for _time in range(3):
        home.day(pain=6, mood=4, note="a quiet day", at=at, keys=keys)
    assert [(answer.instrument, answer.answered_at) for answer in home.rows()] == [("pain-nrs", at), ("mood", at), ("diary-note", at)]


def test_after_the_numbers_the_page_says_thank_you_and_shows_none_of_them(home):
    home.day(pain=9, mood=1)
    text = home.client.get(home.path + "diary/").content.decode()
    assert "data-line-slide" not in text and "Thank you" in text
    assert not any(f">{number}<" in text for number in (9, 1))


def test_red_words_in_a_note_open_an_urgent_task_and_show_help(home):
    assert home.day(note="I want to end my life").json()["crisis"] is True
    [task] = [task for task in home.rows(Task) if task.kind == "red_words"]
    assert task.urgency == "urgent"


def test_without_a_script_the_browser_is_led_to_the_end(home):
    told = {"pain-nrs.average": "3", "version:pain-nrs": "1", "key:pain-nrs": uuid4()}
    page = home.client.post(home.path + "diary/", told, follow=True)
    assert page.redirect_chain[-1] == (home.path + "diary/done/", 302) and "Thank you" in page.content.decode()


def test_a_link_that_was_renewed_opens_nothing(home):
    with at_practice(home.house.id):
        new = diary.renew(home.patient, by=home.house.nurse, now=NOW)
        assert new.pk != home.link.pk and diary.link_for(home.patient, now=NOW).pk == new.pk
    assert home.client.get(home.path + "diary/").status_code == 404
    assert home.day(pain=3).status_code == 403 or home.rows() == []


def test_pressure_and_sleep_are_kept_with_their_source_and_half_a_pressure_is_refused(home):
    key = uuid4()
    page = home.send("home/", json_wanted=False, key=key, systolic="131", diastolic="84", sleep_hours="6,5")
    assert page.status_code == 302
    home.send("home/", json_wanted=False, key=key, systolic="131", diastolic="84", sleep_hours="6,5")
    rows = home.rows(HomeReading)
    assert {(row.kind, float(row.value), row.unit, row.source) for row in rows} == {
        ("systolic", 131.0, "mm[Hg]", "page"),
        ("diastolic", 84.0, "mm[Hg]", "page"),
        ("sleep_hours", 6.5, "h", "page"),
    }
    half = home.send("home/", json_wanted=False, systolic="131")
    assert half.status_code == 422 and 'value="131"' in half.content.decode()
    assert len(home.rows(HomeReading)) == 3


def test_a_device_sends_json_by_its_own_address_that_opens_nothing_else(home):
    page = home.client.post(home.path + "home/shortcut/")
    address = re.search(r"http://[^<]+?(/p/[^<]+/home/)<", page.content.decode()).group(1)
    body = {"id": str(uuid4()), "device": "cuff", "systolic": 250, "diastolic": 20, "at": (NOW - timedelta(hours=2)).isoformat()}

    def send(told):
        return home.client.post(address, json.dumps(told), content_type="application/json")

    assert (send(body).status_code, send(body).status_code) == (201, 200)
    systolic = home.rows(HomeReading)[0]
    assert (systolic.source, systolic.device, systolic.measured_at) == ("device", "cuff", NOW - timedelta(hours=2))
    for wrong in ({"systolic": 120}, {"weight": 80}, {}, [1], {"systolic": "high", "diastolic": 80}, {"id": "x", "sleep_hours": 7}):
        assert send(wrong).status_code == 422
    assert len(home.rows(HomeReading)) == 2
    assert home.client.get(address.replace("/home/", "/diary/")).status_code == 404
    assert home.client.get(address).status_code == 200


def test_an_impossible_pressure_is_kept_and_marked(home):
    home.send("home/", json_wanted=False, systolic="80", diastolic="120")
    assert {row.odd for row in home.rows(HomeReading)} == {"implausible: the upper number is not above the lower one"}


def test_the_patient_chooses_the_hour_and_stops_without_seeing_an_address(home):
    page = home.client.get(home.path + "diary/wishes/").content.decode()
    assert "secret@example.org" not in page
    home.send("diary/wishes/", json_wanted=False, hour="21", channel="email", language="es", stopped="yes")
    newest = home.rows(PatientContact)[-1]
    assert (newest.hour, newest.language, newest.stopped, newest.email, newest.by) == (21, "es", True, "secret@example.org", None)


def test_every_reminder_stops_by_its_own_word_and_a_look_alone_stops_nothing(home):
    with at_practice(home.house.id):
        message = messages.post(kind="diary", patient=home.patient, values={"link": home.path}, now=NOW)
        path = messages.stop_path(message)
    page = home.client.get(path)
    assert page.status_code == 200 and home.rows(AddressStop) == [] and "secret" not in page.content.decode()
    assert "No more reminders" in home.client.post(path).content.decode()
    assert home.rows(Message)[0].state == "cancelled"
    home.client.post(path, {"again": "yes"})
    assert [row.stopped for row in home.rows(AddressStop)] == [True, False]
    assert home.client.get("/m/nonsense/").status_code == 404
    assert home.client.get(path.replace("/m/", "/p/")).status_code == 404

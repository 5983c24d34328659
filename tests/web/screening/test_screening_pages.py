"""The pages of screening: three clicks to a decision, overrides on every later page, the history at home, and a fixed number of queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.web.people.desk import signed_in
from winddown.record.models import DayBefore, HistoryEntry, PatientFact, ScreeningDecision, Task
from winddown.record.scope import at_practice
from winddown.services import links
from winddown.services.screening import checks, history, runs


@pytest.fixture
def now():
    return datetime.now(tz=UTC)


@pytest.fixture
def patient(house, now):
    with at_practice(house.id):
        return factories.patient(house, now=now)


def address(patient, page=""):
    return f"/patients/{patient.ref}/screening/{page}"


def digest(house, patient, now):
    with at_practice(house.id):
        from zoneinfo import ZoneInfo

        return runs.look(patient, now=now, zone=ZoneInfo("America/New_York"), track="mood").digest


def test_a_prescriber_opens_chooses_and_signs(house, patient, now):
    browser = signed_in(house, "prescriber")
    page = browser.get(address(patient)).content.decode()
    assert "No rule fired on the data entered" in page
    assert "eligible" not in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = browser.post(address(patient), {"choice": "accept", "seen": seen, "track": "mood", "key": str(uuid4())})
    assert answer.status_code == 302
    with at_practice(house.id):
        assert ScreeningDecision.objects.get(patient=patient).choice == "accept"


def test_an_override_without_a_reason_is_refused_with_what_was_typed_and_with_one_it_stands_on_every_later_page(house, patient, now):
    with at_practice(house.id):
        history.answer(patient, {"porphyria": "yes"}, informant="patient", by=house.nurse, observed_at=now, now=now)
        order = factories.order(house, patient, now=now)
        session = factories.session(house, order, now=now)
    browser = signed_in(house, "prescriber")
    told = {"choice": "accept", "words": "talked it over", "track": "mood"}
    refused = browser.post(address(patient), told)
    assert refused.status_code == 422
    assert "talked it over" in refused.content.decode()
    assert browser.post(address(patient), {**told, "override_metabolism.porphyria": "a specialist agreed"}).status_code == 302
    for page in (f"/patients/{patient.ref}/", f"/orders/{order.ref}/", f"/sessions/{session.ref}/start-gate/", address(patient)):
        assert "a specialist agreed" in browser.get(page).content.decode(), page


def test_a_nurse_sees_the_run_and_cannot_decide(house, patient):
    browser = signed_in(house, "nurse")
    assert "Sign the decision" not in browser.get(address(patient)).content.decode()
    assert browser.post(address(patient), {"choice": "accept"}).status_code == 403


def test_the_page_asks_the_database_the_same_number_of_times_whatever_the_history(house, patient, now):
    browser = signed_in(house, "prescriber")
    browser.get(address(patient))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            browser.get(address(patient))
        counts.append(len(asked))
        with at_practice(house.id):
            note = {"informant": "staff", "by": house.nurse, "observed_at": now, "now": now}
            history.answer(patient, {"stroke": "yes", "cannabis": "yes"}, **note)
            for name in ("Valium", "Foobarol", "Zoloft"):
                history.add(patient, "medicine", {"name": name}, **note)
            today = now.date() - timedelta(days=1)
            checks.record(patient, "urinalysis", {"result": "normal"}, done_on=today, today=today, by=house.nurse, now=now)
    assert counts[0] == counts[1] <= 32


def test_a_history_that_cannot_be_read_is_refused_and_keeps_what_was_typed(house, patient):
    browser = signed_in(house, "nurse")
    refused = browser.post(address(patient, "history/"), {"alcohol_score": "14", "aneurysm": "yes"})
    assert refused.status_code == 422
    assert 'value="14"' in refused.content.decode()
    with at_practice(house.id):
        assert not HistoryEntry.objects.filter(patient=patient).exists()


def test_a_medicine_told_at_home_goes_on_the_chart_by_a_tap(house, patient, now):
    with at_practice(house.id):
        entry = history.add(
            patient, "medicine", {"name": "Zoloft", "dose": "50 mg"}, informant="patient", by=None, observed_at=now, now=now
        )
    signed_in(house, "nurse").post(address(patient, f"entries/{entry.ref}/chart/"))
    with at_practice(house.id):
        assert PatientFact.objects.get(patient=patient, kind="medicine").data == {"name": "Zoloft", "dose": "50 mg"}
        assert history.listed(patient, "medicine") == []


def test_the_day_before_cannot_be_signed_while_a_line_is_undecided(house, patient, now):
    with at_practice(house.id):
        history.add(patient, "medicine", {"name": "Jardiance", "dose": "10 mg"}, informant="patient", by=None, observed_at=now, now=now)
    browser = signed_in(house, "prescriber")
    assert browser.post(address(patient, "day-before/"), {"what_0": "ask"}).status_code == 422
    assert browser.post(address(patient, "day-before/"), {"what_0": "hold", "words_0": "from three days before"}).status_code == 302
    with at_practice(house.id):
        assert DayBefore.objects.get(patient=patient).lines[0]["what"] == "hold"
    assert "from three days before" in browser.get(address(patient, "day-before/print/")).content.decode()


def test_the_director_changes_a_threshold_and_the_counts_count(house, patient, now):
    browser = signed_in(house, "director")
    assert browser.post("/screening/change/", {"on": "0", "because": "", "person.old:years": "60"}).status_code == 422
    assert browser.post("/screening/change/", {"on": "0", "because": "our town", "person.old:years": "60"}).status_code == 302
    assert "our town" in browser.get("/screening/").content.decode()
    with at_practice(house.id):
        run = runs.look(patient, now=now, track="pain")
        runs.decide_on(patient, run, choice="refuse", reasons=["wish", "liver"], by=house.prescriber, now=now)
    page = browser.get("/screening/counts/").content.decode()
    assert "The patient&#x27;s wish" in page
    assert "Testcase" not in page


@pytest.fixture
def phone(house, patient, now):
    with at_practice(house.id):
        link = links.make(patient=patient, purpose="history", now=now, by=house.nurse)
        return Client(SERVER_NAME="localhost"), links.path_of(link) + "history/"


def test_the_history_at_home_asks_nothing_of_clinicians_and_is_kept_once(house, patient, phone):
    client, path = phone
    page = client.get(path).content.decode()
    assert "Do you have high blood pressure" in page
    assert "pressure_hazard" not in page
    assert "W000" not in page
    sent = {"heart.hypertension": "1", "heart.aneurysm": "0", "key:heart": str(uuid4()), "lists.medicine": "Valium 5 mg\nFoobarol"}
    for _ in range(2):
        answer = client.post(path, sent | {"key:lists": "11111111-1111-4111-8111-111111111111"}, HTTP_ACCEPT="application/json")
        assert answer.status_code == 200
    with at_practice(house.id):
        kept = list(HistoryEntry.objects.filter(patient=patient).values_list("key", flat=True))
    assert sorted(kept) == ["aneurysm", "hypertension", "medicine", "medicine"]


def test_words_of_self_harm_in_a_history_open_a_task(house, patient, phone):
    client, path = phone
    client.post(path, {"lists.condition": "I want to kill myself", "key:lists": str(uuid4())})
    with at_practice(house.id):
        assert Task.objects.filter(patient=patient, kind__in=("red_words", "read_text")).exists()


def test_what_to_take_is_read_by_link_as_it_was_signed_and_nothing_before(house, patient, now):
    with at_practice(house.id):
        path = links.path_of(links.make(patient=patient, purpose="day_before", now=now, by=house.nurse)) + "day_before/"
    client = Client(SERVER_NAME="localhost")
    assert "Nothing is signed for you yet" in client.get(path).content.decode()
    with at_practice(house.id):
        lines = [{"medicine": "Jardiance 10 mg", "what": "hold", "words": "from three days before"}]
        checks.sign_day_before(patient, lines, words="", by=house.prescriber, now=now)
    page = client.get(path).content.decode()
    assert "from three days before" in page
    assert "W000" not in page

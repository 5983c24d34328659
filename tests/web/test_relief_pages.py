"""The pages of relief: the forecast in words, what is kept when somebody decides, the patient's own curve, the letter, the exposure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.factories import diary
from tests.factories.relief import evenings, held_here, infused
from tests.web.people.desk import anyone, queries, signed_in, words_of
from winddown.record.models import ReliefForecast, Task, TaskAct
from winddown.record.scope import at_practice
from winddown.services import booking, calendar

NOW = datetime.now(tz=UTC)
START = NOW - timedelta(days=13)
FADING = {-4: 8, -3: 8, -2: 7, -1: 8} | {day: min(8, 2 + day // 4) for day in range(1, 13)}


@pytest.fixture
def fading(house):
    with at_practice(house.id):
        order = factories.order(house, now=START - timedelta(days=20))
        held_here(house, "mood-half-mg-per-kg-40min", START - timedelta(days=200))
        evenings(house, order.patient, START - timedelta(hours=10), FADING)
        infused(house, order, START)
        yield house, order.patient


def test_a_fading_course_is_told_with_its_interval_and_what_it_stands_on(fading):
    house, patient = fading
    page = signed_in(house, "nurse").get(f"/patients/{patient.ref}/relief/").content.decode()
    for words in ("Half of the relief", "One chance in two", "fan-most", "fade-middle", "23% of placebo", "half-life 10.9 days"):
        assert words in page
    assert "104 evenings" in page
    assert "Not weighed: every infusion counts alike" in page


def test_what_was_in_sight_is_kept_when_somebody_looks_for_a_time(fading):
    house, patient = fading
    answer = signed_in(house, "nurse").post(f"/patients/{patient.ref}/relief/decide/")
    assert answer.headers["Location"].startswith(f"/calendar/book/?patient={patient.ref}&day=")
    assert f"place={house.location.ref}" in answer.headers["Location"]
    row = ReliefForecast.objects.get(moment="shown")
    assert (row.moment, row.by, len(row.inputs["days"])) == ("shown", house.nurse, len(FADING))


def test_the_patient_sees_the_own_curve_by_a_link_and_nothing_else(fading):
    house, patient = fading
    page = signed_in(house, "nurse").post(f"/patients/{patient.ref}/relief/link/").content.decode()
    address = re.search(r'value="https?://[^/]+(/p/[^"]+)"', page)[1]
    own = anyone().get(address, follow=True).content.decode()
    assert "Before treatment your pain was about 7.8" in own
    assert "fan-most" not in own
    assert patient.family_name not in own


def test_a_booked_visit_answers_the_proposal_and_closes_its_task(fading):
    house, patient = fading
    evenings(house, patient, START - timedelta(hours=10), {13: 6})
    task = Task.objects.get(kind="relief_review", patient=patient)
    assert "Find a time" in signed_in(house, "nurse").get(f"/patients/{patient.ref}/relief/").content.decode()
    kind = diary.open_diary(house, monday := NOW.date() + timedelta(days=7 - NOW.weekday()), now=NOW, weeks=1)
    slot = calendar.free(kind, [house.location], monday, 5, now=NOW)[house.location][0]
    booking.book(kind, house.location, slot.start, now=NOW, by=house.front_desk, patient=patient)
    task.refresh_from_db()
    assert (task.status, TaskAct.objects.get(task=task, kind="closed").outcome) == ("closed", "booked")
    assert "A visit is booked" in signed_in(house, "nurse").get(f"/patients/{patient.ref}/relief/").content.decode()


def test_the_page_asks_the_same_few_questions_however_long_the_history(fading, house):
    _house, patient = fading
    client, path = signed_in(house, "nurse"), f"/patients/{patient.ref}/relief/"
    few = queries(client, path)
    evenings(house, patient, START - timedelta(days=30), dict.fromkeys(range(20), 8))
    assert queries(client, path) == few
    assert 10 < few <= 26


def test_the_board_tells_the_record_group_by_group(fading):
    house, _patient = fading
    page = words_of(signed_in(house, "director").get("/honesty/"))
    for words in ("Sandusky", "an opioid", "none of these", "60–79", "beats both rules", "too few to judge"):
        assert words in page


def test_without_an_infusion_nothing_is_foretold(house):
    with at_practice(house.id):
        patient = factories.patient(house)
        page = signed_in(house, "nurse").get(f"/patients/{patient.ref}/relief/").content.decode()
        assert "No forecast: no infusion has been given yet." in page
        assert "fan-most" not in page
        empty = signed_in(house, "nurse").get(f"/patients/{patient.ref}/exposure/").content.decode()
        assert "No infusion has been given yet" in empty


def test_the_letter_is_one_page_and_the_exposure_is_what_was_given(fading):
    house, patient = fading
    client = signed_in(house, "prescriber")
    letter = client.get(f"/patients/{patient.ref}/letter/letter.pdf")
    assert letter.content.startswith(b"%PDF")
    assert letter.content.count(b"/Type /Page\n") + letter.content.count(b"/Type/Page/") <= 1
    page = client.get(f"/patients/{patient.ref}/exposure/").content.decode()
    assert "35 mg" in page
    assert "Norketamine" in page

"""The chair board and the wall: who sees what of whom, what is due, what is old, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import factories
from tests.web.board import floor
from tests.web.people.desk import queries, signed_in
from winddown.record.models import AuditEntry, Session
from winddown.record.scope import at_practice
from winddown.services import health, infusion, people, sessions


def test_every_chair_has_a_card_in_floor_plan_order_with_its_phase_and_what_is_due(house):
    session = floor.running(house, chair=1, minutes=20, given_name="Alma", family_name="Reyes")
    found = floor.cards(signed_in(house, "nurse").get("/board/"))
    assert list(found) == [str(chair.ref) for chair in house.chairs]
    free, taken = found.values()
    assert free == "Chair 1 Free"
    assert "AR Alma Reyes Infusing, 20 of 40 min" in taken
    assert "Late: Observations" in taken
    assert "Dose so far 17.5 mg of 35 mg" in taken
    assert session.status == "running"


def test_a_number_carries_unit_time_and_source_and_an_abnormal_one_says_so_in_words(house):
    session = floor.running(house)
    floor.reading(session, "spo2", 88)
    floor.reading(session, "pulse_rate", 74)
    floor.reading(session, "systolic", 131)
    floor.reading(session, "diastolic", 113)
    page = signed_in(house, "nurse").get("/board/")
    card = floor.cards(page)[str(session.chair.ref)]
    assert "Oxygen" not in card
    assert "SpO₂ 88 % below 90" in card
    assert "Pulse 74 /min" in card and "monitor" in card
    assert "131 / 113 mmHg diastolic above 110" in card
    assert 'data-number="pulse_rate" data-stale-after-s="60"' in page.content.decode()


def test_a_reading_that_cannot_be_used_is_not_on_the_card(house):
    session = floor.running(house)
    floor.reading(session, "spo2", 97, seconds_ago=60)
    floor.reading(session, "spo2", 61, label="artefact")
    assert "SpO₂ 97 %" in floor.cards(signed_in(house, "nurse").get("/board/"))[str(session.chair.ref)]


def test_names_are_for_those_who_find_patients_and_readings_for_those_who_read_charts(house):
    session = floor.running(house, given_name="Alma", family_name="Reyes")
    floor.reading(session, "spo2", 97)
    pages = {role: signed_in(house, role).get("/board/") for role in ("nurse", "front_desk", "drug_officer")}
    seen = [floor.cards(page)[str(session.chair.ref)] for page in pages.values()]
    told = [("Alma Reyes" in text, "SpO₂ 97" in text, "AR" in text) for text in seen]
    assert told == [(True, True, True), (True, False, True), (False, False, True)]
    assert "Alma Reyes" not in pages["drug_officer"].content.decode()
    assert f"/sessions/{session.ref}/" not in pages["front_desk"].content.decode()


def test_the_number_of_queries_does_not_grow_with_the_chairs(urls):
    counts = []
    for chairs in (1, 8):
        house = factories.house(urls, chairs=chairs)
        for chair in range(chairs):
            floor.reading(floor.running(house, chair=chair), "systolic", 120)
        nurse = signed_in(house, "nurse")
        counts.append([queries(nurse, path) for path in ("/board/", "/board/parts/", "/wall/", "/alarms/")])
    assert counts[0] == counts[1]


def test_one_card_and_the_parts_answer_alone(house):
    session = floor.running(house)
    nurse = signed_in(house, "nurse")
    alone = floor.cards(nurse.get(f"/board/cards/{session.chair.ref}/"))
    assert list(alone) == [str(session.chair.ref)]
    assert list(floor.cards(nurse.get("/board/parts/"))) == [str(chair.ref) for chair in house.chairs]
    assert "As of" in floor.text_of(nurse.get("/board/parts/").content.decode())


def test_a_locked_screen_is_told_no_names(house):
    floor.running(house, family_name="Reyes")
    nurse = signed_in(house, "nurse")
    nurse.post("/lock/now/")
    answers = [nurse.get(path) for path in ("/board/parts/", f"/board/cards/{house.chairs[0].ref}/")]
    assert [answer.status_code for answer in answers] == [423, 423]
    assert all(b"Reyes" not in answer.content for answer in answers)


def test_the_day_stands_beside_the_board_in_three_groups(house):
    floor.running(house, chair=0, given_name="Alma", family_name="Reyes")
    with at_practice(house.id):
        person = factories.patient(house, given_name="Gwen", family_name="Park")
        factories.session(house, factories.order(house, person), start=floor.now() + timedelta(minutes=30), chair=1)
    page = floor.text_of(signed_in(house, "nurse").get("/board/").content.decode())
    assert "Expected 1" in page and "In a chair 1" in page and "Gone home 0 Nobody." in page
    assert "Gwen Park Chair 2, expected Open: screening decision, Resting blood pressure, Liver tests, Urinalysis" in page


@pytest.mark.parametrize(("role", "onward"), [("nurse", "start-gate"), ("front_desk", "/board/")])
def test_a_patient_who_arrives_is_checked_in_by_one_button(house, role, onward):
    with at_practice(house.id):
        session = factories.session(house, start=floor.now() + timedelta(minutes=10))
    answer = signed_in(house, role).post(f"/board/sessions/{session.ref}/check-in/")
    assert (answer.status_code, onward in answer["Location"]) == (302, True)
    with at_practice(house.id):
        assert Session.objects.get(pk=session.pk).status == "checked_in"


def test_the_same_check_in_twice_is_one_and_a_second_person_is_told(house):
    with at_practice(house.id):
        session = factories.session(house, start=floor.now())
    nurse, key = signed_in(house, "nurse"), "6f1c2d5e-0000-4000-8000-000000000001"
    url = f"/board/sessions/{session.ref}/check-in/"
    assert [nurse.post(url, {"key": key}).status_code for _ in range(2)] == [302, 302]
    refused = signed_in(house, "front_desk").post(url)
    assert refused.status_code == 422
    assert "The session is checked_in already." in floor.text_of(refused.content.decode())


def test_a_check_in_by_a_clock_that_runs_ahead_has_a_card_and_opens(house):
    """Everything that is told of the visit lies ahead of the one who looks: nothing has run, and the patient is in the chair."""
    with at_practice(house.id):
        session = factories.session(house, start=floor.now() + timedelta(minutes=10))
        sessions.check_in(session, by=house.nurse, now=floor.now() + timedelta(minutes=30))
    nurse, chair = signed_in(house, "nurse"), str(session.chair.ref)
    for path in ("/board/", "/board/parts/", f"/board/cards/{chair}/"):
        assert "Planned start No reading yet. Go on with the checks" in floor.cards(nurse.get(path))[chair], path
    for path in ("/wall/", f"/sessions/{session.ref}/", f"/sessions/{session.ref}/chart.json"):
        assert nurse.get(path).status_code == 200, path


def test_the_location_is_switched_and_remembered_and_its_clock_is_used(house):
    with at_practice(house.id):
        west = people.open_location(
            name="Tacoma", time_zone="America/Los_Angeles", now=floor.now(), chairs=["Room A"], by=house.administrator
        )
    nurse = signed_in(house, "nurse")
    assert nurse.post("/board/place/", {"place": str(west.ref)}).status_code == 302
    page = nurse.get("/board/").content.decode()
    assert "<h1>Tacoma</h1>" in page and "Room A" in page and "Chair 1" not in page
    assert "-08:00" in page or "-07:00" in page
    assert nurse.post("/board/place/", {"place": "nowhere"}).status_code == 422


def test_the_wall_shows_every_chair_of_every_location_by_initials_only(house):
    session = floor.running(house, given_name="Alma", family_name="Reyes")
    floor.reading(session, "spo2", 97)
    with at_practice(house.id):
        people.open_location(name="Norwalk", time_zone="America/New_York", now=floor.now(), chairs=["Room A"], by=house.administrator)
    page = signed_in(house, "prescriber").get("/wall/")
    text = page.content.decode()
    assert text.index("Norwalk") < text.index("Room A") < text.index("Chair 1") < text.index("Chair 2")
    assert "Reyes" not in text and ">AR<" in text and f"/sessions/{session.ref}/" in text
    assert 'data-lock-after-s="0"' in text


def test_a_wall_in_front_of_a_locked_screen_goes_on(house):
    floor.running(house, given_name="Alma", family_name="Reyes")
    nurse = signed_in(house, "nurse")
    nurse.post("/lock/now/")
    answer = nurse.get("/wall/parts/")
    assert answer.status_code == 200 and "AR" in answer.content.decode()


def test_the_board_says_when_a_part_of_the_house_is_silent_and_is_quiet_when_all_are_well(house):
    nurse = signed_in(house, "nurse")
    silent = floor.text_of(nurse.get("/board/").content.decode())
    assert "Readings may not be arriving: the phantom bed's has not been heard since the start" in silent or "has not been heard" in silent
    with at_practice(house.id):
        for part in ("listener", "watch"):
            health.beat(part, now=floor.now())
    assert "Watch the patients and the monitors." not in floor.text_of(nurse.get("/board/").content.decode())
    with at_practice(house.id):
        health.beat("watch", now=floor.now() - timedelta(seconds=40))
    assert "the watch last looked 40 s ago, limit 10 s" in floor.text_of(nurse.get("/board/").content.decode())


def test_a_held_chair_says_why(house):
    session = floor.running(house)
    with at_practice(house.id):
        infusion.hold(session, "patient asks", by=house.nurse, now=floor.now())
    card = floor.cards(signed_in(house, "nurse").get("/board/"))[str(session.chair.ref)]
    assert "Held, 20 of 40 min" in card and "patient asks" in card


def test_looking_at_the_board_leaves_a_line_and_its_own_refreshes_do_not(house):
    nurse = signed_in(house, "nurse")
    nurse.get("/board/")
    nurse.get("/board/parts/")
    with at_practice(house.id):
        assert AuditEntry.objects.filter(act="see board", by=house.nurse).count() == 1

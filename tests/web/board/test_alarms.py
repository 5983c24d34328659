"""Alarms on the board and in the list: seen by a named person, with a note, and how fast each was answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.web.board import floor
from tests.web.people.desk import signed_in
from winddown.record.models import Alarm, AlarmAct
from winddown.record.scope import at_practice
from winddown.services import alarms, bedside


@pytest.fixture
def raised(house):
    session = floor.running(house)
    told = {"words": "Systolic 184 mmHg, limit 180", "next_step": "Hold the pump and recheck in 5 min."}
    with at_practice(house.id):
        alarms.raise_for_place(
            key="systolic_high",
            severity="high",
            session=session,
            chair=session.chair,
            location=session.location,
            now=floor.now() - timedelta(seconds=90),
            **told,
        )
        return Alarm.objects.select_related("chair", "session").get(condition="systolic_high")


def test_an_alarm_stands_on_top_of_the_board_with_where_and_what_to_do(house, raised):
    page = signed_in(house, "nurse").get("/board/").content.decode()
    band = floor.text_of(page[page.index('id="alarms"') : page.index("</section>", page.index('id="alarms"'))])
    assert "High alarm Chair 1" in band
    assert "Systolic 184 mmHg, limit 180" in band and "Do next: Hold the pump and recheck in 5 min." in band
    assert "Systolic 184 mmHg, limit 180" in floor.cards(signed_in(house, "nurse").get("/board/"))[str(raised.chair.ref)]


def test_the_wall_says_the_place_of_an_alarm_too(house, raised):
    assert "High alarm Sandusky, Chair 1" in floor.text_of(signed_in(house, "prescriber").get("/wall/").content.decode())


def test_a_named_person_acknowledges_with_a_note_and_twice_is_once(house, raised):
    nurse, url = signed_in(house, "nurse"), f"/alarms/{raised.ref}/acknowledge/"
    first = nurse.post(url, {"note": "at the chair"}, headers={"Accept": "application/json"}).json()
    again = nurse.post(url, {"note": "again"})
    assert (first["status"], first["acknowledged_by"], first["where"]) == ("acknowledged", house.nurse.name, "Chair 1")
    assert (again.status_code, again["Location"]) == (302, "/alarms/")
    with at_practice(house.id):
        assert [(act.kind, act.by, act.words) for act in AlarmAct.objects.filter(alarm=raised)] == [
            ("acknowledged", house.nurse, "at the chair")
        ]


def test_the_front_desk_sees_the_band_and_may_not_acknowledge(house, raised):
    desk = signed_in(house, "front_desk")
    assert "wd-may-not-acknowledge" in desk.get("/board/").content.decode()
    assert desk.post(f"/alarms/{raised.ref}/acknowledge/").status_code == 403


def test_the_day_tells_time_to_acknowledge_and_time_to_the_first_act(house, raised):
    with at_practice(house.id):
        alarms.acknowledge(raised, by=house.nurse, now=raised.raised_at + timedelta(seconds=25), words="going")
        bedside.record(raised.session, "note_written", {"words": "pale"}, by=house.nurse, now=raised.raised_at + timedelta(seconds=30))
        bedside.observe(raised.session, {"systolic": "150"}, {}, by=house.nurse, now=raised.raised_at + timedelta(seconds=70))
    text = floor.text_of(signed_in(house, "nurse").get("/alarms/").content.decode())
    assert "25 s Fictional Nurse: going" in text
    assert "1 min 10 s set of observations taken" in text
    assert "Middle time to acknowledge: 25 s" in text


def test_an_alarm_of_yesterday_that_nobody_saw_is_still_to_be_seen_and_not_in_todays_table(house):
    session = floor.running(house)
    with at_practice(house.id):
        alarms.raise_for_place(
            key="old",
            severity="low",
            session=session,
            location=session.location,
            now=floor.now() - timedelta(hours=30),
            words="Old",
            next_step="",
        )
    text = floor.text_of(signed_in(house, "nurse").get("/alarms/").content.decode())
    assert "To be seen now 1" in text and "No alarm was raised here today." in text

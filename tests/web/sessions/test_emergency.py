"""The emergency card: opened once by one tap, each act a time, and everything a rescuer needs on it and on paper."""

from __future__ import annotations

from tests.web.people.desk import words_of
from tests.web.sessions.chair import HTMX, Chair


def test_one_tap_opens_the_card_and_looking_opens_nothing(running):
    running.get("emergency/")
    assert running.rows("emergency_opened") == []
    assert running.post("emergency/", headers=HTMX).status_code == 204
    assert len(running.rows("emergency_opened")) == 1
    assert "Emergency card" in words_of(running.get())


def test_the_card_says_the_dose_so_far_weight_allergies_and_the_last_readings(running):
    running.post("observe/", systolic="88", diastolic="50", pulse_rate="48", respiratory_rate="8", spo2="86", score_moaas="1")
    page = words_of(running.get("emergency/"))
    assert "ketamine: pumped 17.5 mg (0.25 mg/kg), of it 17.5 mg reached the patient; pump running at 52.5 mL/h" in page
    assert "70 kg" in page and "no known allergies" in page
    assert "<td>88/50</td><td>48</td><td>86</td><td>8</td>" in page


def test_each_tap_writes_its_time_and_the_pump_stopped_is_a_stop(running):
    running.post("emergency/")
    running.post("emergency/act/", act="pump_stopped")
    running.post("emergency/act/", act="help_called")
    running.post("emergency/act/", act="oxygen_on")
    assert running.status() == "stopped"
    assert running.last("note_written").text("words") == "Emergency: help called."
    assert "flow_l_per_min" not in running.last("oxygen_set").data
    page = words_of(running.get("emergency/"))
    assert "Stopped: emergency" in page and "Oxygen on, flow not recorded" in page


def test_a_signed_line_is_one_tap_on_the_card(house):
    line = {"key": "ephedrine", "drug": "ephedrine", "dose": "5 mg", "route": "IV", "used_for": "low pressure"}
    chair = Chair(house, as_needed=(line,))
    assert "Given: ephedrine 5 mg IV" in words_of(chair.get("emergency/"))
    chair.post("emergency/act/", line="ephedrine")
    assert chair.last("rescue_given").text("drug") == "ephedrine"


def test_an_act_that_the_card_does_not_have_is_refused(running):
    assert running.post("emergency/act/", act="defibrillate_everyone").status_code == 422


def test_the_card_is_closed_by_name_and_time(running):
    running.post("emergency/")
    running.post("emergency/act/", act="close")
    assert running.last("emergency_closed").by == "Fictional Nurse"
    assert 'class="btn btn-lg btn-act wd-bar-end"' not in words_of(running.get())


def test_the_printed_card_needs_no_frame_and_names_who_printed_it(running):
    running.post("emergency/")
    page = words_of(running.get("emergency/print/"))
    assert "printed" in page and "by Fictional Nurse" in page
    assert "ketamine: pumped 17.5 mg" in page
    assert "wd-top" not in page

"""The chart page: what it says without scripts, what it leaves behind, and what it costs."""

from __future__ import annotations

import re

import pytest

from tests.factories import visit
from tests.web.people.desk import queries, signed_in, words_of
from tests.web.sessions.chair import Chair, ago
from winddown.record.models import Reading, Session
from winddown.record.scope import at_practice
from winddown.services import sessions


def test_the_page_says_who_how_much_and_what_is_next_without_any_script(running):
    running.post("observe/", systolic="131", diastolic="84", pulse_rate="80", respiratory_rate="14", spo2="97", score_moaas="5")
    page = words_of(running.get())
    strip = page.split("data-strip")[1].split("</section>")[0]
    assert running.session.patient.name in strip
    assert "70 kg today" in strip
    assert "no known allergies" in strip
    assert "Mood, 0.5 mg/kg over 40 minutes, v1" in strip
    assert "Fictional Nurse" in strip and "Fictional Prescriber" in strip
    without_scripts = page.split("<noscript>")[1].split("</noscript>")[0]
    assert "131/84" in without_scripts and "by hand" in without_scripts
    assert "Scores: Dissociation (CADSS-6 total)" in page
    assert "Observations, complete" in page


def test_a_number_is_old_at_the_chair_when_it_is_old_on_the_board(running):
    """A set is due every ten minutes of this infusion and every fifteen of recovery, and red five minutes later."""
    running.post("observe/", systolic="131", diastolic="84", pulse_rate="80", respiratory_rate="14", spo2="97", score_moaas="5")

    def old(page):
        lane = re.search(r'data-lane="pressure" data-stale-after-s="(\d+)"', page)[1]
        board = words_of(running.client.get("/board/"))
        return (
            lane,
            set(re.findall(r'data-kind="\w+" data-stale-after-s="(\d+)"', page)),
            set(re.findall(r'data-number="\w+" data-stale-after-s="(\d+)"', board)),
        )

    assert old(running.get().content.decode()) == ("900", {"900"}, {"900"})
    running.post("complete/")
    running.post("start-recovery/")
    lane, tiles, board = old(running.get().content.decode())
    assert {lane} == tiles == board and lane == "1200"


def test_every_act_of_a_running_infusion_is_a_link_that_works_without_scripts(running):
    page = words_of(running.get())
    for act in ("hold", "rate", "complete", "stop", "observe", "rescue", "oxygen", "adverse", "comfort", "handover", "photo", "site"):
        assert f'href="{running.url()}{act}/"' in page
        assert running.get(f"{act}/").status_code == 200


@pytest.mark.parametrize(
    ("acts", "offered", "not_offered"),
    [
        ((), ("hold", "rate", "stop", "complete"), ("resume", "start", "start-recovery")),
        ((("hold/", {"because": "nausea"}),), ("resume", "stop", "rate"), ("hold", "complete")),
        ((("stop/", {"because": "nausea"}),), ("start-recovery", "flush"), ("hold", "rate", "stop", "bolus")),
        ((("complete/", {}),), ("observe", "flush"), ("hold", "rate", "stop", "resume")),
    ],
)
def test_what_is_offered_follows_the_status(running, acts, offered, not_offered):
    for path, fields in acts:
        running.post(path, **fields)
    bar = words_of(running.get()).split('data-region="bar"')[1].split("</nav>")[0]
    assert [act for act in offered if f'/{act}/"' not in bar] == []
    assert [act for act in not_offered if f'/{act}/"' in bar] == []


def test_the_first_thing_of_a_ready_visit_is_its_start_and_of_a_new_one_its_gate(made_ready, house):
    assert "Start the infusion" in words_of(made_ready.get())
    with at_practice(house.id):
        from tests import factories

        planned = factories.session(house, start=ago(-60), chair=1)
    page = words_of(signed_in(house, "nurse").get(f"/sessions/{planned.ref}/"))
    assert f"/sessions/{planned.ref}/start-gate/" in page


def test_a_view_of_the_page_is_one_line_in_the_audit_trail_and_its_polls_are_none(running):
    before = running.looks()
    page = words_of(running.get())
    assert running.looks() == before + 1
    token = page.split('data-now-url="')[1].split("seen=")[1].split('"')[0]
    for path in ("chart.json", "forecast.json", "now/", "acts/"):
        assert running.get(path, seen=token).status_code == 200
    assert running.get("what-if.json", seen=token, rate_ml_per_h="40").status_code == 200
    assert running.looks() == before + 1


@pytest.mark.parametrize("path", ["chart.json", "forecast.json", "now/", "acts/", "what-if.json?rate_ml_per_h=40"])
def test_the_data_asked_for_on_its_own_is_a_reading_of_the_chart(running, path):
    before = running.looks()
    running.client.get(running.url(path))
    assert running.looks() == before + 1


def test_the_token_of_one_chart_does_not_hide_the_reading_of_another(running, house):
    other = Chair(house, chair=1)
    token = words_of(running.get()).split("seen=")[1].split('"')[0]
    before = other.looks()
    other.get("chart.json", seen=token)
    assert other.looks() == before + 1


def test_the_what_if_answers_in_numbers_and_findings_and_writes_nothing(running):
    before = len(running.story())
    told = running.get("what-if.json", rate_ml_per_h="525").json()
    assert told["rate"] == {"ml_per_h": 525.0, "mg_per_h": 525.0, "mg_per_kg_h": 7.5}
    assert next(finding["severity"] for finding in told["findings"]) == "stop"
    assert len(running.story()) == before


def test_a_what_if_that_cannot_be_read_says_what_to_type(running):
    answer = running.get("what-if.json", rate_ml_per_h="41,7")
    assert (answer.status_code, answer.json()["way_out"]) == (422, "Type 41.7.")


def test_the_other_chairs_of_the_place_are_one_tap_away(running, house):
    other = Chair(house, chair=1)
    page = words_of(running.get())
    assert f'href="{other.url()}"' in page.split("wd-chairs-here")[1].split("</nav>")[0]


def test_a_long_session_is_thinned_and_no_dip_is_lost(house):
    running = Chair(house, minutes=150)
    running.add_readings(6000)
    with at_practice(running.house.id):
        dip = {"practice_id": running.house.id, "session": running.session, "unit": "/min", "source": "monitor", "label": "accepted"}
        Reading(kind="heart_rate", value=31, raw_value="31", observed_at=ago(3.01), received_at=ago(3), **dip).save()
    points = running.get("chart.json").json()["readings"]["heart_rate"]
    assert len(points) < 2500
    assert min(point[1] for point in points) == 31


@pytest.mark.parametrize(
    "path", ["", "now/", "acts/", "chart.json", "forecast.json", "what-if.json?rate_ml_per_h=40", "story/", "emergency/"]
)
def test_the_number_of_queries_does_not_grow_with_the_session(running, path):
    running.add_readings(1)
    few = queries(running.client, running.url(path))
    running.add_readings(300)
    running.add_notes(60)
    assert queries(running.client, running.url(path)) == few


def test_a_recovering_visit_asks_no_rate(running):
    running.post("complete/")
    assert "data-what-if method" not in words_of(running.get())


def test_a_visit_that_went_home_is_read_and_no_longer_scored(running, house):
    with at_practice(house.id):
        session = running.session
        running.post("complete/")
        later = visit.recover(house, Session.objects.get(pk=session.pk), ago(0), minutes=0)
        done = Session.objects.get(pk=session.pk)
        sessions.sign_discharge(done, by=house.nurse, now=later, reason="a fictional reason", second=house.nurse_2)
    page = words_of(running.get())
    assert "Gone home" in page
    assert 'id="score-moaas"' not in page

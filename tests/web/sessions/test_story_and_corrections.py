"""The list of what was recorded, and putting an entry right: nothing disappears, and the dose and the ledger follow."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.web.people.desk import words_of
from tests.web.sessions.chair import JSON
from winddown.record.scope import at_practice
from winddown.services import bedside, ledger, stories


def given_mg(chair):
    with at_practice(chair.house.id):
        return [line.mg for line in ledger.of_session(chair.session) if line.kind == "given"]


def line_about(page: str, event_id: str) -> str:
    return page.split(f'id="event-{event_id}"')[1].split("</li>")[0]


def test_a_late_entry_shows_when_it_happened_and_when_it_was_written(running):
    running.post("note/", words="asked for water", ago_min="10")
    line = line_about(words_of(running.get("story/")), running.last("note_written").id)
    assert "late, written" in line


def test_a_corrected_note_shows_both_versions_and_the_reason(running):
    running.post("note/", words="left eye red")
    first = running.last("note_written").id
    answer = running.post(f"events/{first}/correct/", words="right eye red", because_corrected="wrong side")
    assert answer.status_code == 302
    line = line_about(words_of(running.get("story/")), running.last("note_written").id)
    assert "right eye red" in line and "wrong side" in line
    assert "<del>left eye red</del>" in line


def test_the_form_of_a_correction_starts_from_the_entry_as_it_stands(running):
    running.post("rate/", rate_ml_per_h="52.5", because="nausea")
    changed = running.last("rate_changed").id
    page = words_of(running.get(f"events/{changed}/correct/"))
    assert 'name="rate_ml_per_h" value="52.5"' in page
    assert "Rate changed to 52.5 mL/h: nausea" in page


def test_a_correction_without_a_reason_keeps_what_was_typed_and_changes_nothing(running):
    running.post("note/", words="left eye red")
    first = running.last("note_written").id
    answer = running.post(f"events/{first}/correct/", words="right eye red")
    assert answer.status_code == 422
    assert "right eye red" in words_of(answer)
    assert running.last("note_written").text("words") == "left eye red"


def test_putting_the_start_right_moves_the_dose_and_the_ledger(running):
    running.post("complete/")
    before = given_mg(running)
    started = running.last("started").id
    running.post(f"events/{started}/correct/", rate_ml_per_h="40", because_corrected="misread the pump")
    after = given_mg(running)
    assert (len(before), len(after)) == (1, 1)
    assert abs(after[0] - before[0] * Decimal(40) / Decimal("52.5")) < Decimal("0.05")


def test_the_time_of_an_entry_is_put_right_and_both_are_kept(running):
    running.post("site/", limb="left arm", finding="clear")
    looked = running.last("iv_site_checked").id
    running.post(f"events/{looked}/correct/", limb="left arm", finding="clear", ago_min="10", because_corrected="earlier")
    right = running.last("iv_site_checked")
    assert right.late
    assert right.supersedes == looked


def test_a_score_is_put_right_on_its_own_scale(running):
    running.post("score/", scale="moaas", value="3")
    taken = running.last("score_taken").id
    assert running.post(f"events/{taken}/correct/", value="9", because_corrected="slip").status_code == 422
    running.post(f"events/{taken}/correct/", value="5", because_corrected="slip")
    assert running.last("score_taken").data["value"] == "5"
    assert "sedation_deep" not in running.open_alarms()


def test_a_set_by_hand_is_put_right_with_its_readings(running):
    running.post("observe/", systolic="231", diastolic="84", pulse_rate="80", respiratory_rate="14", spo2="97", score_moaas="5")
    taken = running.last("observation_set_taken").id
    page = words_of(running.get(f"events/{taken}/correct/"))
    assert 'name="systolic" value="231"' in page
    fields = {"systolic": "131", "diastolic": "84", "pulse_rate": "80", "respiratory_rate": "14", "spo2": "97", "score_moaas": "5"}
    running.post(f"events/{taken}/correct/", **fields, because_corrected="misread")
    drawn = [point[1] for point in running.get("chart.json").json()["readings"]["systolic"]]
    assert 231 not in drawn and drawn[-1] == 131
    assert running.readings("systolic")[-2:] == [231, 131]


def test_an_entry_taken_back_stays_struck_through_with_its_reason(running):
    running.post("bolus/", volume_ml="5", over_s="1", ago_min="5")
    given = running.last("bolus_given").id
    dose = float(running.get("chart.json").json()["dose"]["pumped_mg"])
    running.post(f"events/{given}/retract/", because_corrected="other chair")
    line = line_about(words_of(running.get("story/")), given)
    assert "<del>Bolus 5 mL</del>" in line and "Taken back: other chair, Fictional Nurse" in line
    assert float(running.get("chart.json").json()["dose"]["pumped_mg"]) == pytest.approx(dose - 5, abs=0.2)


def test_taking_back_needs_a_reason(running):
    running.post("note/", words="left eye red")
    first = running.last("note_written").id
    assert running.post(f"events/{first}/retract/").status_code == 422
    assert running.last("note_written").id == first


def test_an_entry_that_was_put_right_already_is_not_put_right_twice(running):
    running.post("note/", words="one")
    first = running.last("note_written").id
    running.post(f"events/{first}/correct/", words="two", because_corrected="slip")
    answer = running.post(f"events/{first}/correct/", headers=JSON, words="three", because_corrected="slip")
    assert (answer.status_code, answer.json()["code"]) == (422, "entry_superseded")


def test_two_corrections_that_did_not_know_of_each_other_are_both_shown(running):
    running.post("note/", words="one")
    with at_practice(running.house.id):
        row = running.session.events.get(ref=running.last("note_written").id)
        now = datetime.now(tz=UTC)
        bedside.correct(row, {"words": "two"}, because="slip", by=running.house.nurse, now=now)
        bedside.correct(row, {"words": "three"}, because="slip", by=running.house.nurse_2, now=now)
    line = line_about(words_of(running.get("story/")), running.last("note_written").id)
    assert "Two corrections did not know of each other." in line
    assert "three" in line and "<del>two" in line


def test_what_a_device_said_is_not_put_right_by_hand(running, house):
    with at_practice(house.id):
        from winddown.services import devices, infusion

        now = datetime.now(tz=UTC)
        pump = devices.enroll(key="pump-1", kind="pump", location=house.location, words="pump 1", by=house.nurse, now=now)
        said = infusion.pump_reported(running.session, {"rate_ml_per_h": Decimal("52.5")}, device=pump, happened_at=now, now=now)
    assert "Put right" not in line_about(words_of(running.get("story/")), str(said.ref))


def test_the_list_is_filtered_by_kind(running):
    running.post("note/", words="asked for water")

    def listed(kind: str) -> str:
        return words_of(running.get("story/", kind=kind)).split('class="wd-story"')[1]

    assert "Started at 52.5 mL/h" in listed("dose") and "asked for water" not in listed("dose")
    assert "asked for water" in listed("notes")
    assert "asked for water" in listed("nonsense")


def test_an_odd_entry_says_what_is_odd(running):
    running.post("complete/")
    with at_practice(running.house.id):
        stories.write(running.session, "held", {"because": "late"}, by=running.house.nurse, now=datetime.now(tz=UTC))
    assert "held is recorded while the session is recovering" in words_of(running.get("story/"))


def test_an_alarm_is_listed_with_its_time_to_the_first_act(running):
    running.post("score/", scale="moaas", value="2")
    running.post("hold/", because="too sedated")
    page = words_of(running.get("story/", kind="alarms"))
    assert "not acknowledged; first act after 0:" in page

"""Every act of the chair, sent as a nurse's browser sends it, judged by what the record says afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from tests.web.people.desk import words_of as page_words
from tests.web.sessions.chair import HTMX, JSON, Chair, ago
from winddown.record.scope import at_practice
from winddown.services import infusion, orders


def test_the_pump_is_started_at_the_ordered_rate_in_one_tap(made_ready):
    page = page_words(made_ready.get("start/"))
    assert 'name="rate_ml_per_h" value="52.5"' in page
    assert "Ordered: 52.5 mL/h, 52.5 mg/h, 0.75 mg/kg/h." in page
    answer = made_ready.post("start/", rate_ml_per_h="52.5")
    assert (answer.status_code, answer["Location"]) == (302, made_ready.url())
    assert made_ready.status() == "running"
    assert made_ready.last("started").text("rate_ml_per_h") == "52.5"


def test_a_tenfold_start_is_refused_and_what_was_typed_stays(made_ready):
    answer = made_ready.post("start/", rate_ml_per_h="525")
    assert answer.status_code == 422
    assert 'value="525"' in page_words(answer)
    assert "Nothing was changed." in page_words(answer)
    assert made_ready.status() == "ready"


def test_a_start_that_happened_ten_minutes_ago_is_a_fact_and_marked_late(made_ready):
    assert made_ready.post("start/", rate_ml_per_h="525", ago_min="10").status_code == 302
    started = made_ready.last("started")
    assert (made_ready.status(), started.late) == ("running", True)
    assert abs(started.happened_at - ago(10)) < timedelta(seconds=20)
    assert "pump_rate" in made_ready.open_alarms()


def test_a_hold_is_one_tap_on_its_reason(running):
    assert running.post("hold/", headers=HTMX, because="high pressure").status_code == 204
    assert (running.status(), running.last("held").text("because")) == ("held", "high pressure")


def test_a_hold_for_another_reason_is_kept_in_the_nurses_words(running):
    running.post("hold/", because_other="the cat came in")
    assert running.last("held").text("because") == "the cat came in"


def test_a_hold_without_a_reason_is_not_recorded(running):
    answer = running.post("hold/", headers=HTMX)
    assert (answer.status_code, running.status()) == (422, "running")
    assert "A hold needs a reason." in page_words(answer)


def test_a_resume_offers_the_rate_before_the_hold_and_refuses_a_higher_one(running):
    running.post("hold/", because="nausea")
    assert 'name="rate_ml_per_h" value="52.5"' in page_words(running.get("resume/"))
    assert running.post("resume/", rate_ml_per_h="60").status_code == 422
    running.post("resume/", rate_ml_per_h="40")
    assert (running.status(), running.last("resumed").text("rate_ml_per_h")) == ("running", "40")


def test_a_tenfold_rate_is_stopped_before_it_reaches_the_pump(running):
    answer = running.post("rate/", rate_ml_per_h="525", because="too little effect")
    assert answer.status_code == 422
    assert "rate_changed" not in [event.kind for event in running.story()]


def test_a_rate_that_runs_tenfold_is_kept_as_a_fact_and_alarmed(running):
    running.post("rate/", rate_ml_per_h="525", because="", as_fact="on")
    assert running.last("rate_changed").text("rate_ml_per_h") == "525"
    assert "pump_rate" in running.open_alarms()


def test_a_soft_limit_asks_for_its_reason_on_the_same_page(running):
    asked = running.post("rate/", headers=HTMX, rate_ml_per_h="26.2", because="too much effect")
    found = [part.split('"')[0] for part in page_words(asked).split('name="reason_')[1:]]
    assert (asked.status_code, len(found)) == (422, 1)
    running.post("rate/", rate_ml_per_h="26.2", because="too much effect", **{f"reason_{found[0]}": "half rate by the prescriber"})
    changed = running.last("rate_changed")
    assert changed.text("rate_ml_per_h") == "26.2"
    assert changed.data["reasons"] == {found[0]: "half rate by the prescriber"}


def test_the_rate_page_opens_with_the_rate_of_the_what_if(running):
    assert 'name="rate_ml_per_h" value="30"' in page_words(running.get("rate/", rate_ml_per_h="30"))


@pytest.mark.parametrize("typed", ["41,7", "-3", "1e2", "abc", ""])
def test_a_rate_that_cannot_be_read_is_never_guessed(running, typed):
    answer = running.post("rate/", rate_ml_per_h=typed, because="nausea")
    assert answer.status_code == 422
    assert "rate_changed" not in [event.kind for event in running.story()]


def test_a_stop_needs_its_reason_and_puts_the_dose_into_the_ledger(running):
    assert running.post("stop/").status_code == 422
    running.post("stop/", because="distress")
    with at_practice(running.house.id):
        given = running.session.ledger.get(kind="given")
    assert running.status() == "stopped"
    assert abs(given.mg - Decimal("17.5")) < Decimal("0.1")


def test_a_completed_infusion_begins_recovery(running):
    running.post("complete/")
    assert running.status() == "recovering"


def test_recovery_starts_after_a_stop(running):
    running.post("stop/", because="distress")
    running.post("start-recovery/")
    assert running.status() == "recovering"


def test_a_bolus_beyond_the_protocol_is_refused_as_a_request_and_kept_as_a_fact(running):
    assert running.post("bolus/", volume_ml="200", over_s="60").status_code == 422
    running.post("bolus/", volume_ml="200", over_s="60", as_fact="on")
    assert running.last("bolus_given").text("volume_ml") == "200"


def test_a_flush_is_recorded_with_its_volume_and_time(running):
    running.post("flush/", volume_ml="10", over_s="60")
    assert running.last("line_flushed").number("volume_ml") == 10


def test_a_score_is_one_tap_and_the_same_key_is_one_score(running):
    key = str(uuid4())
    for _ in range(3):
        assert running.post("score/", headers=HTMX, scale="moaas", value="4", key=key).status_code == 204
    assert [row.data["value"] for row in running.rows("score_taken")] == ["4"]


def test_a_score_off_its_scale_is_refused_with_the_range(running):
    answer = running.post("score/", headers=JSON, scale="moaas", value="7")
    assert (answer.status_code, answer.json()["refused"]) == (422, "Sedation (MOAA/S): 7 is not on the scale from 0 to 5.")


def test_a_set_by_hand_keeps_its_numbers_and_names_what_is_missing(running):
    numbers = {"systolic": "131", "diastolic": "84", "pulse_rate": "80", "respiratory_rate": "", "spo2": "97"}
    running.post("observe/", **numbers, score_moaas="5", score_nausea="1")
    assert running.last("observation_set_taken").data["missing"] == ["respiratory_rate"]
    assert running.readings("systolic")[-1] == 131
    scores = {event.text("scale"): event.text("value") for event in running.story() if event.kind == "score_taken"}
    assert scores == {"moaas": "5", "nausea": "1"}


def test_the_set_by_hand_shows_the_value_before_beside_each_field(running):
    running.post("observe/", systolic="137", diastolic="84", pulse_rate="80", respiratory_rate="15", spo2="97", score_moaas="5")
    assert "<b>137</b>" in page_words(running.get("observe/"))


def test_an_empty_set_is_no_set(running):
    assert running.post("observe/").status_code == 422
    assert running.rows("observation_set_taken") == []


def test_an_impossible_number_of_a_set_is_said_at_its_field(running):
    answer = running.post("observe/", headers=HTMX, systolic="12x", diastolic="80")
    assert answer.status_code == 422
    assert 'value="12x"' in page_words(answer)
    assert running.readings("diastolic")[1:] == []


def test_the_iv_site_is_one_tap_and_a_swollen_one_advises_a_hold(running):
    assert 'value="left arm" checked' in page_words(running.get("site/"))
    running.post("site/", limb="left arm", finding="swollen")
    assert running.last("iv_site_checked").data == {"limb": "left arm", "finding": "swollen"}
    assert "rule_iv_problem" in running.open_alarms()


def test_extravasation_makes_the_dose_uncertain(running):
    running.post("extravasation/")
    assert running.get("chart.json").json()["dose"]["certain"] is False


def test_an_adverse_event_keeps_the_dose_of_its_own_moment(running):
    running.post("adverse/", term="headache", grade="1", words="dull", ago_min="10")
    seen = running.last("adverse_event")
    assert abs(seen.number("dose_mg") - Decimal("8.75")) < Decimal("0.2")
    assert seen.number("plasma_ng_per_ml") > seen.number("effect_site_ng_per_ml") > 0


def test_an_adverse_event_is_closed_with_its_outcome(running):
    running.post("adverse/", term="chest_pain", grade="2")
    assert "rule_emergency_symptoms" in running.open_alarms()
    seen = running.last("adverse_event")
    assert f'value="{seen.id}" checked' in page_words(running.get("close-adverse/"))
    running.post("close-adverse/", event=seen.id, outcome="resolved by itself")
    assert running.last("adverse_event_closed").text("event") == seen.id
    assert "rule_emergency_symptoms" not in running.open_alarms()


ONDANSETRON = {"key": "ondansetron", "drug": "ondansetron", "dose": "4 mg", "route": "IV", "used_for": "nausea", "maximum_doses": "1"}


def test_only_a_signed_line_can_be_given_and_its_maximum_holds(house):
    chair = Chair(house, as_needed=(ONDANSETRON,))
    assert "ondansetron 4 mg IV, for nausea; at most 1." in page_words(chair.get("rescue/"))
    assert chair.post("rescue/", line="opium").status_code == 422
    assert chair.post("rescue/", headers=HTMX, line="ondansetron").status_code == 204
    assert chair.last("rescue_given").text("dose") == "4 mg"
    again = chair.post("rescue/", headers=HTMX, line="ondansetron")
    assert again.status_code == 422
    assert "ondansetron was given 1 times; the line allows 1." in page_words(again)
    assert len(chair.rows("rescue_given")) == 1


def test_without_a_signed_line_no_drug_can_be_recorded_as_given(running):
    assert "No as-needed drug is signed" in page_words(running.get("rescue/"))
    assert running.post("rescue/", line="midazolam").status_code == 422


def test_oxygen_needs_its_flow_unless_it_is_taken_off(running):
    assert running.post("oxygen/", device="nasal cannula").status_code == 422
    running.post("oxygen/", device="nasal cannula", flow_l_per_min="2")
    assert running.last("oxygen_set").data == {"device": "nasal cannula", "flow_l_per_min": "2"}
    running.post("oxygen/", device="off, room air")
    assert running.last("oxygen_set").text("flow_l_per_min") == "0"


@pytest.mark.parametrize(
    ("path", "fields", "kind"),
    [
        ("note/", {"words": "sleeps, wakes to the name"}, "note_written"),
        ("comfort/", {"what": "blanket"}, "comfort_given"),
        ("toilet/", {}, "toilet_trip"),
        ("fall/", {"words": "slid from the chair, not hurt"}, "fall"),
        ("distress/", {"value": "2"}, "score_taken"),
        ("supervisor-left/", {}, "supervisor_left"),
    ],
)
def test_a_plain_fact_is_kept_with_what_was_said(running, path, fields, kind):
    assert running.post(path, headers=HTMX, **fields).status_code == 204
    kept = running.last(kind)
    assert {name: kept.text(name) for name in fields} == fields


def test_a_hallucination_is_a_score_that_alarms_and_a_note_that_names_it(running):
    running.post("perception/", seen="hallucination")
    assert running.last("score_taken").data == {"scale": "perception", "value": "2"}
    assert running.last("note_written").text("words") == "Perception: hallucination."
    assert "perception" in running.open_alarms()


def test_a_photo_is_served_back_to_those_who_read_charts_and_written_into_the_audit_trail(running):
    from django.core.files.uploadedfile import SimpleUploadedFile

    picture = SimpleUploadedFile("site.png", b"a fictional picture", content_type="image/png")
    running.post("photo/", file=picture, words="left arm")
    file = running.last("photo_taken").text("file")
    before = running.looks()
    served = running.get(f"photos/{file}/")
    assert (served.content, served["Content-Type"]) == (b"a fictional picture", "image/png")
    assert running.looks() == before + 1


def test_a_file_that_is_no_photo_is_refused(running):
    from django.core.files.uploadedfile import SimpleUploadedFile

    letter = SimpleUploadedFile("letter.html", b"<script>", content_type="text/html")
    assert running.post("photo/", file=letter).status_code == 422


def test_a_chair_is_handed_to_a_named_person_and_the_strip_says_so(running):
    page = page_words(running.get("handover/"))
    assert "These duties move to the person you choose:" in page
    assert "Fictional Nurse 2" in page
    running.post("handover/", to=str(running.house.nurse_2.ref))
    assert running.last("handed_over").text("to_name") == "Fictional Nurse 2"
    assert "Fictional Nurse 2" in page_words(running.get()).split("data-strip")[1].split("</section>")[0]


def test_the_supervisor_is_named_from_the_prescribers_only(running):
    assert running.post("supervisor/", to=str(running.house.nurse_2.ref)).status_code == 422
    running.post("supervisor/", to=str(running.house.prescriber_2.ref))
    assert running.last("supervisor_named").text("name") == "Fictional Prescriber 2"


def test_who_may_only_read_charts_may_not_write_them(running):
    from tests.web.people.desk import signed_in

    director = signed_in(running.house, "director")
    assert director.get(running.url()).status_code == 200
    assert director.post(running.url("note/"), {"words": "from above"}).status_code == 403
    assert "wd-bar" not in director.get(running.url()).content.decode()


def test_a_request_on_an_older_story_waits_and_shows_both(running):
    seen = running.version()
    with at_practice(running.house.id):
        infusion.hold(running.session, "high pressure", by=running.house.nurse_2, now=datetime.now(tz=UTC))
    waits = running.post("rate/", headers=HTMX, rate_ml_per_h="52.5", because="nausea", version=str(seen))
    assert waits.status_code == 409
    assert "While you wrote: Held: high pressure" in page_words(waits)
    assert f'name="version" value="{running.version()}"' in page_words(waits)
    again = running.post("rate/", headers=HTMX, rate_ml_per_h="52.5", because="nausea", version=str(running.version()))
    assert again.status_code == 204


def test_a_fact_on_an_older_story_is_kept_and_shows_both(running):
    seen = running.version()
    with at_practice(running.house.id):
        infusion.hold(running.session, "high pressure", by=running.house.nurse_2, now=datetime.now(tz=UTC))
    kept = running.post("note/", headers=HTMX, words="looks pale", version=str(seen))
    assert kept.status_code == 200
    assert "While you wrote: Held: high pressure" in page_words(kept)
    assert running.last("note_written").text("words") == "looks pale"


def test_what_i_wrote_myself_meanwhile_stops_nobody(running):
    seen = running.version()
    running.post("hold/", because="nausea")
    assert running.post("resume/", headers=HTMX, rate_ml_per_h="52.5", version=str(seen)).status_code == 204


def test_an_answer_for_a_program_says_what_was_kept(running):
    told = running.post("note/", headers=JSON, words="via the queue").json()
    assert (told["kept"], told["while_you_wrote"]) == ("via the queue", [])
    assert told["event"] == running.last("note_written").id


def test_the_protocols_figures_stand_behind_every_rate_shown(running):
    with at_practice(running.house.id):
        first = orders.facts(running.session.order).first_rate_ml_per_h
    assert running.get("chart.json").json()["dose"]["segments"][0]["ml_per_h"] == float(first)

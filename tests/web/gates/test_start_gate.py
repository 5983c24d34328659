"""The start gate on the screen: each form, each refusal, and what it never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import visit
from tests.web.gates.conftest import Screen
from winddown.domain.sessions.start_gate import READY
from winddown.record.models import PatientFact, Reading, Staff
from winddown.record.scope import at_practice
from winddown.services import bags, devices

BASELINE = {
    "systolic": "124", "diastolic": "78", "pulse_rate": "72", "respiratory_rate": "14", "spo2": "98", "moaas": "5", "cadss6": "0",
    "pain": "7", "nausea": "0", "air": "room",
}  # fmt: skip
PUMP = {"drug": "Ketamine", "concentration_mg_per_ml": "1", "rate_ml_per_h": "52.5", "volume_ml": "35"}


def fill(screen: Screen, bag) -> None:
    """Every line but the pump and the mark `ready`."""
    screen.act("identity", method="wristband")
    screen.act("consent")
    screen.act("weight", weight_kg="70.4")
    screen.act("allergies", answer="none")
    screen.act("fasting", last_solid=_clock(10), last_clear=_clock(3))
    screen.act("escort", name="Robin Fictional", phone="555-0100")
    screen.act("baseline", **BASELINE, felt_pulse="74")
    screen.act("iv_site", site="left arm|clear")
    screen.act("hang", bag=str(bag.ref))
    screen.act("supervisor", staff=str(screen.house.prescriber.ref))


def _clock(hours_ago: float) -> str:
    from zoneinfo import ZoneInfo

    return (datetime.now(tz=ZoneInfo("America/New_York")) - timedelta(hours=hours_ago)).strftime("%H:%M")


def test_a_nurse_fills_every_line_and_marks_the_visit_ready(nurse, bag):
    fill(nurse, bag)
    assert READY not in nurse.see().content.decode()
    answer = nurse.act("pump", **PUMP, **nurse.second())
    assert READY in answer.content.decode()
    ready = nurse.act("ready")
    assert nurse.status() == "ready"
    assert f"/sessions/{nurse.session.ref}/start/" in ready.content.decode()
    assert nurse.story() == [
        "checked_in", "identity_confirmed", "consent_seen", "weight_measured", "allergies_confirmed", "fasting_recorded", "escort_named",
        "baseline_taken", "monitor_matched", "iv_site_checked", "bag_hung", "supervisor_named", "pump_read_back", "made_ready",
    ]  # fmt: skip


def test_each_state_has_its_own_words_and_shape_beside_its_color(nurse):
    nurse.act("identity", method="photo")
    nurse.act("weight", weight_kg="80")
    nurse.act("iv_site", limb="left arm", finding="red")
    page = nurse.see().content.decode()
    for words, shape, level in (
        ("Recorded", "done", "calm"), ("Missing", "unknown", "unknown"), ("For review", "watch", "watch"), ("Stops", "act", "act"),
    ):  # fmt: skip
        assert f'<span class="wg-line-state">{words}</span>' in page
        assert f"wd-shape-{shape}" in page
        assert f"wg-line wd-level-{level}" in page
    assert "80 kg today, order 70 kg, 14.3 % apart, limit 10 %." in page


def test_a_wrong_pin_records_nothing_and_the_fifth_blocks_it(house, nurse):
    for _ in range(5):
        refused = nurse.act("pump", **PUMP, **nurse.second(pin="111222"))
        assert (refused.status_code, "The PIN is not Fictional Nurse 2&#x27;s." in refused.content.decode()) == (422, True)
    blocked = nurse.act("pump", **PUMP, **nurse.second())
    assert "is blocked after 5 wrong tries" in blocked.content.decode()
    assert "pump_read_back" not in nurse.story()
    with at_practice(house.id):
        assert Staff.objects.get(pk=house.nurse_2.pk).pin_blocked_until > datetime.now(tz=UTC)


def test_the_second_person_is_somebody_else_and_must_be_there(nurse):
    alone = nurse.act("pump", **PUMP)
    assert (alone.status_code, "takes two people" in alone.content.decode()) == (422, True)
    self_confirmed = nurse.act("pump", **PUMP, **nurse.second("nurse"))
    assert "The second person must be someone else." in self_confirmed.content.decode()
    assert "pump_read_back" not in nurse.story()


def test_a_pump_that_differs_is_recorded_and_the_gate_stops(nurse):
    page = nurse.act("pump", **{**PUMP, "rate_ml_per_h": "525"}, **nurse.second()).content.decode()
    assert nurse.line("pump").state == "stop"
    assert "tenfold" in page
    preview = nurse.client.get(nurse.address("start-gate/pump"), {**PUMP, "rate_ml_per_h": "525"}).content.decode()
    assert ("tenfold" in preview, "differs from the order" in preview) == (True, True)
    assert nurse.story().count("pump_read_back") == 1


def test_the_preview_says_what_was_not_read_yet_and_writes_nothing(nurse):
    page = nurse.client.get(nurse.address("start-gate/pump"), {"drug": "ketoprofen", "rate_ml_per_h": "52,5"}).content.decode()
    assert (page.count("not read yet"), page.count("differs from the order")) == (3, 1)
    assert nurse.story() == ["checked_in"]


def test_only_a_prescriber_accepts_a_weight_and_only_with_a_reason(house, nurse):
    nurse.act("weight", weight_kg="80")
    assert nurse.act("accept_weight", because="a brace").status_code == 403
    prescriber = Screen(house, nurse.session, "prescriber")
    assert prescriber.act("accept_weight", because=" ").status_code == 422
    prescriber.act("accept_weight", because="weighed in a brace")
    assert nurse.line("weight").state == "done"
    assert "weighed in a brace" in nurse.see().content.decode()


def test_a_bedside_review_is_accepted_at_the_chair_and_a_new_set_asks_again(house, nurse):
    nurse.act("baseline", **{**BASELINE, "systolic": "165"})
    prescriber = Screen(house, nurse.session, "prescriber")
    prescriber.act("accept_review", line="baseline_systolic", because="anxious")
    assert nurse.line("baseline_systolic").state == "review"
    prescriber.act("accept_review", line="baseline_systolic", because="anxious, looked at the patient", bedside="yes")
    assert nurse.line("baseline_systolic").state == "done"
    nurse.act("baseline", **{**BASELINE, "systolic": "168"})
    assert nurse.line("baseline_systolic").state == "review"


def test_a_bag_made_for_somebody_else_is_refused_by_its_label(house, nurse, now):
    with at_practice(house.id):
        other = factories.session(house, start=now, now=now, chair=1)
        strange = bags.make(other, visit.BAG, by=house.nurse, second=house.nurse_2, now=now)
    refused = nurse.act("hang", bag=str(strange.ref))
    assert (refused.status_code, "was not made for this visit" in refused.content.decode()) == (422, True)
    assert "is not the code of a label" in nurse.act("hang", bag="beep").content.decode()
    assert "bag_hung" not in nurse.story()


def test_two_versions_stand_side_by_side_when_a_colleague_was_faster(house, nurse):
    seen = str(_version(house, nurse))
    Screen(house, nurse.session, "nurse_2").act("weight", weight_kg="71")
    told = nurse.act("weight", weight_kg="69", version=seen)
    assert told.status_code == 409
    assert "Fictional Nurse 2 recorded at" in told.content.decode()
    assert nurse.last("weight_measured") == {"weight_kg": "71"}
    assert nurse.act("escort", name="Robin Fictional", phone="555-0100", version=seen).status_code == 200
    nurse.act("weight", weight_kg="69", version=str(_version(house, nurse)))
    assert nurse.last("weight_measured") == {"weight_kg": "69"}


def _version(house, screen) -> int:
    from winddown.record.models import Session

    with at_practice(house.id):
        return Session.objects.get(pk=screen.session.pk).version


def test_the_same_key_twice_is_one_entry_even_after_the_page_grew_old(nurse):
    key = uuid4()
    nurse.act("weight", weight_kg="70", key=key, version="1")
    nurse.act("weight", weight_kg="70", key=key, version="1")
    assert nurse.story().count("weight_measured") == 1


UNREADABLE = [
    ("weight", {"weight_kg": "7o"}, "Weight: &#x27;7o&#x27; is not a number."),
    ("weight", {"weight_kg": "70,5"}, "Type 70.5."),
    ("weight", {"weight_kg": "700"}, "A weight of 700 kg is outside"),
    ("escort", {"name": "Robin Fictional", "phone": ""}, "phone is empty"),
    ("fasting", {"last_solid": "22:00", "last_clear": "later"}, "is no time of day"),
    ("baseline", {**BASELINE, "spo2": "198"}, "Oxygen saturation 198 % cannot be: 20 to 100 %."),
    ("baseline", {**BASELINE, "moaas": "7"}, "is not on the scale from 0 to 5"),
    ("baseline", {**BASELINE, "air": ""}, "is not chosen"),
    ("iv_site", {"limb": "tail", "finding": "clear"}, "Unknown the limb"),
    ("supervisor", {"staff": ""}, "is not chosen"),
    ("nonsense", {}, "Unknown act"),
]


def test_what_cannot_be_read_is_refused_by_its_name_and_nothing_is_kept(nurse):
    answers = [(nurse.act(act, **fields), words) for act, fields, words in UNREADABLE]
    assert [(words, refused.status_code, words in refused.content.decode()) for refused, words in answers] == [
        (words, 422, True) for _, words in answers
    ]
    assert nurse.story() == ["checked_in"]


def test_an_empty_field_takes_the_number_of_the_monitor_that_stood_beside_it(house, nurse, now):
    with at_practice(house.id):
        monitor = devices.enroll(key=f"MON-{uuid4()}", kind="monitor", location=house.location, words="Monitor 1", by=house.nurse, now=now)
        devices.bind(monitor, house.chairs[0], by=house.nurse, now=now)
        for kind, value in (("systolic", 131), ("diastolic", 80), ("heart_rate", 77), ("respiratory_rate", 15), ("spo2", 96)):
            _reading(nurse.session, monitor, kind, value, now)
    page = nurse.see().content.decode()
    assert 'name="shown_systolic" value="131"' in page
    typed = {
        name: value for name, value in BASELINE.items() if name not in ("systolic", "diastolic", "pulse_rate", "respiratory_rate", "spo2")
    }
    shown = {"shown_systolic": "131", "shown_diastolic": "80", "shown_pulse_rate": "77", "shown_respiratory_rate": "15", "shown_spo2": "96"}
    nurse.act("baseline", **typed, **shown, felt_pulse="75", device="Monitor 1")
    assert nurse.last("baseline_taken")["systolic"] == "131"
    assert nurse.last("monitor_matched") == {"device": "Monitor 1", "monitor_pulse": "77", "felt_pulse": "75"}
    assert nurse.line("monitor").state == "done"


def test_a_number_older_than_five_minutes_is_not_offered(house, nurse, now):
    with at_practice(house.id):
        monitor = devices.enroll(key=f"MON-{uuid4()}", kind="monitor", location=house.location, words="Monitor 1", by=house.nurse, now=now)
        devices.bind(monitor, house.chairs[0], by=house.nurse, now=now)
        _reading(nurse.session, monitor, "systolic", 131, now - timedelta(minutes=6))
    assert "shown_systolic" not in nurse.see().content.decode()


def _reading(session, monitor, kind: str, value: float, at: datetime) -> None:
    Reading(
        session=session, chair=session.chair, device=monitor, kind=kind, value=value, unit="1", raw_value=str(value), observed_at=at,
        received_at=at, source="monitor", label="accepted",
    ).save()  # fmt: skip


def test_a_new_allergy_is_learned_about_the_patient_and_an_allergy_on_file_cannot_be_asked_away(house, nurse):
    nurse.act("allergies", answer="new", substance="latex")
    with at_practice(house.id):
        assert PatientFact.objects.filter(patient=nurse.session.patient, kind="allergy").get().data == {"substance": "latex"}
    assert nurse.last("allergies_confirmed") == {"words": "latex"}
    assert "latex is on the list" in nurse.act("allergies", answer="none").content.decode()


def test_a_time_that_lies_ahead_was_yesterday(nurse):
    nurse.act("fasting", last_solid=_clock(-1), last_clear=_clock(3))
    eaten = datetime.fromisoformat(nurse.last("fasting_recorded")["last_solid_at"])
    assert timedelta(hours=22, minutes=58) <= datetime.now(tz=UTC) - eaten <= timedelta(hours=23, minutes=2)


def test_the_escort_of_last_time_is_offered_and_not_recorded(house, nurse, now):
    nurse.act("escort", name="Robin Fictional", phone="555-0100")
    with at_practice(house.id):
        again = factories.session(house, nurse.session.order, start=now, now=now, chair=1)
    later = Screen(house, again, "nurse")
    page = later.see().content.decode()
    assert ('value="Robin Fictional"' in page, "Asked: the same today" in page, later.story()) == (True, True, [])


def test_the_affected_limb_is_named_and_not_offered(house, nurse, now):
    with at_practice(house.id):
        from winddown.services import patients

        patients.learn(nurse.session.patient, "affected_limb", {"limb": "left arm"}, by=house.nurse, observed_at=now, now=now)
    page = nurse.see().content.decode()
    assert ("not the left arm: affected limb" in page, "Looked: left arm, clear" in page) == (True, False)


def test_who_may_only_read_sees_the_lines_and_no_form(house, nurse):
    director = Screen(house, nurse.session, "director")
    page = director.see().content.decode()
    assert ("No weight of today." in page, 'name="weight_kg"' in page) == (True, False)
    assert director.act("weight", weight_kg="70").status_code == 403
    assert Screen(house, nurse.session, "front_desk").see().status_code == 403


def test_ready_is_refused_while_a_line_is_open_and_names_it(nurse):
    refused = nurse.act("ready")
    assert (refused.status_code, "Identity" in refused.content.decode(), nurse.status()) == (422, True, "checked_in")


def test_without_scripts_a_form_leads_back_to_the_page(nurse):
    answer = nurse.act("weight", part=False, weight_kg="70")
    assert (answer.status_code, answer["Location"]) == (302, nurse.address("start-gate"))
    refused = nurse.act("weight", part=False, weight_kg="")
    assert (refused.status_code, "Back to the page before" in refused.content.decode()) == (422, True)


def test_the_page_asks_the_database_the_same_number_of_times_whatever_the_story(nurse, bag):
    fill(nurse, bag)
    with CaptureQueriesContext(connection) as few:
        nurse.see()
    for _ in range(3):
        fill(nurse, bag)
    with CaptureQueriesContext(connection) as many:
        nurse.see()
    assert len(many) == len(few)
    assert len(many) <= 43


def test_the_part_that_renews_itself_adds_no_reading_of_the_chart(house, nurse):
    from winddown.record.models import AuditEntry

    page = nurse.see().content.decode()
    part = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    for _ in range(3):
        assert nurse.client.get(part, HTTP_HX_REQUEST="true").status_code == 200
    with at_practice(house.id):
        assert AuditEntry.objects.filter(act="read chart", patient=nurse.session.patient).count() == 1

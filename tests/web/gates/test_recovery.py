"""The way home on the screen: it fills by itself, says only that criteria are recorded, and a nurse signs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import visit
from tests.web.gates.conftest import Screen
from winddown.record.models import SessionEvent, Snapshot
from winddown.record.scope import at_practice
from winddown.services import discharge, infusion
from winddown.web.sessions.sight import Sight

SET = {
    "systolic": "126", "diastolic": "80", "pulse_rate": "74", "respiratory_rate": "14", "spo2": "98", "moaas": "5", "cadss6": "0",
    "nausea": "0", "pain": "5",
}  # fmt: skip
ALDRETE = {"variant": "aldrete-percent-92", "activity": 2, "respiration": 2, "circulation": 2, "consciousness": 2, "saturation": 2}
PADSS = {"variant": "padss-modified", "vitals": 2, "walking": 2, "nausea": 2, "pain": 2, "bleeding": 2}
STOOD = {"lying_systolic": "126", "lying_diastolic": "80", "standing_systolic": "122", "standing_diastolic": "78", "symptoms": "no"}


def fill(screen: Screen, *, but: str = "") -> None:
    for name, fields in (
        ("observations", SET), ("aldrete", ALDRETE), ("padss", PADSS), ("orthostatic", STOOD), ("iv_out", {}),
        ("escort_present", {"name": "Robin Fictional"}), ("no_driving", {}), ("suicide_follow_up", {}),
    ):  # fmt: skip
        if name != but:
            screen.act(name, room="recovery", **fields)


def state_of(screen: Screen, key: str) -> str:
    with at_practice(screen.house.id):
        lines = discharge.lines(screen.session, now=datetime.now(tz=UTC))
        return next(line.state for line in lines if line.key == key)


def test_the_gate_fills_and_the_nurse_signs(at_recovery):
    assert "Not recorded or outside: 11 of 13." in at_recovery.see("recovery").content.decode()
    fill(at_recovery)
    page = at_recovery.see("recovery").content.decode()
    assert "Criteria recorded. A nurse judges the patient and signs." in page
    signed = at_recovery.act("sign", room="recovery")
    assert "Discharge signed by Fictional Nurse" in signed.content.decode()
    assert at_recovery.status() == "discharged"
    assert at_recovery.story()[-2:] == ["discharge_signed", "discharged"]


def test_no_page_of_the_way_home_says_safe(at_recovery):
    fill(at_recovery)
    for room in ("recovery", "recovery/clock"):
        page = at_recovery.see(room).content.decode().lower()
        assert " safe" not in page.replace("safely", "")


def test_the_predicted_level_is_called_what_it_is(at_recovery):
    page = at_recovery.see("recovery/clock").content.decode()
    assert "A predicted level, not a discharge criterion." in page
    assert "Calibrated on simulated patients only." in page


def test_the_clock_alone_says_what_the_whole_forecast_says(at_recovery):
    with at_practice(at_recovery.house.id):
        sight = Sight.of(at_recovery.session, datetime.now(tz=UTC))
        (whole, started, _plan), (alone, again, _same) = sight.forecast(), sight.typical()
    assert whole.second is not None
    assert alone.second is None
    assert (again, {name: below.as_data() for name, below in alone.clock.items()}) == (
        started,
        {name: below.as_data() for name, below in whole.clock.items()},
    )


def test_signing_over_an_open_line_is_refused_and_names_it(at_recovery):
    fill(at_recovery, but="no_driving")
    refused = at_recovery.act("sign", room="recovery")
    assert (refused.status_code, "No-driving text given: not recorded." in refused.content.decode()) == (422, True)
    assert at_recovery.status() == "recovering"


def override(screen: Screen, **fields):
    return screen.act("override", room="recovery", **fields)


def test_an_override_takes_a_reason_and_a_second_person_and_keeps_what_was_shown(house, at_recovery):
    fill(at_recovery, but="orthostatic")
    for told in ({"because": "must catch the ferry"}, {"because": " ", **at_recovery.second()}):
        assert override(at_recovery, **told).status_code == 422
    assert override(at_recovery, because="must catch the ferry", **at_recovery.second(pin="999111")).status_code == 422
    assert at_recovery.status() == "recovering"
    override(at_recovery, because="must catch the ferry", **at_recovery.second())
    assert at_recovery.last("gate_overridden") == {"reason": "must catch the ferry", "lines": ["orthostatic"]}
    with at_practice(house.id):
        assert SessionEvent.objects.get(session=at_recovery.session, kind="gate_overridden").second == house.nurse_2
        kept = Snapshot.objects.get(session=at_recovery.session, moment="override")
    assert {line["key"]: line["state"] for line in kept.content["gate"]}["orthostatic"] == "missing"
    assert at_recovery.status() == "discharged"


HALF = [
    ("aldrete", {**ALDRETE, "saturation": ""}, "no points for saturation"),
    ("aldrete", {**ALDRETE, "saturation": 3}, "allowed 0, 1 or 2"),
    ("aldrete", {**ALDRETE, "variant": "padss-first"}, "Unknown the score"),
    ("moaas", {"scale": "moaas", "value": "9"}, "not on the scale"),
    ("pain", {"scale": "rass", "value": "0"}, "Unknown the scale"),
    ("orthostatic", {**STOOD, "standing_systolic": ""}, "is empty"),
    ("orthostatic", {**STOOD, "symptoms": ""}, "is not chosen"),
    ("observations", {}, "The set is empty."),
    ("escort_present", {"name": ""}, "is empty"),
    ("ended", {}, "once, after a stop"),
]


def test_half_an_answer_is_refused_and_nothing_is_kept(at_recovery):
    before = at_recovery.story()
    answers = [(at_recovery.act(act, room="recovery", **fields), words) for act, fields, words in HALF]
    assert [(words, refused.status_code, words in refused.content.decode()) for refused, words in answers] == [
        (words, 422, True) for _, words in answers
    ]
    assert at_recovery.story() == before


def test_points_are_given_at_the_patients_own_baseline(at_recovery):
    """A patient who came in a wheelchair is not asked to walk; circulation is never excused."""
    at_recovery.act("padss", room="recovery", **{**PADSS, "walking": 0}, walking_as_before="yes")
    assert (state_of(at_recovery, "padss"), at_recovery.last("recovery_scored")["at_baseline"]) == ("done", ["walking"])
    at_recovery.act("padss", room="recovery", **{**PADSS, "vitals": 0}, vitals_as_before="yes")
    assert (state_of(at_recovery, "padss"), at_recovery.last("recovery_scored")["at_baseline"]) == ("stop", [])


def test_one_tap_scores_count_by_themselves(at_recovery):
    at_recovery.act("moaas", room="recovery", scale="moaas", value="4")
    assert state_of(at_recovery, "moaas") == "stop"
    at_recovery.act("moaas", room="recovery", scale="moaas", value="5")
    assert state_of(at_recovery, "moaas") == "done"


def test_a_set_with_holes_names_them_and_the_gate_asks_again(at_recovery):
    at_recovery.act("observations", room="recovery", **{**SET, "spo2": ""})
    assert at_recovery.last("observation_set_taken") == {"missing": ["spo2"]}
    assert state_of(at_recovery, "observations") == "missing"


def test_a_review_of_the_gate_is_a_prescribers(house, at_recovery):
    at_recovery.act("orthostatic", room="recovery", **{**STOOD, "symptoms": "yes"})
    told = {"line": "orthostatic", "because": "as always, per the family"}
    assert at_recovery.act("accept_review", room="recovery", **told).status_code == 403
    Screen(house, at_recovery.session, "prescriber").act("accept_review", room="recovery", **told)
    assert state_of(at_recovery, "orthostatic") == "done"


def test_recovery_begins_with_a_tap_after_a_stop_and_nothing_is_signed_while_the_pump_runs(house, now):
    with at_practice(house.id):
        session = factories.session(house, start=now, now=now - timedelta(hours=1))
        visit.make_ready(house, session, now - timedelta(minutes=25))
        visit.start(house, session, now - timedelta(minutes=15))
    nurse = Screen(house, session, "nurse")
    assert "there is no discharge to sign" in nurse.act("sign", room="recovery").content.decode()
    with at_practice(house.id):
        infusion.finish(session, "stopped", because="the patient asked", by=house.nurse, now=now)
    assert "Recovery has begun" in nurse.see("recovery").content.decode()
    nurse.act("ended", room="recovery")
    assert nurse.status() == "recovering"


def test_the_page_asks_the_database_the_same_number_of_times_whatever_the_story(at_recovery):
    fill(at_recovery)
    with CaptureQueriesContext(connection) as few:
        at_recovery.see("recovery")
    for _ in range(3):
        fill(at_recovery)
    with CaptureQueriesContext(connection) as many:
        at_recovery.see("recovery")
    assert len(many) == len(few)
    assert len(many) <= 40

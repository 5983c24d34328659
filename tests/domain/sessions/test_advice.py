"""Hold and stop advice that comes from the story; scores, adverse events and the emergency card."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from visit_words import STARTED, minute, tell

from winddown.domain.refusals import OutOfRange, UnknownWord
from winddown.domain.sessions import emergency
from winddown.domain.sessions.adverse_events import SUGGESTED, TERMS, beside_the_dose, term_of
from winddown.domain.sessions.advice import advice, holds
from winddown.domain.sessions.scores import SCALES, scale_of
from winddown.domain.sessions.supervision import default_supervision, read_supervision

SUPERVISION = read_supervision(default_supervision("pain"))
RATE = {"rate_ml_per_h": "52.5"}


def advised(*more, at=60):
    return [(each.key, each.tier, each.because) for each in advice(SUPERVISION, tell(*STARTED, *more), at=minute(at))]


def held(at, because):
    return (at, "held", {"because": because})


def test_two_holds_advise_nothing_and_the_third_is_a_stop_with_all_reasons():
    two = (held(5, "pressure"), (10, "resumed", RATE), held(15, "nausea"), (20, "resumed", RATE))
    assert advised(*two) == []
    assert advised(*two, held(25, "distress")) == [("third_hold", "stop", "Third hold: held 3 times (pressure; nausea; distress), limit 3")]


def test_a_hold_reported_twice_is_one_hold():
    assert holds(tell(*STARTED, held(5, "pressure"), held(5.2, "pump message"), (10, "resumed", RATE))) == 1


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ((10, "iv_site_checked", {"finding": "clear", "limb": "left arm"}), []),
        ((10, "iv_site_checked", {"finding": "swollen", "limb": "left arm"}), [("iv_problem", "hold")]),
        ((10, "extravasation_seen"), [("iv_problem", "hold")]),
        ((10, "monitor_lost"), [("monitor_loss", "hold")]),
        ((59, "monitor_lost"), []),
        ((10, "adverse_event", {"term": "nausea", "grade": "2"}), []),
        ((10, "adverse_event", {"term": "chest_pain", "grade": "1"}), [("emergency_symptoms", "stop")]),
        ((10, "adverse_event", {"term": "something new", "grade": "4"}), [("emergency_symptoms", "stop")]),
    ],
)
def test_the_story_alone_can_ask_for_a_hold_or_a_stop(fact, expected):
    assert [(key, tier) for key, tier, _ in advised(fact)] == expected


def test_a_closed_event_and_a_monitor_found_again_ask_for_nothing():
    pain = (10, "adverse_event", {"term": "chest_pain", "grade": "2"})
    assert advised(pain, (20, "adverse_event_closed", {"event": "e3", "outcome": "resolved"})) == []
    assert advised((10, "monitor_lost"), (15, "monitor_matched")) == []


def test_a_resume_above_the_rate_before_the_hold_is_told():
    faster = advised(held(5, "pressure"), (10, "resumed", {"rate_ml_per_h": "60"}))
    assert faster == [("resumed_faster", "notify", "resumed at 60 mL/h, 52.5 mL/h before the hold")]
    assert advised(held(5, "pressure"), (10, "resumed", RATE)) == []


def test_after_the_stop_nothing_more_is_advised():
    assert advised((10, "extravasation_seen"), (11, "stopped")) == []


def test_every_scale_is_a_row_of_buttons_without_a_gap():
    for scale in SCALES.values():
        assert [level.value for level in scale.levels] == list(range(scale.low, scale.high + 1))


@pytest.mark.parametrize(
    ("key", "value", "color"), [("moaas", 3, "act"), ("moaas", 5, "calm"), ("rass", -3, "act"), ("rass", 0, "calm"), ("ramsay", 2, "calm")]
)
def test_each_sedation_scale_keeps_its_own_direction(key, value, color):
    assert scale_of(key).level(value).color == color


def test_a_value_that_is_no_button_is_refused():
    with pytest.raises(OutOfRange, match="6 is not on the scale from 0 to 5"):
        scale_of("moaas").level(6)
    with pytest.raises(UnknownWord):
        scale_of("poss")


def test_no_wording_of_the_dissociation_items_is_shipped():
    assert {level.words for level in scale_of("cadss6").levels} == {"", "none", "most"}


def test_every_alarm_of_the_protocol_that_can_be_an_event_suggests_a_known_term():
    keys = {condition.key for condition in SUPERVISION.alarms.conditions}
    assert set(SUGGESTED) <= keys
    assert set(SUGGESTED.values()) <= set(TERMS)
    with pytest.raises(UnknownWord):
        term_of("hiccups")


def test_an_event_stands_beside_the_dose_at_that_moment():
    event = tell((22, "adverse_event", {"term": "vomiting", "grade": "3", "words": ""}))[0]
    found = beside_the_dose(
        event, started_at=minute(0), rate_ml_per_h=Decimal("52.5"), given_mg=Decimal("19.25"), predicted_ng_per_ml=160.0, model="m"
    )
    assert (found.words, found.onset_min, found.given_mg, found.serious) == ("Vomiting", 22, Decimal("19.25"), True)


def test_an_event_with_a_grade_nobody_knows_is_kept_without_one():
    event = tell((22, "adverse_event", {"term": "odd taste", "grade": "7"}))[0]
    found = beside_the_dose(event, started_at=None, rate_ml_per_h=None, given_mg=None)
    assert (found.term, found.words, found.grade, found.onset_min) == ("odd taste", "odd taste", None, None)


def test_the_emergency_card_says_what_is_not_on_file_and_gives_no_dose():
    dose = emergency.DoseSoFar(
        "ketamine", Decimal("20.0"), Decimal("12.5"), Decimal("52.5"), True, datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
    )
    patient = emergency.Patient("Jo Doe", 44, Decimal(80))
    card = emergency.card(patient, dose, opened_at=minute(30), crash_cart="hall, by room 2", call="911", rescue=SUPERVISION.rescue)
    rows = dict(card.rows)
    assert rows["Given so far"] == "ketamine: pumped 20.0 mg (0.25 mg/kg), of it 12.5 mg reached the patient; pump running at 52.5 mL/h"
    assert (rows["Allergies"], rows["Airway"], rows["Crash cart"]) == ("not on file", "not on file", "hall, by room 2")
    assert {words for _, words in card.rescue} == {"see the clinic's signed order set"}

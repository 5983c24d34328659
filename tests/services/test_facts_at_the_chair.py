"""What the services do with facts at the chair: late, wrong, repeated, or told by two people at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests import factories
from tests.factories import visit
from winddown.domain.refusals import NotAllowed, OutOfRange, Refusal, UnknownWord
from winddown.record.models import Alarm, Attachment, Reading, SessionEvent
from winddown.record.scope import at_practice
from winddown.services import announcements, bedside, infusion, sessions, stories, vitals

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
SET = {"systolic": "126", "diastolic": "80", "pulse_rate": "74", "respiratory_rate": "14", "spo2": "98"}


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


@pytest.fixture
def running(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT - timedelta(hours=1))
        visit.make_ready(house, session, later(-10))
        visit.start(house, session, AT)
    return session


def systolics(session):
    return [row.value for row in vitals.standing(Reading.objects.filter(session=session, kind="systolic", observed_at__gte=AT))]


def test_news_queued_in_a_scope_that_failed_never_silences_the_next(house, running):
    with pytest.raises(Refusal), at_practice(house.id):
        bedside.record(running, "note_written", {"words": "undone"}, by=house.nurse, now=later(1))
        raise Refusal("something went wrong afterwards")
    with at_practice(house.id):
        before = announcements.latest()
    with at_practice(house.id):
        bedside.record(running, "note_written", {"words": "kept"}, by=house.nurse, now=later(2))
    with at_practice(house.id):
        news = announcements.after(before)
    assert [item.body["event"] for item in news] == ["note_written"]


def test_a_corrected_set_by_hand_counts_with_its_new_numbers_only(house, running):
    with at_practice(house.id):
        wrong = bedside.observe(running, SET | {"systolic": "226"}, {"moaas": "3"}, by=house.nurse, now=later(5))
        assert systolics(running) == [226]
        bedside.observe(
            running, SET, {"moaas": "5"}, by=house.nurse, now=later(7), happened_at=later(5), supersedes=wrong, because="misread"
        )
        assert systolics(running) == [126]
        scores = [event.text("value") for event in stories.standing(running) if event.kind == "score_taken"]
        assert scores == ["5"]
        assert running.readings.filter(kind="systolic", value=226).count() == 1


def test_a_set_taken_back_takes_its_scores_with_it_and_the_alarm_clears(house, running):
    with at_practice(house.id):
        taken = bedside.observe(running, {}, {"moaas": "1"}, by=house.nurse, now=later(5))
        assert Alarm.objects.filter(session=running, condition="sedation_deep").exclude(acts__kind="cleared").exists()
        bedside.retract(taken, because="other patient", by=house.nurse, now=later(6))
        assert [event for event in stories.standing(running) if event.kind == "score_taken"] == []


def test_an_adverse_event_keeps_the_dose_and_the_predicted_levels_of_its_moment(house, running):
    with at_practice(house.id):
        row = bedside.adverse_event(running, "headache", "1", by=house.nurse, now=later(25), happened_at=later(20))
    assert row.data["dose_mg"] == "17.500"
    assert row.data["rate_ml_per_h"] == "52.5"
    assert 150 < float(row.data["plasma_ng_per_ml"]) < 300
    assert 0 < float(row.data["effect_site_ng_per_ml"]) < float(row.data["plasma_ng_per_ml"])


def test_an_adverse_event_before_the_start_has_no_dose_beside_it(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT - timedelta(hours=1))
        visit.make_ready(house, session, later(-10))
        row = bedside.adverse_event(session, "anxiety", "1", by=house.nurse, now=later(-5))
    assert Decimal(row.data["dose_mg"]) == 0
    assert "plasma_ng_per_ml" not in row.data


def test_a_term_or_grade_off_the_list_is_refused(house, running):
    with at_practice(house.id):
        with pytest.raises(UnknownWord):
            bedside.adverse_event(running, "ennui", "1", by=house.nurse, now=later(5))
        with pytest.raises(OutOfRange):
            bedside.adverse_event(running, "headache", "6", by=house.nurse, now=later(5))


def test_an_alarming_event_advises_a_stop_and_closing_it_withdraws_the_advice(house, running):
    with at_practice(house.id):
        seen = bedside.adverse_event(running, "chest_pain", "2", by=house.nurse, now=later(5))
        standing = Alarm.objects.filter(session=running, condition="rule_emergency_symptoms").exclude(acts__kind="cleared")
        assert standing.count() == 1
        bedside.record(running, "adverse_event_closed", {"event": str(seen.ref), "outcome": "resolved"}, by=house.nurse, now=later(9))
        assert standing.count() == 0


def test_a_red_iv_site_advises_a_hold(house, running):
    with at_practice(house.id):
        bedside.record(running, "iv_site_checked", {"limb": "left arm", "finding": "red"}, by=house.nurse, now=later(5))
        assert Alarm.objects.filter(session=running, condition="rule_iv_problem").exclude(acts__kind="cleared").count() == 1


def test_a_start_that_happened_is_kept_whatever_the_gate_says(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT - timedelta(hours=1))
        with pytest.raises(NotAllowed):
            infusion.start(session, Decimal("52.5"), by=house.nurse, now=AT)
        row = infusion.start(session, Decimal("525"), by=house.nurse, now=later(6), happened_at=AT, as_fact=True)
        assert (session.status, bool(row.odd)) == ("running", True)
        assert Alarm.objects.filter(session=session, condition="pump_rate").count() == 1


def test_a_resume_above_the_old_rate_is_refused_as_a_request_and_kept_as_a_fact(house, running):
    with at_practice(house.id):
        infusion.hold(running, "pressure", by=house.nurse, now=later(10))
        with pytest.raises(Refusal, match=r"60 mL/h is above the 52\.5 mL/h"):
            infusion.resume(running, Decimal("60"), by=house.nurse, now=later(12))
        infusion.resume(running, Decimal("60"), by=house.nurse, now=later(12), as_fact=True)
        assert running.status == "running"
        assert Alarm.objects.filter(session=running, condition="rule_resumed_faster").count() == 1


def test_the_same_photo_sent_twice_is_one_photo(house, running):
    from uuid import uuid4

    key = uuid4()
    with at_practice(house.id):
        for _ in range(2):
            bedside.keep_photo(running, b"a fictional picture", "image/png", "left arm", by=house.nurse, now=later(5), key=key)
        assert Attachment.objects.filter(session=running).count() == 1
        assert SessionEvent.objects.filter(session=running, kind="photo_taken").count() == 1


def test_a_chair_is_handed_over_to_someone_who_works_as_that(house, running):
    with at_practice(house.id):
        with pytest.raises(NotAllowed):
            sessions.hand_over(running, "nurse", house.front_desk, by=house.nurse, now=later(5))
        sessions.hand_over(running, "prescriber", house.prescriber_2, by=house.nurse, now=later(5))
        kinds = [event.kind for event in stories.standing(running)][-2:]
    assert kinds == ["handed_over", "supervisor_named"]

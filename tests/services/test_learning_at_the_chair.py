"""What the record of a visit teaches this patient's lines, and what it may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests import factories
from tests.factories import visit
from winddown.domain.pharmacology.kept import compared
from winddown.record.models import Snapshot
from winddown.record.queries.stories import events_of
from winddown.record.scope import at_practice
from winddown.services import bedside, infusion, learning, orders, picture, rescue, sessions, stories
from winddown.web.sessions import chart

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
MIDAZOLAM = {"key": "midazolam", "drug": "midazolam", "dose": "1 mg", "route": "IV", "maximum_doses": "2", "interval_min": "5"}


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


@pytest.fixture
def running(house):
    with at_practice(house.id):
        session = factories.session(house, start=AT, now=AT - timedelta(hours=1))
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
    return session


def observe(house, session, minute: float, systolic: int, cadss6: int) -> None:
    numbers = {"systolic": str(systolic), "diastolic": "80", "pulse_rate": "74", "respiratory_rate": "14", "spo2": "98"}
    bedside.observe(session, numbers, {"cadss6": str(cadss6), "moaas": "5", "pain": "4"}, by=house.nurse, now=later(minute))


def seen(session, minute: float):
    return learning.seen_of(session, stories.standing(session), AT, now=later(minute))


def drawn(session, minute: float):
    with at_practice(session.practice_id):
        return chart.chart_data(session, now=later(minute))["forecast"]


def width(forecast, key: str, place: int) -> float:
    return forecast[key]["p95"][place] - forecast[key]["p05"][place]


def test_a_set_by_hand_teaches_and_the_resting_reading_does_not_teach_twice(house, running):
    with at_practice(house.id):
        observe(house, running, 15, 138, 6)
        told = seen(running, 16)
    assert sorted((each.kind, each.value) for each in told.observations) == [("cadss6", 6), ("moaas", 5), ("pain", 4), ("systolic", 138)]
    assert {each.at_min for each in told.observations} == {15.0}
    assert (told.resting.systolic, told.resting.pain, told.resting.cadss6) == (124, 7, 0)


def test_what_is_written_later_is_not_known_yet(house, running):
    with at_practice(house.id):
        observe(house, running, 15, 138, 6)
        assert seen(running, 14).observations == ()


def test_a_corrected_score_teaches_with_its_new_value_only(house, running):
    with at_practice(house.id):
        wrong = bedside.score(running, "cadss6", "20", by=house.nurse, now=later(10))
        bedside.score(running, "cadss6", "2", by=house.nurse, now=later(11), happened_at=later(10), supersedes=wrong.ref)
        assert [(each.kind, each.value) for each in seen(running, 12).observations] == [("cadss6", 2)]


def test_the_chart_draws_this_patient_beside_the_typical_one_and_narrower(house, running):
    with at_practice(house.id):
        for minute, systolic, cadss6 in ((5, 126, 1), (10, 130, 3), (15, 133, 5), (25, 137, 8)):
            observe(house, running, minute, systolic, cadss6)
    data = drawn(running, 26)
    mine = data["personal"]
    hour = data["times"].index(chart.ms(later(60)))
    assert width(mine, "systolic_rise", hour) < width(data, "systolic_rise", hour)
    assert width(mine, "dissociation", hour) < width(data, "dissociation", hour)
    assert mine["dissociation"]["unit"] == data["dissociation"]["unit"] == "CADSS-6"
    assert mine["learned"] == {"count": 16, "odd": 0}
    assert (
        mine["taught"][0]["words"]
        == "This patient's lines are learned from: 4 cuff pressures, 4 CADSS-6 scores, 4 sedation scores, 4 pain scores."
    )
    assert mine["clock_back"]["median_at"] > chart.ms(later(26))


def test_a_reading_that_does_not_fit_is_named_with_what_was_expected(house, running):
    with at_practice(house.id):
        for minute, systolic, cadss6 in ((5, 126, 1), (10, 130, 3), (15, 133, 5), (20, 240, 6), (25, 137, 8)):
            observe(house, running, minute, systolic, cadss6)
    told = [each for each in drawn(running, 26)["personal"]["taught"] if each["level"] == "watch"]
    assert len(told) == 1 and told[0]["words"].startswith("systolic pressure 240 at 09:20 does not fit")


def test_before_anything_is_seen_there_is_only_the_typical_patient(house, running):
    assert drawn(running, 3)["personal"] is None


def test_a_what_if_asks_the_same_person_and_does_not_learn_again(house, running):
    with at_practice(house.id):
        observe(house, running, 15, 138, 6)
        chart.chart_data(running, now=later(16))
        known = dict(learning._remembered._known)
        answer = chart.what_if_data(running, Decimal("30"), now=later(16))
        assert learning._remembered._known.keys() == known.keys()
    assert answer["forecast"]["personal"]["systolic_rise"]["p50"]


def test_midazolam_stops_what_came_after_it_and_the_chart_says_so(house):
    before = AT - timedelta(hours=1)
    with at_practice(house.id):
        first = factories.order(house, now=before)
        asked = first.draft["request"]
        order = orders.write(first.course, asked, by=house.prescriber, now=before, as_needed=(MIDAZOLAM,), supersedes=first)
        orders.sign(order, by=house.prescriber, now=before)
        session = factories.session(house, order, start=AT, now=before)
        visit.make_ready(house, session, AT - timedelta(minutes=10))
        visit.start(house, session, AT)
        observe(house, session, 10, 132, 8)
        rescue.give(session, "midazolam", by=house.nurse, now=later(12), reason="distress")
        observe(house, session, 20, 110, 0)
    words = [each["words"] for each in drawn(session, 21)["personal"]["taught"]]
    assert any("After midazolam at 09:12 no longer taught by: " in each for each in words)
    assert words[0].startswith("This patient's lines are learned from: 1 cuff pressure, 1 CADSS-6 score")


def test_the_next_visit_begins_with_what_this_one_taught(house, running):
    with at_practice(house.id):
        for minute, systolic, cadss6 in ((10, 150, 9), (20, 158, 12), (35, 160, 13)):
            observe(house, running, minute, systolic, cadss6)
        infusion.finish(running, "infusion_completed", by=house.nurse, now=later(40))
        done = visit.recover(house, running, later(40))
        sessions.sign_discharge(running, by=house.nurse, now=done)
        prior = learning.prior_of(running.patient, at=AT + timedelta(days=7))
        assert 6.5 < prior.days_since < 7
        assert prior.mean[prior.names.index("cadss6_gain")] > 0.5
        assert learning.prior_of(running.patient, at=AT) is None


def test_every_kept_forecast_is_made_again_to_the_same_numbers(house, running):
    with at_practice(house.id):
        observe(house, running, 10, 132, 4)
        infusion.change_rate(running, Decimal("45"), because="calmer", by=house.nurse, now=later(12))
        observe(house, running, 25, 136, 6)
        infusion.finish(running, "infusion_completed", by=house.nurse, now=later(45))
        done = visit.recover(house, running, later(45))
        sessions.sign_discharge(running, by=house.nurse, now=done)
        kept = [row.content for row in Snapshot.objects.order_by("id") if "inputs" in row.content]
    assert len(kept) >= 4
    for content in kept:
        found = compared(content)
        assert found.compared > 1000 and found.differs == ()


def test_a_kept_forecast_whose_numbers_were_touched_is_named(house, running):
    with at_practice(house.id):
        content = Snapshot.objects.filter(moment="start").latest("id").content
    content["plasma"]["p95"][30] *= 1.05
    assert any(each.startswith("plasma.p95[30]") for each in compared(content).differs)


def test_the_story_is_enough_for_the_dose_and_the_lessons(house, running):
    """Asked as of an earlier minute, the picture knows what stood then."""
    with at_practice(house.id):
        observe(house, running, 15, 138, 6)
        story = events_of(running)
        then = picture.forecast(
            running, orders.checked(running.order), story, picture.dose_of(running, now=later(10), events=story), now=later(10)
        )
    assert then is not None and then[0].personal is None

"""The discharge clock scored at discharge, and the notice that a forecast may add."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests import factories
from tests.factories import visit
from winddown.domain.alarms.evaluate import FORECAST_KEY
from winddown.record.models import Alarm, PredictionScore
from winddown.record.scope import at_practice
from winddown.services import bedside, honesty, infusion, orders, sessions
from winddown.web.sessions import chart

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def begun(house, made=None):
    before = AT - timedelta(hours=1)
    session = factories.session(house, made or factories.order(house, now=before), start=AT, now=before)
    visit.make_ready(house, session, AT - timedelta(minutes=10))
    visit.start(house, session, AT)
    return session


def look(house, session, minute: float, systolic: int, cadss6: int) -> None:
    vital = {"systolic": str(systolic), "diastolic": "80", "pulse_rate": "80", "respiratory_rate": "14", "spo2": "98"}
    bedside.observe(session, vital, {"cadss6": str(cadss6), "moaas": "5"}, by=house.nurse, now=later(minute))


def to_the_door(house, session, looks) -> None:
    for minute, cadss6 in ((10, 3), (25, 7), (38, 9)):
        look(house, session, minute, 138, cadss6)
    infusion.finish(session, "infusion_completed", by=house.nurse, now=later(40))
    for minute, cadss6 in looks:
        look(house, session, minute, 130, cadss6)
    done = visit.recover(house, session, later(40), minutes=110)
    sessions.sign_discharge(session, by=house.nurse, now=done)


def test_the_clock_is_scored_once_with_what_was_known_when_the_infusion_ended(house):
    with at_practice(house.id):
        session = begun(house)
        to_the_door(house, session, [(50, 6), (65, 3), (80, 1), (95, 0)])
        row = PredictionScore.objects.get(session=session)
        assert (row.decided_at, row.last_above_at, row.back_at) == (later(40), later(65), later(80))
        assert (row.lessons, row.odd, row.other_drug) == (9, 0, False)
        assert later(40) < row.median_at <= row.ninety_at
        expected = min(0, (row.median_at - later(65)).total_seconds() / 60) + max(0, (row.median_at - later(80)).total_seconds() / 60)
        assert row.error_min == pytest.approx(expected)
        assert honesty.score_clock(session, now=later(300)) is None
        assert honesty.of_clinic().visits == 1


def test_a_visit_without_dissociation_has_nothing_to_score(house):
    with at_practice(house.id):
        session = begun(house)
        look(house, session, 20, 130, 0)
        infusion.finish(session, "infusion_completed", by=house.nurse, now=later(40))
        done = visit.recover(house, session, later(40))
        sessions.sign_discharge(session, by=house.nurse, now=done)
        assert not PredictionScore.objects.filter(session=session).exists()


def test_the_chart_tells_the_clinic_s_error_with_its_visits(house):
    with at_practice(house.id):
        session = begun(house)
        look(house, session, 10, 132, 4)
        mine = chart.chart_data(session, now=later(11))["forecast"]["personal"]
        assert mine["clock_score"] == "This clinic has not scored this prediction at any visit yet."


def test_a_clock_that_does_not_hold_here_is_switched_off_and_says_so(house):
    with at_practice(house.id):
        session = begun(house)
        to_the_door(house, session, [(50, 6), (65, 3), (80, 1), (95, 0)])
        row = PredictionScore.objects.get(session=session)
        told = {field.attname: getattr(row, field.attname) for field in PredictionScore._meta.concrete_fields if field.attname != "id"}
        missed = told | {"error_min": -20.0, "by_ninety": False}
        for number in range(24):
            PredictionScore(**missed | {"session_id": other(house, number)}).save()
        mine = chart.chart_data(session, now=later(100))["forecast"]["personal"]
    assert mine["clock_back"] is None and "switched off" in mine["clock_score"]


def other(house, number: int) -> int:
    start = AT + timedelta(days=number + 1)
    return factories.session(house, start=start, now=AT).pk


@pytest.fixture
def warned(house):
    """An order under a protocol whose director turned the notice on: half of the courses."""
    with at_practice(house.id):
        made = factories.order(house, now=AT - timedelta(hours=2))
        data = made.course.protocol.data
        alarms = data["alarms"]
        on = {"value": 50, "unit": "%", "source": "the director", "status": "unverified"}
        hold = next(each for each in alarms["conditions"] if each["key"] == "systolic_high")
        for step in hold["steps"]:
            step["limit"]["value"] = min(step["limit"]["value"], 131)
        told = {**data, "alarms": {**alarms, "forecast": {**alarms["forecast"], "share_percent": on}}}
        signed = orders.sign_protocol(told, by=house.director, now=AT - timedelta(hours=2))
        course = orders.open_course(made.patient, signed, indication="fictional", by=house.prescriber, now=AT - timedelta(hours=2))
        order = orders.write(course, made.draft["request"], by=house.prescriber, now=AT - timedelta(hours=2))
        orders.sign(order, by=house.prescriber, now=AT - timedelta(hours=2))
    return order


def notices(session) -> list[str]:
    return list(Alarm.objects.filter(session=session, condition=FORECAST_KEY).values_list("words", flat=True))


def test_the_notice_is_off_until_a_director_signs_it(house):
    with at_practice(house.id):
        session = begun(house)
        look(house, session, 10, 150, 4)
        assert notices(session) == []


def test_a_signed_notice_is_added_and_every_other_alarm_is_as_it_would_have_been(house, warned):
    with at_practice(house.id):
        session = begun(house, warned)
        look(house, session, 8, 127, 1)
        look(house, session, 14, 130, 2)
        assert [each.startswith("predicted systolic pressure reaches 13") for each in notices(session)] == [True]
        low = Alarm.objects.get(session=session, condition=FORECAST_KEY)
        assert (low.severity, low.tier) == ("low", "notify")
        look(house, session, 16, 190, 2)
        assert Alarm.objects.filter(session=session, condition="systolic_high").exists()


def test_the_notice_ends_when_the_pump_stops(house, warned):
    with at_practice(house.id):
        session = begun(house, warned)
        look(house, session, 14, 130, 2)
        assert notices(session)
        infusion.finish(session, "stopped", because="enough", by=house.nurse, now=later(15))
        bedside.score(session, "cadss6", "2", by=house.nurse, now=later(16))
        assert Alarm.objects.get(session=session, condition=FORECAST_KEY).acts.filter(kind="cleared").exists()


def test_a_rate_change_asks_the_forecast_again(house, warned):
    with at_practice(house.id):
        session = begun(house, warned)
        infusion.change_rate(session, Decimal("45"), because="calmer", by=house.nurse, now=later(3))
        assert len(notices(session)) <= 1

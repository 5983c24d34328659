"""The watch and the listener beside each other: what no arrival can raise, and that neither undoes what the other, or a nurse, has said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tests import factories
from tests.factories import visit
from winddown.domain.wire.hl7v2.write import Envelope, Sign, vital_signs
from winddown.record.models import Alarm, Heartbeat
from winddown.record.scope import at_practice
from winddown.services import alarms, bedside, devices, infusion, screens, sessions, stories
from winddown.services.intake import Arrival, Intake
from winddown.services.screens import Beat
from winddown.services.watch import Watch

AT = datetime(2026, 3, 2, 14, 0, 1, tzinfo=UTC)
CALM = {"systolic": "126", "diastolic": "80", "pulse_rate": "74", "respiratory_rate": "14", "spo2": "98"}
SCORES = {"moaas": "5", "cadss6": "0", "pain": "3", "nausea": "0", "distress": "0", "perception": "0"}


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


class Ward:
    """One running infusion with a monitor, the listener's intake, and the watch of its practice."""

    def __init__(self, house) -> None:
        self.house = house
        self.watch, self.intake = Watch(house.id), Intake(house.id, ZoneInfo("America/New_York"))
        with at_practice(house.id):
            monitor = devices.enroll(key="MON", kind="monitor", location=house.location, words="monitor", by=house.nurse, now=later(-60))
            devices.bind(monitor, house.chairs[0], by=house.nurse, now=later(-60))
            self.session = factories.session(house, start=AT, now=later(-60))
            visit.make_ready(house, self.session, later(-10))
            visit.start(house, self.session, AT)
            screens.answer_tone("browser", house.location, heard=True, by=house.nurse, now=AT)

    def hears(self, minute: float, **signs: float) -> None:
        at = later(minute)
        raw = vital_signs(Envelope("MON", at, f"m{minute}"), [Sign(kind, value, at) for kind, value in signs.items()])
        assert b"MSA|AA" in (self.intake.take([Arrival(raw, "127.0.0.1", at)], now=at)[0] or b"")

    def monitored(self, minute: float, **signs: float) -> None:
        self.hears(minute, **{"spo2": 97.0, "pulse_rate": 72.0, "respiratory_rate": 14.0} | signs)

    def looks(self, minute: float) -> set[str]:
        """One look with a screen awake; the alarms open after it."""
        with at_practice(self.house.id):
            screens.beat(
                "browser", self.house.location, Beat(visible=True, sound=True, muted=False), by=self.house.nurse, now=later(minute)
            )
        self.watch.look(now=later(minute))
        return self.open()

    def open(self) -> set[str]:
        with at_practice(self.house.id):
            return set(Alarm.objects.exclude(acts__kind="cleared").values_list("condition", flat=True))

    def observed(self, minute: float, **signs: str) -> None:
        with at_practice(self.house.id):
            bedside.observe(self.session, CALM | signs, SCORES, by=self.house.nurse, now=later(minute))
            clear = {"limb": "left arm", "finding": "clear"}
            bedside.record(self.session, "iv_site_checked", clear, by=self.house.nurse, now=later(minute))


@pytest.fixture
def ward(house):
    return Ward(house)


def test_silence_is_raised_once_and_cleared_by_the_next_reading(ward):
    ward.monitored(0.1, systolic=124.0, diastolic=78.0)
    assert ward.looks(0.15) == set()
    silent = ward.looks(2)
    assert {"spo2_silent", "pulse_silent"} <= silent
    assert ward.looks(2.1) == silent
    with at_practice(ward.house.id):
        assert Alarm.objects.filter(condition="spo2_silent").count() == 1
    ward.monitored(2.2)
    assert not any(key.endswith("_silent") for key in ward.looks(2.25))


def test_a_high_pressure_taken_by_hand_stays_an_alarm_while_the_monitor_talks_of_other_things(ward):
    ward.monitored(1, systolic=128.0, diastolic=78.0)
    ward.observed(3, systolic="196", diastolic="121")
    assert {"systolic_high", "diastolic_high"} <= ward.open()
    for second in range(5):
        ward.monitored(3 + second / 60)
    assert {"systolic_high", "diastolic_high"} <= ward.open()
    assert {"systolic_high", "diastolic_high"} <= ward.looks(3.2)
    ward.monitored(4, systolic=127.0, diastolic=79.0)
    ward.monitored(9, systolic=126.0, diastolic=79.0)
    assert not {"systolic_high", "diastolic_high"} & ward.open()


def test_an_overdue_set_a_supervisor_gone_and_an_alarm_nobody_answers_come_and_go(ward):
    for minute in (1, 5, 10, 15, 20, 25):
        ward.monitored(minute, systolic=124.0, diastolic=78.0)
    assert "observation_overdue" in ward.looks(25.1)
    ward.observed(25.2)
    assert "observation_overdue" not in ward.looks(25.25)
    with at_practice(ward.house.id):
        stories.write(ward.session, "supervisor_left", {}, by=ward.house.nurse, now=later(25.3))
    assert "supervisor_absent" in ward.looks(25.35)
    ward.monitored(29, systolic=124.0, diastolic=78.0)
    unanswered = ward.looks(29.1)
    assert "alarm_unanswered" in unanswered
    with at_practice(ward.house.id):
        told = Alarm.objects.get(condition="alarm_unanswered")
        assert told.words == "Nobody has acknowledged: The supervising prescriber has left without a hand-over."
        sessions.name_supervisor(ward.session, ward.house.prescriber_2, by=ward.house.nurse, now=later(29.2))
        for alarm in Alarm.objects.exclude(acts__kind="cleared"):
            alarms.acknowledge(alarm, by=ward.house.nurse, now=later(29.2))
    ward.observed(29.25)
    after = ward.looks(29.3)
    assert not {"supervisor_absent", "alarm_unanswered"} & after


def test_a_location_without_a_screen_that_sounds_is_an_alarm_until_one_is_awake(ward):
    ward.watch.look(now=later(0.2))
    assert "alarm_screen_asleep" not in ward.open(), "its tone was heard a moment ago"
    ward.watch.look(now=later(5))
    assert "alarm_screen_asleep" in ward.open()
    ward.watch.look(now=later(5.1))
    with at_practice(ward.house.id):
        assert Alarm.objects.filter(condition="alarm_screen_asleep").count() == 1
    assert "alarm_screen_asleep" not in ward.looks(5.2)


def test_the_third_hold_is_advised_by_the_clock_alone(ward):
    ward.monitored(1, systolic=124.0, diastolic=78.0)
    with at_practice(ward.house.id):
        for minute in (1, 2, 3):
            infusion.hold(ward.session, "distress", by=ward.house.nurse, now=later(minute))
            if minute < 3:
                infusion.resume(ward.session, Decimal("52.5"), by=ward.house.nurse, now=later(minute + 0.5))
    assert "rule_third_hold" in ward.looks(3.0 + 4 / 60)
    with at_practice(ward.house.id):
        infusion.finish(ward.session, "stopped", because="third hold", by=ward.house.nurse, now=later(4))
    assert "rule_third_hold" not in ward.looks(4.0 + 4 / 60)


def test_one_look_at_many_chairs_is_a_fixed_number_of_queries(house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ward, counted = Ward(house), []
    for chair in range(2):
        if chair:
            with at_practice(house.id):
                other = factories.session(house, start=AT, chair=chair, now=later(-60))
                visit.make_ready(house, other, later(-10))
                visit.start(house, other, AT)
        ward.looks(0.05)
        with CaptureQueriesContext(connection) as queries:
            assert ward.watch.look(now=later(0.06)) == chair + 1
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 20


def test_a_chair_that_cannot_be_read_keeps_no_other_from_the_watch_but_its_sign_of_life_is_missing(house, urls):
    ward = Ward(house)
    with at_practice(house.id):
        other = factories.session(house, start=AT, chair=1, now=later(-60))
        visit.make_ready(house, other, later(-10))
        visit.start(house, other, AT)
    ward.looks(0.05)
    spoil(urls, ward.session, "'[]'::jsonb")
    assert ward.watch.look(now=later(0.06)) == 2, "what it knows already is not read again"
    Watch(house.id).look(now=later(30))
    with at_practice(house.id):
        assert Heartbeat.objects.get(part="watch").at == later(0.06)
        assert Alarm.objects.filter(session=other, condition="observation_overdue").exists()
        assert not Alarm.objects.filter(session=ward.session, condition="observation_overdue").exists()
    spoil(urls, ward.session, "'{}'::jsonb")
    Watch(house.id).look(now=later(30.1))
    with at_practice(house.id):
        assert Heartbeat.objects.get(part="watch").at == later(30.1)


def spoil(urls, session, data: str) -> None:
    """A row that no code of ours would write, as a damaged record might hold."""
    with psycopg.connect(urls.superuser, autocommit=True) as link:
        link.execute(f"update record_sessionevent set data = {data} where session_id = %s and kind = 'fasting_recorded'", [session.pk])

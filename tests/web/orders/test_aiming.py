"""Which rate would hold a level? The answer on the order form, and the second gesture that fills the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests import factories
from tests.factories import visit
from tests.web.orders.desk import Desk, fields, text_of
from winddown.record.scope import at_practice
from winddown.services import bedside, infusion, sessions

ASK = {"do": "aim", "aim_level": "150", "aim_minutes": "40", "aim_signal": "plasma"}


def test_the_rates_that_hold_a_level_are_said_and_the_order_stays_as_it_was(house):
    desk = Desk(house)
    answer = desk.browser.post(desk.url, desk.opened() | ASK)
    text = text_of(answer)
    assert "150 ng/mL for 40 min in the typical patient of this weight, age and sex:" in text
    assert "Put these rates into the order" in text and "exploratory: it chose nothing." in text
    assert "amount_0" not in fields(answer) and desk.count() == 0


def test_the_second_gesture_fills_the_order_and_the_limits_judge_it(house):
    desk = Desk(house)
    answer = desk.browser.post(desk.url, desk.opened() | ASK | {"do": "use_aim"})
    filled = fields(answer)
    assert (filled["unit_0"], filled["minutes_0"]) == ("mL/h", "3")
    assert float(filled["amount_0"]) > float(filled["amount_1"]) > float(filled["amount_2"]) > 20
    assert desk.count() == 0 and "Total" in text_of(answer)


def test_a_level_beyond_the_cap_names_the_cap_and_offers_no_rates(house):
    desk = Desk(house)
    text = text_of(desk.browser.post(desk.url, desk.opened() | ASK | {"aim_level": "580", "aim_signal": "effect_site"}))
    assert "No rates inside the limits hold this level." in text and "mg/h binds." in text
    assert "Put these rates into the order" not in text


def test_what_cannot_be_read_is_refused_in_place(house):
    desk = Desk(house)
    for asked, words in (({"aim_level": "much"}, "much"), ({"aim_level": "0"}, "nothing to hold"), ({"aim_signal": "liver"}, "liver")):
        answer = desk.browser.post(desk.url, desk.opened() | ASK | asked)
        assert answer.status_code == 200 and words in text_of(answer)


def test_a_bag_without_milligrams_is_asked_for(house):
    desk = Desk(house)
    assert "Enter the bag." in text_of(desk.browser.post(desk.url, desk.opened() | ASK | {"bag_mg": "0"}))


def test_before_any_visit_the_forecast_says_nothing_is_learned_and_draws_no_weeks(house):
    desk = Desk(house)
    text = text_of(desk.browser.get(desk.url))
    assert "nothing learned yet: as typical" in text and "S-norketamine, highest, ng/mL" in text
    assert "No validated prediction for this protocol; 23 % of placebo patients also responded." in text
    assert "The published course was measured in CRPS type 1 only." in text


def test_after_a_visit_the_forecast_and_the_rates_are_this_patient_s_own(house):
    desk = Desk(house)
    begin = datetime.now(tz=UTC) - timedelta(days=7)
    with at_practice(house.id):
        order = factories.order(house, desk.course.patient, now=begin - timedelta(hours=1))
        session = factories.session(house, order, start=begin, now=begin - timedelta(hours=1))
        visit.make_ready(house, session, begin - timedelta(minutes=10))
        visit.start(house, session, begin)
        for minute, systolic, cadss6 in ((10, "150", "9"), (25, "160", "13")):
            vital = {"systolic": systolic, "diastolic": "80", "pulse_rate": "80", "respiratory_rate": "14", "spo2": "98"}
            bedside.observe(session, vital, {"cadss6": cadss6, "moaas": "5"}, by=house.nurse, now=begin + timedelta(minutes=minute))
        infusion.finish(session, "infusion_completed", by=house.nurse, now=begin + timedelta(minutes=40))
        done = visit.recover(house, session, begin + timedelta(minutes=40))
        sessions.sign_discharge(session, by=house.nurse, now=done)
    page = desk.browser.get(desk.url)
    assert "this patient, from earlier visits" in text_of(page) and 'class="wd-fc-own"' in page.content.decode()
    assert "By the visit 7 days ago, this patient's pressure rises more than typical." in text_of(page)
    assert "in this patient, from earlier visits:" in text_of(desk.browser.post(desk.url, desk.opened() | ASK))
